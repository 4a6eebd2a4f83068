import { isExpected } from '../../analysis/expectedErrors.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { processIdentity, processView } from '../../host/liveness.ts';
import { openStateDirectory, stateFoldersToRead } from '../../host/stateDirectory.ts';
import { dryRun } from '../../measure/tune.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { RunEvent } from '../../model/engine/events.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import type { Warning } from '../../model/warning.ts';
import { resolveOptions } from '../../options/options.ts';
import type { GivenOptions } from '../../options/schema.ts';
import { hookKeys } from '../../plan/hooks.ts';
import { livenessOf } from '../../state/liveness.ts';
import { removeLog } from '../../state/logFiles.ts';
import { type RunRecord, recordedRun } from '../../state/recordFormat.ts';
import {
  openRunRecord,
  type RunRecordFile,
  readRunRecords,
  recordFolder,
  removeOldRecords,
} from '../../state/runRecords.ts';
import { loadOptions } from './inputs.ts';
import type { Earlier } from './job.ts';
import { isGiven, keptOptions } from './keptOptions.ts';

/** A run that is written down while it measures. */
export interface RecordedRun {
  listen(event: RunEvent): void;
  warnings(): readonly Warning[];
  /** How the run ended: a whole one needs no record. */
  ended(result: TuningResult): void;
  /** Says how the run can be resumed, if it can. What it was itself resumed from is in this record. */
  close(): string | undefined;
}

/** Begins with what an earlier run had measured, so that a run which is resumed twice needs one record only. */
export function recordRun(
  job: TuneJob,
  options: GivenOptions,
  seed: number,
  resumed: ResumedRun | undefined,
  io: Io,
): RecordedRun {
  const folder = recordFolder(openStateDirectory(io).folder);
  removeOldRecords(folder, io.now());
  const { kept, omitted } = keptOptions(options, seed);
  const recorder = openRunRecord(folder, {
    runId: job.runId,
    process: processIdentity(io),
    cwd: io.cwd,
    options: kept,
    omitted,
    planned: dryRun(job, io.now()),
  });
  for (const { configuration, measurements } of job.continued?.lanes ?? []) {
    for (const measurement of measurements) recorder.add({ configuration, measurement });
  }
  let ended: TuningResult['ended'] | undefined;
  let measured = 0;
  return {
    listen(event) {
      if (event.kind !== 'measured') return;
      const { configuration, measurement, spentUsd } = event;
      recorder.add({ configuration, measurement, spentUsd });
      // Calls that failed or were lost are nothing to go on from: the next run would make them again.
      if (isWorthKeeping(measurement, job.allowedErrors)) measured += 1;
    },
    warnings: () => recorder.warnings(),
    ended(result) {
      ended = result.ended;
    },
    close() {
      const isWhole = ended === 'completed';
      const isKept = !isWhole && measured > 0 && recorder.warnings().length === 0;
      recorder.close(isKept);
      if (resumed !== undefined && (isKept || isWhole)) removeLog(resumed.file);
      return isKept ? `tune --resume ${job.runId}${ended === 'spendCap' ? ' --max-spend-usd <usd>' : ''}` : undefined;
    },
  };
}

function isWorthKeeping(measurement: Measurement, allowedErrors: readonly string[]): boolean {
  const { outcome } = measurement;
  if (outcome === 'functionError') return isExpected(measurement, allowedErrors);
  return outcome !== 'unreported';
}

/** A run that was cut short: its options with what is given now over them, and what it measured. */
export interface ResumedRun {
  readonly options: GivenOptions;
  readonly earlier: Earlier;
  /** Its record. */
  readonly file: string;
}

