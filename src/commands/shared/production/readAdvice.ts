import type { AwsClients } from '../../../aws/client/client.ts';
import { readComputeAdvice } from '../../../aws/production/computeOptimizer.ts';
import { lambdaInsightsGroup, readCpuTime } from '../../../aws/production/lambdaInsights.ts';
import { readLogGroup } from '../../../aws/production/logGroup.ts';
import type { ObservedFunction } from '../../../aws/production/observedFunction.ts';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import type { ObservedSource, SourceName } from '../../../model/production/observation.ts';
import type { Interval } from '../../../model/production/observedFigures.ts';
import type { ComputeAdvice, Downstream } from '../../../model/production/worth.ts';
import type { Announced } from '../../../observe/announced.ts';
import { cellsOf } from '../../../observe/cells.ts';
import type { ProductionEvidence } from '../../../observe/evidence.ts';
import type { Period } from '../../../observe/period.ts';
import { bytesPerGb, insightsGbUsd } from '../../../pricing/readingCost.ts';
import { readDownstream } from './readDownstream.ts';

interface Advising {
  readonly clients: AwsClients;
  readonly target: ObservedFunction;
  readonly period: Period;
  readonly evidence: Omit<ProductionEvidence, 'computeOptimizer'>;
  readonly io: Io;
  readonly announce: (reading: Announced) => void;
  /** `--xray` */
  readonly withTraces: boolean;
}

export interface AdviceOfAws {
  readonly computeOptimizer?: ComputeAdvice | undefined;
  readonly cpuMs?: Interval | undefined;
  readonly downstream?: Downstream | undefined;
  readonly sources: readonly ObservedSource[];
  readonly spentUsd: number;
}

/** What others know of the function: the time of the processor, and AWS's own recommendation. None of it is needed. */
export async function readAdvice(advising: Advising): Promise<AdviceOfAws> {
  const { clients, target, io } = advising;
  if (io.interrupted.aborted) return { sources: [], spentUsd: 0 };
  const cpu = await cpuTime(advising);
  const traced = await traces(advising, cpu?.source.costUsd ?? 0);
  const qualified =
    target.qualifier === undefined ? target.functionArn : `${target.functionArn}:${target.current.version}`;
  const advised = await looked('computeOptimizer', io.interrupted, async () => {
    const advice = await readComputeAdvice(clients, qualified, io.interrupted);
    return {
      value: advice,
      costUsd: 0,
      note: advice === undefined ? 'it has nothing to say of this function' : undefined,
    };
  });
  return {
    computeOptimizer: advised.value,
    cpuMs: cpu?.value,
    downstream: traced?.value,
    sources: [...[cpu, traced].flatMap((read) => read?.source ?? []), advised.source],
    spentUsd: (cpu?.source.costUsd ?? 0) + (traced?.source.costUsd ?? 0),
  };
}

async function cpuTime({ clients, target, period, evidence, io, announce }: Advising) {
  if (!target.hasLambdaInsights) return undefined;
  return looked('lambdaInsights', io.interrupted, async (): Promise<Found<Interval>> => {
    const group = await readLogGroup(clients, lambdaInsightsGroup, io.interrupted);
    // One busy stretch: the mean of many calls is soon known well enough.
    const busiest = cellsOf(period, evidence.metrics, group).reduce((best, one) =>
      one.calls > best.calls ? one : best,
    );
    const expectedUsd =
      ((group?.storedBytes ?? 0) / bytesPerGb) *
      insightsGbUsd *
      ((busiest.toMs - busiest.fromMs) / (period.toMs - period.fromMs));
    const { capUsd, spentUsd } = evidence.spend;
    if (spentUsd + expectedUsd > capUsd) return { costUsd: 0, note: 'it does not fit under the cap' };
    announce({ kind: 'cpuTime', usd: expectedUsd });
    const { cpuMs, bytesScanned } = await readCpuTime(clients, target.functionName, busiest, io, io.interrupted);
    return {
      value: cpuMs,
      costUsd: (bytesScanned / bytesPerGb) * insightsGbUsd,
      note: cpuMs === undefined ? 'too few calls of the function are in it' : undefined,
    };
  });
}

async function traces(advising: Advising, alreadyUsd: number) {
  const { clients, period, evidence, target, io } = advising;
  if (!advising.withTraces) return undefined;
  return looked('xray', io.interrupted, async (): Promise<Found<Downstream>> => {
    const group = await readLogGroup(clients, target.logGroup, io.interrupted).catch(() => undefined);
    const { capUsd, spentUsd } = evidence.spend;
    // How many traces a moment may have is known by the counts alone.
    if (evidence.metrics === undefined)
      return { costUsd: 0, note: 'without counts of CloudWatch its cost has no bound' };
    return readDownstream(advising, cellsOf(period, evidence.metrics, group), capUsd - spentUsd - alreadyUsd);
  });
}

interface Found<T> {
  readonly value?: T | undefined;
  readonly costUsd: number;
  readonly note?: string | undefined;
}

async function looked<T>(
  source: SourceName,
  signal: AbortSignal,
  look: () => Promise<Found<T>>,
): Promise<{ readonly value?: T | undefined; readonly source: ObservedSource }> {
  try {
    const { value, costUsd, note } = await look();
    return { value, source: { source, status: value === undefined ? 'unusable' : 'read', costUsd, note } };
  } catch (error) {
    if (signal.aborted) return { source: { source, status: 'unusable', costUsd: 0, note: 'interrupted' } };
    if (!(error instanceof TuneError)) throw error;
    const status = error.code === 'ACCESS_DENIED' ? 'denied' : 'unusable';
    return { source: { source, status, costUsd: 0, note: error.message } };
  }
}
