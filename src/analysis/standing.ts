import type { Measurement } from '../model/measurement.ts';
import type { ConfigurationResult } from '../model/run.ts';
import { formatGivenShare } from '../text/format.ts';
import { numberOf } from '../text/numberOf.ts';
import { errorText, infeasibilityOf } from './feasibility.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import { isSucceeded, type PayloadShare } from './summarize.ts';

/** Whether a configuration may be judged, and why not. A reason may quote the function: escape where shown. */
export type Standing = Pick<ConfigurationResult, 'status' | 'reason'>;

export function standingOf(lane: MeasuredLane, { maxErrorShare, payloads }: AnalysisInput): Standing {
  const { measurements, stopped, configuration } = lane;
  const answered = inOrderOfTime(measurements.filter(({ outcome }) => outcome !== 'unreported'));
  const succeeded = answered.filter(isSucceeded);
  if (answered.length === 0) return unanswered(lane);
  if (succeeded.length === 0) {
    const reason = infeasibilityOf(answered, configuration);
    if (reason !== undefined) return { status: 'infeasible', reason };
    if (stopped?.kind === 'infeasible') return { status: 'infeasible', reason: stopped.reason };
    return { status: 'disqualified', reason: `every call failed: ${firstFailure(answered)}` };
  }
  const failing = payloads.find(({ name }) => {
    const own = answered.filter(({ payload }) => payload === name);
    return own.length > 0 && !own.some(isSucceeded);
  });
  if (failing !== undefined && payloads.length > 1) {
    const own = answered.filter(({ payload }) => payload === failing.name);
    return { status: 'disqualified', reason: `payload ${failing.name} never succeeded: ${firstFailure(own)}` };
  }
  const share = failureShare(answered, payloads);
  if (share > maxErrorShare) {
    const percent = formatGivenShare(share);
    return { status: 'disqualified', reason: `${percent} of the calls failed: ${firstFailure(answered)}` };
  }
  return { status: 'measured', reason: stopped?.reason };
}

function unanswered({ measurements, stopped }: MeasuredLane): Standing {
  if (stopped !== undefined) return { status: stopped.kind, reason: stopped.reason };
  if (measurements.length === 0) return { status: 'unmeasured', reason: 'it was not called' };
  const hooked = measurements.find((one) => one.outcome === 'unreported' && one.hook !== undefined);
  if (hooked?.outcome === 'unreported') return { status: 'unmeasured', reason: hooked.reason };
  return { status: 'unmeasured', reason: `no REPORT was found for any of ${numberOf(measurements.length, 'call')}` };
}

/** Share of the answered calls that failed in any way, payloads by weight. */
export function failureShare(answered: readonly Measurement[], payloads: readonly PayloadShare[]): number {
  const shareOf = (calls: readonly Measurement[]) => calls.filter((call) => !isSucceeded(call)).length / calls.length;
  const strata = payloads.flatMap(({ name, weight }) => {
    const calls = answered.filter(({ payload }) => payload === name);
    return calls.length === 0 ? [] : [{ weight, share: shareOf(calls) }];
  });
  if (payloads.length < 2 || strata.length === 0) return shareOf(answered);
  const totalWeight = strata.reduce((sum, { weight }) => sum + weight, 0);
  return strata.reduce((sum, { weight, share }) => sum + (weight / totalWeight) * share, 0);
}

function firstFailure(answered: readonly Measurement[]): string {
  for (const measurement of answered) {
    if (measurement.outcome === 'outOfMemory') return 'out of memory';
    if (measurement.outcome === 'timedOut') return 'timed out';
    if (measurement.outcome === 'functionError') return errorText(measurement);
  }
  return 'unknown error';
}

/** In the order in which they were made. Each time is read once: a report of many thousand calls would wait for it. */
export function inOrderOfTime<T extends Measurement>(measurements: readonly T[]): readonly T[] {
  return measurements
    .map((measurement) => ({ measurement, atMs: Date.parse(measurement.startedAt) }))
    .sort((one, other) => one.atMs - other.atMs || (one.measurement.requestId < other.measurement.requestId ? -1 : 1))
    .map(({ measurement }) => measurement);
}
