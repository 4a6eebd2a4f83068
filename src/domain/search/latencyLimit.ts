import { binomialCdf } from '../quantiles.ts';
import { type Estimate, keyOf, successesOf } from './estimate.ts';
import type { Effort, Measured, SearchOptions } from './options.ts';
import { responseMs } from './question.ts';
import type { Wanted } from './wanted.ts';

/** Whether a size keeps `maxP95Ms`. */
export type LatencyStanding = 'kept' | 'broken' | 'undecided';

/** Calls beyond the limit that a size may have at most, and how sure a verdict is. */
const allowedShare = 0.05;
const doubt = 0.05;

/**
 * Judged by the share of calls beyond the limit, which must not pass one in twenty: exact binomial tests, so no shape of
 * the tail is assumed. Of n calls none beyond it proves the limit from n = 59 on; two of the first five disprove it.
 * Cold starts count with their share; what warm calls may still exceed is what they leave.
 */
export function latencyStandingOf(
  measured: Measured,
  { maxP95Ms, coldShare = 0 }: Pick<SearchOptions, 'maxP95Ms' | 'coldShare'>,
): LatencyStanding {
  if (maxP95Ms === undefined) return 'kept';
  const { warm, cold } = successesOf(measured);
  const beyond = (calls: typeof warm) => calls.filter((call) => responseMs(call) > maxP95Ms).length;
  const coldBeyond = cold.length === 0 ? 0 : (coldShare * beyond(cold)) / cold.length;
  const allowed = (allowedShare - coldBeyond) / (1 - coldShare);
  if (allowed <= 0) return cold.length >= 2 ? 'broken' : 'undecided';
  const [count, over] = [warm.length, beyond(warm)];
  if (1 - binomialCdf(over - 1, count, allowed) < doubt && over > 0) return 'broken';
  return count > 0 && binomialCdf(over, count, allowed) < doubt ? 'kept' : 'undecided';
}

/** Estimates of the sizes that may be chosen. */
export function keepingLimit(
  estimates: readonly Estimate[],
  measured: readonly Measured[],
  options: SearchOptions,
): readonly Estimate[] {
  const broken = new Set(
    measured.flatMap((one) => (latencyStandingOf(one, options) === 'broken' ? [keyOf(one.configuration)] : [])),
  );
  return estimates.filter(({ configuration }) => !broken.has(keyOf(configuration)));
}

/** More calls of the winner while its limit is undecided: the question is about it alone. */
export function checkLimit(
  best: Estimate,
  measured: readonly Measured[],
  options: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  const known = measured.find((one) => keyOf(one.configuration) === keyOf(best.configuration));
  if (known === undefined || latencyStandingOf(known, options) !== 'undecided') return [];
  if (best.count >= effort.capBest || known.measurements.length >= 2 * effort.capBest) return [];
  return [{ configuration: best.configuration, calls: Math.max(4, Math.floor(best.count / 4)), newEnvironment: false }];
}
