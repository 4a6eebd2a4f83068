import { TuneError } from '../../../base/errors.ts';
import type { CostModel, Warning } from '../../../model/measurement.ts';
import type { ObservedSource, SourceName } from '../../../model/observation.ts';
import type { LogGroupFacts, Production, RecordSource, VersionFacts } from '../../../model/production.ts';
import type { Announced } from '../../../observe/announced.ts';
import { type ObservedCall, observedCall, type ReadWindow } from '../../../observe/calls.ts';
import { cellsOf, countedByRecords } from '../../../observe/cells.ts';
import type { Evidence, MetricsRead } from '../../../observe/evidence.ts';
import { metricQueries, metricsCostUsd, metricsRead, type Observed, rangeOf } from '../../../observe/metricPlan.ts';
import { hourMs, type Period } from '../../../observe/period.ts';
import { affordableBytes, fewCalls, readingCostUsd, samplingLimits } from '../../../observe/recordSource.ts';
import {
  type Cell,
  planSampling,
  type SamplingLimits,
  type SamplingPlan,
  type Window,
} from '../../../observe/samplingPlan.ts';
import { seededRandom } from '../../../stats/random.ts';
import { readRecords, type WindowRead } from './readRecords.ts';

export interface Question {
  readonly production: Production;
  readonly observed: Observed;
  readonly period: Period;
  readonly nowMs: number;
  readonly seed: number;
  readonly source: 'auto' | RecordSource | 'metrics';
  readonly capUsd: number;
  /** How much is read; without it what `tune observe` reads. */
  readonly limits?: Omit<SamplingLimits, 'bytes'> | undefined;
  /** Whether the pauses between calls are read, too: how long environments live. */
  readonly withPauses?: boolean | undefined;
  readonly current: VersionFacts;
  readonly versions: ReadonlyMap<string, VersionFacts>;
  /** Whose records count; undefined: all. */
  readonly countsVersion: (version: string) => boolean;
  readonly costModel: CostModel;
  readonly toolVersion: string;
  readonly named: string;
  /** Why the log holds no records: its system log level. */
  readonly recordsMissing?: string | undefined;
  readonly signal: AbortSignal;
  /** Before anything that costs something is read. */
  readonly announce: (reading: Announced) => void;
  readonly progress: (text: string) => void;
}

const idleStretches = 3;
/** Between so many calls an hour, pauses are long enough to end environments, and few enough to be read. */
const stretchCalls = { least: 5, most: 3000 } as const;

/** Reads what there is, in the order: counts, then records. A source that is denied is named, and the others go on. */
export async function readProduction(question: Question): Promise<Omit<Evidence, 'computeOptimizer'>> {
  const { production, observed, period, signal, capUsd } = question;
  const sources: ObservedSource[] = [];
  const warnings: Warning[] = [];
  const queries = metricQueries(observed, period);
  const metricsUsd = metricsCostUsd(queries);
  const countsFit = metricsUsd <= capUsd;
  if (countsFit) question.announce({ kind: 'counts', metrics: queries.length, usd: metricsUsd });
  const group = await attempt(() => production.logGroup(signal));
  const metrics = countsFit ? await attempt(() => readMetrics(question)) : { failure: undefined, value: undefined };
  if (!countsFit) sources.push(unusable('metrics', `its ${queries.length} series cost more than the cap`));
  else if (metrics.value === undefined) sources.push(failed('metrics', metrics.failure));
  else sources.push({ source: 'metrics', status: 'read', costUsd: metricsUsd });
  const counts = metrics.value;
  let spentUsd = counts === undefined ? 0 : metricsUsd;
  const cells = cellsOf(period, counts, group.value);
  let outcome: ReadOutcome = nothingRead;
  let estimatedUsd = metricsUsd;
  for (const source of sourcesFor(question, group)) {
    const usable = usableFor(source, question, group.value);
    if (usable !== undefined) {
      sources.push(unusable(source, usable));
      continue;
    }
    const plan = planSampling(
      cells,
      period,
      { ...(question.limits ?? samplingLimits), bytes: affordableBytes(source, capUsd - spentUsd) },
      seededRandom(question.seed),
    );
    if (question.source === 'auto' && source === 'events' && !fewCalls(plan) && group.failure === undefined) {
      sources.push({ source, status: 'notNeeded', costUsd: 0, note: 'its log is too large to be read call by call' });
      continue;
    }
    estimatedUsd = spentUsd + readingCostUsd(source, plan.bytes);
    question.announce({ kind: 'records', source, plan, usd: readingCostUsd(source, plan.bytes), capUsd });
    const stretches = question.withPauses === false ? [] : stretchesIn(cells, plan, counts !== undefined);
    const found = await readRecords({
      production,
      source,
      windows: plan.windows,
      leftUsd: capUsd - spentUsd,
      signal,
      progress: ({ windows, records, spentUsd: spent }) =>
        question.progress(`${windows} of ${plan.windows.length} stretches, ${records} records, $${spent.toFixed(4)}`),
    });
    spentUsd += found.spentUsd;
    const extra =
      found.endedBy === undefined && stretches.length > 0
        ? await readRecords({
            production,
            source,
            windows: stretches,
            leftUsd: capUsd - spentUsd,
            signal,
            progress: () => question.progress('pauses between calls'),
          })
        : undefined;
    spentUsd += extra?.spentUsd ?? 0;
    sources.push({
      source,
      status:
        found.read.length === 0
          ? found.failure?.code === 'ACCESS_DENIED'
            ? 'denied'
            : 'unusable'
          : found.endedBy === undefined
            ? 'read'
            : 'partly',
      costUsd: found.spentUsd + (extra?.spentUsd ?? 0),
      note: found.failure?.message ?? (plan.windows.length === 0 ? 'not a minute of it fits under the cap' : undefined),
    });
    outcome = { ...outcome, plan, windows: found.read, stretches: extra?.read ?? [], endedBy: found.endedBy };
    if (found.read.length > 0 || found.endedBy === 'interrupt') break;
  }
  const windows = outcome.windows.map((read) => asWindow(read, question));
  const isWhole = outcome.plan?.isWhole === true && outcome.endedBy === undefined;
  return {
    functionName: question.named,
    region: question.costModel.region,
    toolVersion: question.toolVersion,
    seed: question.seed,
    period,
    current: question.current,
    versions: question.versions,
    costModel: question.costModel,
    provisioned: observed.provisioned,
    metrics: counts,
    windows: counts === undefined ? countedByRecords(windows, period) : windows,
    windowsPlanned: outcome.plan?.windows.length ?? 0,
    windowS: outcome.plan?.windowS ?? 0,
    isWhole,
    endedBy: outcome.endedBy,
    stretches: [...outcome.stretches.map((read) => asWindow(read, question).calls), ...wholeRun(windows, isWhole)],
    sources,
    spend: { estimatedUsd, spentUsd, capUsd },
    warnings,
  };
}

