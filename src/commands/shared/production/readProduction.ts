import type { TuneError } from '../../../base/errors.ts';
import type { CostModel } from '../../../model/costModel.ts';
import type { ObservedSource, SourceName } from '../../../model/production/observation.ts';
import type { Production, RecordSource, VersionFacts } from '../../../model/production/production.ts';
import type { Announced } from '../../../observe/announced.ts';
import { type ObservedCall, observedCall, type ReadWindow } from '../../../observe/calls.ts';
import { cellsOf, countedByRecords } from '../../../observe/cells.ts';
import type { ProductionEvidence } from '../../../observe/evidence.ts';
import { idleStretches } from '../../../observe/idleStretches.ts';
import { metricQueries, metricsCostUsd, type Observed } from '../../../observe/metricPlan.ts';
import type { Period } from '../../../observe/period.ts';
import {
  affordableBytes,
  fewCalls,
  readingCostUsd,
  samplingLimits,
  sourcesToTry,
  unusableFor,
} from '../../../observe/recordSource.ts';
import { planSampling, type SamplingLimits, type SamplingPlan, type Window } from '../../../observe/samplingPlan.ts';
import { seededRandom } from '../../../stats/random.ts';
import { attempt } from './attempt.ts';
import { readMetrics } from './readMetrics.ts';
import { readRecords, type WindowRead } from './readRecords.ts';

export interface ProductionQuestion {
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

/** Reads what there is, in the order: counts, then records. A source that is denied is named, and the others go on. */
export async function readProduction(
  question: ProductionQuestion,
): Promise<Omit<ProductionEvidence, 'computeOptimizer'>> {
  const { production, observed, period, signal, capUsd } = question;
  const sources: ObservedSource[] = [];
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
  for (const source of sourcesToTry(question.source, group.value)) {
    const why = unusableFor(source, question.recordsMissing, group.value);
    if (why !== undefined) {
      sources.push(unusable(source, why));
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
    const stretches = question.withPauses === false ? [] : idleStretches(cells, plan, counts !== undefined);
    const { found, pauses, read } = await readFrom(source, plan, stretches, capUsd - spentUsd, question);
    spentUsd += read.costUsd;
    sources.push(read);
    outcome = { plan, windows: found.read, stretches: pauses?.read ?? [], endedBy: found.endedBy };
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
  };
}

/** The records of the stretches that were planned, and of those in which pauses are looked for. */
async function readFrom(
  source: RecordSource,
  plan: SamplingPlan,
  stretches: readonly Window[],
  leftUsd: number,
  { production, signal, progress }: ProductionQuestion,
) {
  const found = await readRecords({
    production,
    source,
    windows: plan.windows,
    leftUsd,
    signal,
    progress: ({ windows, records, spentUsd }) =>
      progress(`${windows} of ${plan.windows.length} stretches, ${records} records, $${spentUsd.toFixed(4)}`),
  });
  const pauses =
    found.endedBy === undefined && stretches.length > 0
      ? await readRecords({
          production,
          source,
          windows: stretches,
          leftUsd: leftUsd - found.spentUsd,
          signal,
          progress: () => progress('pauses between calls'),
        })
      : undefined;
  const read: ObservedSource = {
    source,
    status: statusOf(found),
    costUsd: found.spentUsd + (pauses?.spentUsd ?? 0),
    note: found.failure?.message ?? (plan.windows.length === 0 ? 'not a minute of it fits under the cap' : undefined),
  };
  return { found, pauses, read };
}

function statusOf({ read, failure, endedBy }: Awaited<ReturnType<typeof readRecords>>): ObservedSource['status'] {
  if (read.length === 0) return failure?.code === 'ACCESS_DENIED' ? 'denied' : 'unusable';
  return endedBy === undefined ? 'read' : 'partly';
}

interface ReadOutcome {
  readonly plan: SamplingPlan | undefined;
  readonly windows: readonly WindowRead[];
  readonly stretches: readonly WindowRead[];
  readonly endedBy: ProductionEvidence['endedBy'];
}

const nothingRead: ReadOutcome = { plan: undefined, windows: [], stretches: [], endedBy: undefined };

/** Everything that was read, from one end to the other, has its pauses in it. */
function wholeRun(windows: readonly ReadWindow[], isWhole: boolean): readonly (readonly ObservedCall[])[] {
  return isWhole ? [windows.flatMap(({ calls }) => calls)] : [];
}

function asWindow({ window, records }: WindowRead, question: ProductionQuestion): ReadWindow {
  return {
    ...window,
    calls: records
      .filter(({ version }) => question.countsVersion(version))
      .map((record) => observedCall(record, question.versions, question.current, question.costModel)),
  };
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
