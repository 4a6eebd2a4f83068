import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { readableRunSchema } from '../documents/savedVersions.ts';
import { type Configuration, configurationSchema, keyOf, plain } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import { measurementSchema } from '../model/measurement.ts';
import type { EarlierRun } from '../plan/continueRun.ts';
import { checkedLine, entryOf } from './checkedLine.ts';
import { processIdentitySchema } from './liveness.ts';

const formatVersion = 1;

/**
 * What is written down of a run while it measures, so that one that is cut short need not be paid twice: a line that says
 * what was asked for, then a line for every measurement.
 */
const headerSchema = z.object({
  v: z.literal(formatVersion),
  runId: z.string().min(1).max(64),
  process: processIdentitySchema,
  /** Paths among the options are relative to it. */
  cwd: z.string(),
  /** The options as they were given, without what must not be kept. */
  options: z.record(z.string(), z.unknown()),
  /** Options that were given and are not kept, because they may hold secrets: in the words of the command line. */
  omitted: z.array(z.string().max(1024)),
  /** The plan: the run as a dry run saves it. */
  planned: readableRunSchema,
});

export type RunRecordHeader = Omit<DeepReadonly<z.infer<typeof headerSchema>>, 'v'>;

const measuredSchema = z.object({
  ...configurationSchema.shape,
  measurement: measurementSchema,
  /** US$ of the run up to here; absent for what an earlier run had measured. */
  spentUsd: z.number().nonnegative().optional(),
});

export type RecordedMeasurement = DeepReadonly<Pick<z.infer<typeof measuredSchema>, 'measurement' | 'spentUsd'>> & {
  readonly configuration: Configuration;
};

export interface RunRecord {
  readonly header: RunRecordHeader;
  readonly measured: readonly RecordedMeasurement[];
  /** Lines that were damaged and not used. */
  readonly damaged: number;
}

export function headerLine(header: RunRecordHeader): string {
  return checkedLine({ v: formatVersion, ...header });
}

export function measuredLine({ configuration, measurement, spentUsd }: RecordedMeasurement): string {
  return checkedLine({ ...plain(configuration), measurement, spentUsd });
}

/** Never throws. Undefined: the first line is damaged or of another version, so nothing is known of the run. */
export function readRunRecord(text: string): RunRecord | undefined {
  const [first = '', ...rest] = text.split('\n');
  const header = headerSchema.safeParse(entryOf(first));
  if (!header.success) return undefined;
  const { v: _, ...fields } = header.data;
  const measured: RecordedMeasurement[] = [];
  let damaged = 0;
  for (const each of rest) {
    if (each === '') continue;
    const parsed = measuredSchema.safeParse(entryOf(each));
    if (!parsed.success) {
      damaged += 1;
      continue;
    }
    const { measurement, spentUsd } = parsed.data;
    measured.push({
      configuration: plain(parsed.data),
      measurement,
      spentUsd,
    });
  }
  return { header: fields, measured, damaged };
}

/** The record in the shape of a run that is continued. */
export function recordedRun({ header: { planned }, measured }: RunRecord): EarlierRun {
  const rows = new Map<string, { configuration: Configuration; measurements: Measurement[] }>();
  for (const { configuration, measurement } of measured) {
    const key = keyOf(configuration);
    const row = rows.get(key) ?? { configuration, measurements: [] };
    row.measurements.push(measurement);
    rows.set(key, row);
  }
  const { runId, startedAt, backend, emulation, target, costModel, options } = planned;
  return {
    runId,
    startedAt,
    finishedAt: measured.at(-1)?.measurement.startedAt ?? startedAt,
    backend,
    emulation,
    target,
    costModel,
    options,
    configurations: [...rows.values()].map(({ configuration, measurements }) => ({ ...configuration, measurements })),
  };
}