interface ReadOutcome {
  readonly plan: SamplingPlan | undefined;
  readonly windows: readonly WindowRead[];
  readonly stretches: readonly WindowRead[];
  readonly endedBy: Evidence['endedBy'];
}

const nothingRead: ReadOutcome = { plan: undefined, windows: [], stretches: [], endedBy: undefined };

/** Everything that was read, from one end to the other, has its pauses in it. */
function wholeRun(windows: readonly ReadWindow[], isWhole: boolean): readonly (readonly ObservedCall[])[] {
  return isWhole ? [windows.flatMap(({ calls }) => calls)] : [];
}

function asWindow({ window, records }: WindowRead, question: Question): ReadWindow {
  return {
    ...window,
    calls: records
      .filter(({ version }) => question.countsVersion(version))
      .map((record) => observedCall(record, question.versions, question.current, question.costModel)),
  };
}

/** Hours with few calls, where environments have time to end. */
function stretchesIn(cells: readonly Cell[], plan: SamplingPlan, isCounted: boolean): readonly Window[] {
  if (plan.isWhole || !isCounted) return [];
  return cells
    .filter(({ fromMs, toMs, calls }) => {
      const perHour = (calls * hourMs) / (toMs - fromMs);
      return toMs - fromMs >= hourMs / 2 && perHour >= stretchCalls.least && perHour <= stretchCalls.most;
    })
    .toSorted((one, other) => one.calls - other.calls)
    .slice(0, idleStretches)
    .map((cell) => ({
      fromMs: cell.fromMs,
      toMs: cell.toMs,
      stratum: 'idle',
      standsFor: 0,
      bytes: cell.logBytes,
      expectedRecords: cell.calls,
    }));
}

function sourcesFor({ source }: Question, group: Attempt<LogGroupFacts>): readonly RecordSource[] {
  if (source === 'metrics') return [];
  if (source !== 'auto') return [source];
  // A large group takes too many calls; a group whose size nobody may see is read where the price is seen afterwards.
  return group.value === undefined ? ['insights', 'events'] : ['events', 'insights'];
}

function usableFor(
  source: RecordSource,
  { recordsMissing }: Question,
  group: LogGroupFacts | undefined,
): string | undefined {
  if (recordsMissing !== undefined) return recordsMissing;
  if (group !== undefined && !group.isStandard && source === 'events')
    return 'its log group is of the Infrequent Access class';
  return undefined;
}

async function readMetrics({ production, observed, period, nowMs, signal }: Question): Promise<MetricsRead> {
  let minutesFromMs = period.fromMs;
  const byRange = new Map<number, ReturnType<typeof metricQueries>[number][]>();
  for (const query of metricQueries(observed, period)) {
    const { fromMs } = rangeOf(query, period, nowMs);
    if (query.stepS === 60) minutesFromMs = fromMs;
    byRange.set(fromMs, [...(byRange.get(fromMs) ?? []), query]);
  }
  const found = new Map<string, ReadonlyMap<number, number>>();
  for (const [fromMs, queries] of byRange) {
    if (fromMs >= period.toMs) continue;
    for (const [id, series] of await production.metrics(queries, { fromMs, toMs: period.toMs }, signal))
      found.set(id, series);
  }
  return metricsRead(observed, found, minutesFromMs);
}

interface Attempt<T> {
  readonly value?: T | undefined;
  readonly failure?: TuneError | undefined;
}

/** What may not or cannot be read leaves the rest readable. */
async function attempt<T>(read: () => Promise<T | undefined>): Promise<Attempt<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    // Without them nothing else is readable either.
    if (!(error instanceof TuneError) || error.code === 'CREDENTIALS' || error.code === 'UNREACHABLE') throw error;
    return { failure: error };
  }
}

function failed(source: SourceName, failure: TuneError | undefined): ObservedSource {
  return {
    source,
    status: failure?.code === 'ACCESS_DENIED' ? 'denied' : 'unusable',
    costUsd: 0,
    note: failure?.message ?? 'nothing came back',
  };
}

function unusable(source: SourceName, note: string): ObservedSource {
  return { source, status: 'unusable', costUsd: 0, note };
}