/** @throws TuneError SAVED_RUN or USAGE, saying what is missing */
export async function resumeRun(runId: string, flags: Readonly<Record<string, unknown>>, io: Io): Promise<ResumedRun> {
  if (flags.continue !== undefined) {
    throw new TuneError('USAGE', '--resume and --continue cannot be given together.', {
      hint: '--resume goes on with a run that was cut short, --continue adds to a saved one.',
    });
  }
  if (flags.runId === runId) {
    throw new TuneError(
      'USAGE',
      `A resumed run needs a name of its own: --run-id ${runId} is the one it goes on from.`,
      {
        hint: `Leave out --run-id: tune --resume ${runId}`,
      },
    );
  }
  const files = readRunRecords(stateFoldersToRead(io).map(recordFolder));
  const { file, record } = files.find((each) => each.runId === runId) ?? {};
  if (file === undefined || record === undefined) throw nothingToResume(runId, files);
  const { header } = record;
  const { process: writer } = header;
  if (livenessOf(writer, processView(io)) === 'alive') {
    throw new TuneError('USAGE', `Run ${runId} is still under way (process ${writer.pid}).`, {
      hint: 'Wait for it, or interrupt it first.',
    });
  }
  if (header.cwd !== io.cwd) {
    throw new TuneError('USAGE', `Run ${runId} was started in another folder, where its paths lead.`, {
      hint: `cd ${header.cwd} && tune --resume ${runId}`,
    });
  }
  const { config: _, ...own } = flags;
  const shown = `the record of run ${runId}`;
  const recorded = resolveOptions({ name: shown, content: header.options }, own);
  const given = await loadOptions(flags, io);
  const { env, parameter, payload, endpointUrl } = given;
  const hooks = Object.fromEntries(hookKeys.map((key) => [key, given[key] ?? recorded[key]]));
  const options = {
    ...recorded,
    ...hooks,
    env: env ?? recorded.env,
    vary: given.vary ?? recorded.vary,
    parameter: parameter ?? recorded.parameter,
    payload: payload ?? recorded.payload,
    endpointUrl: endpointUrl ?? recorded.endpointUrl,
  };
  const missing = header.omitted.filter((text) => !isGiven(text, options));
  if (missing.length > 0) {
    throw new TuneError('USAGE', `Run ${runId} was given ${missing.join(' ')}, which no file of tune keeps.`, {
      hint: `Give it again: tune --resume ${runId} ${missing.join(' ')}`,
    });
  }
  const spentUsd = record.measured.reduce((most, one) => Math.max(most, one.spentUsd ?? 0), 0);
  return {
    options: { ...options, ...capLeft(record, own, spentUsd) },
    earlier: {
      run: recordedRun(record),
      source: { shown, otherwise: 'Measure anew, without --resume.' },
      now: io.now(),
    },
    file,
  };
}

/** One cap holds for all parts of a run, unless another is given. */
function capLeft({ header }: RunRecord, flags: object, spentUsd: number): { readonly maxSpendUsd?: number } {
  const cap = header.planned.options.maxSpendUsd;
  if (cap === undefined || 'maxSpendUsd' in flags) return {};
  if (cap <= spentUsd) {
    throw new TuneError('USAGE', `Run ${header.runId} has spent its --max-spend-usd ${cap}.`, {
      hint: `Allow more for the rest: tune --resume ${header.runId} --max-spend-usd <usd>`,
    });
  }
  return { maxSpendUsd: cap - spentUsd };
}

function nothingToResume(runId: string, files: readonly RunRecordFile[]): TuneError {
  const known = files.flatMap(({ record }) => (record === undefined || record.measured.length === 0 ? [] : [record]));
  const list = known
    .slice(0, 5)
    .map(
      ({ header, measured }) => `${header.runId} (${header.planned.target.functionName}, ${measured.length} measured)`,
    );
  const isDamaged = files.some((file) => file.runId === runId);
  const what = isDamaged
    ? `The record of run "${runId}" is damaged or of another version of tune.`
    : `There is no record of a run "${runId}" that was cut short.`;
  return new TuneError('SAVED_RUN', what, {
    hint:
      list.length === 0
        ? 'No run can be resumed here. A saved run is continued with --continue run.json.'
        : `Runs that can be resumed: ${list.join(', ')}.`,
  });
}
