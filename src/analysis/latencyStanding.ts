import { mean } from '../stats/moments.ts';
import { binomialCdf } from '../stats/quantiles.ts';
import { type Sample, valuesOf } from '../stats/samples.ts';
import type { MeasuredLane } from './measuredLane.ts';
import { responseMs } from './responseTime.ts';
import { successesOf } from './rows.ts';
import { type PayloadShare, type Succeeded, sampleBy, weightedMean } from './summarize.ts';

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

/** Sums of shares such as 1/20 miss their goal by some units in the last place. */
const rounding = 1e-9;

/** How many calls of equal weight tell as much (Kish 1965). */
function effectiveCount(sample: Sample): number {
  const total = sample.reduce((sum, { weight }) => sum + weight, 0);
  return 1 / sample.reduce((sum, stratum) => sum + (stratum.weight / total) ** 2 / valuesOf(stratum).length, 0);
}

/**
 * Judged by the share of calls beyond the limit, which must not pass one in twenty: exact binomial tests, so no shape of
 * the tail is assumed (the same as asking on which side of the limit an order statistic bounds the percentile). Of n calls
 * none beyond it proves the limit from n = 59 on; two of the first five disprove it. Cold starts count with their share;
 * what warm calls may still exceed is what they leave. Payloads count by weight, with unequal weights as fewer calls.
 */
export function latencyStandingOf(
  measured: Pick<MeasuredLane, 'configuration' | 'measurements'>,
  { maxP95Ms, coldShare = 0, payloads = [] }: LatencyQuestion,
): LatencyStanding {
  if (maxP95Ms === undefined) return 'kept';
  const { warm, cold } = successesOf(measured);
  const isBeyond = (call: Succeeded) => (responseMs(call) > maxP95Ms ? 1 : 0);
  const coldBeyond = cold.length === 0 ? 0 : coldShare * mean(cold.map(isBeyond));
  const allowed = (allowedShare - coldBeyond) / (1 - coldShare);
  if (!(allowed > 0)) return cold.length >= 2 ? 'broken' : 'undecided';
  if (warm.length === 0) return 'undecided';
  const sample = sampleBy(warm, isBeyond, payloads);
  const effective = effectiveCount(sample);
  const [count, over] = [Math.floor(effective + rounding), weightedMean(sample) * effective];
  const most = Math.ceil(over - rounding);
  if (most > 0 && 1 - binomialCdf(Math.floor(over + rounding) - 1, count, allowed) < doubt) return 'broken';
  return binomialCdf(most, count, allowed) < doubt ? 'kept' : 'undecided';
}
