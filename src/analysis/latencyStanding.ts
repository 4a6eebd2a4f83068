import { mean } from '../stats/moments.ts';
import { percentileBounds } from '../stats/percentiles.ts';
import { environmentsOf } from '../stats/samples.ts';
import type { Spread } from '../stats/spread.ts';
import type { MeasuredLane } from './measuredLane.ts';
import { responseMs } from './responseTime.ts';
import { successesOf } from './rows.ts';
import { type PayloadShare, type Succeeded, sampleBy } from './summarize.ts';

/** Whether a size keeps `maxP95Ms`. */
export type LatencyStanding = 'kept' | 'broken' | 'undecided';

interface LatencyQuestion {
  readonly maxP95Ms?: number | undefined;
  readonly coldShare?: number | undefined;
  readonly payloads?: readonly PayloadShare[];
}

/** Calls beyond the limit that a size may have at most, and how sure a verdict is. */
const allowedShare = 0.05;
const doubt = 0.05;

/** Fewer environments never prove that a limit is kept: hosts differ, and the next one may be a slower one. */
export const environmentsToKeep = 4;

/**
 * Whether the percentile of warm calls that must lie within the limit surely does, or surely does not: by its bounds, in
 * which order statistics make no assumption on the shape of the tail and environments count as clusters. Cold starts count
 * with their share; what warm calls may still exceed is what they leave. Payloads count by weight. On hosts that are alike n
 * calls none beyond it prove the limit from n = 59 on; two of the first five disprove it. `spread`: of warm durations. Where it fails: as
 * stats/percentiles.ts does; with `coldShare` the share of slow cold starts is taken as known. Four environments, and how often a limit that
 * is broken is called kept: `npm run bench:statistics` ("kept").
 */
export function latencyStandingOf(
  measured: Pick<MeasuredLane, 'configuration' | 'measurements'>,
  { maxP95Ms, coldShare = 0, payloads = [] }: LatencyQuestion,
  spread: () => Spread,
): LatencyStanding {
  if (maxP95Ms === undefined) return 'kept';
  const { warm, cold } = successesOf(measured);
  const isBeyond = (call: Succeeded) => (responseMs(call) > maxP95Ms ? 1 : 0);
  const coldBeyond = cold.length === 0 ? 0 : coldShare * mean(cold.map(isBeyond));
  const allowed = (allowedShare - coldBeyond) / (1 - coldShare);
  if (!(allowed > 0)) return cold.length >= 2 ? 'broken' : 'undecided';
  if (warm.length === 0) return 'undecided';
  if (allowed >= 1) return 'kept';
  const sample = sampleBy(warm, responseMs, payloads);
  const { low, high } = percentileBounds(sample, 1 - allowed, spread(), 1 - 2 * doubt);
  if (low !== null && low > maxP95Ms) return 'broken';
  const isKept = high !== null && high <= maxP95Ms && environmentsOf(sample) >= environmentsToKeep;
  return isKept ? 'kept' : 'undecided';
}
