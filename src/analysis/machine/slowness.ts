import { mean, median } from '../../stats/moments.ts';
import type { MeasuredPair } from '../../stats/segmentedSlope.ts';

/** What the reference loop took during one call, one standard error of its logarithm, and what the call itself was on the CPU. */
export interface TimedCall {
  readonly referenceMs: number;
  readonly error?: number | undefined;
  readonly cpuMs: number;
}

/**
 * By groups of calls that do the same, x: how slow the core was during each, the logarithm of how much longer than at the calm level the
 * reference took, 0 or more; y: the logarithm of the time on the CPU.
 *
 * What the reference took is known with an error, the more so the shorter the call. What is likely is nearer to the middle of its
 * group, by the share that errors have in how far the calls scatter (regression calibration: R. J. Carroll and L. A. Stefanski, 1990).
 */
export function slownessPairs(
  groups: readonly (readonly TimedCall[])[],
  calmMs: number,
): readonly (readonly MeasuredPair[])[] {
  const spread = spreadWithin(groups);
  return groups.map((calls) => {
    const seen = calls.map(({ referenceMs }) => Math.log(referenceMs / calmMs));
    const errors = squaredErrors(calls);
    const middle = mean(seen);
    const kept = errors === 0 ? 1 : spread / (spread + errors);
    return calls.map(({ cpuMs }, index) => ({
      x: Math.max(0, middle + kept * ((seen[index] ?? middle) - middle)),
      y: Math.log(Math.max(cpuMs, leastMs)),
    }));
  });
}

/** What the endpoint rounds to. */
const leastMs = 0.01;

/** Of the logarithm of what the reference took, within the groups, without what its errors make of it. A factor of two is far out. */
function spreadWithin(groups: readonly (readonly TimedCall[])[]): number {
  const squares = groups.flatMap((calls) => {
    const seen = calls.map(({ referenceMs }) => Math.log(referenceMs));
    const middle = median(seen);
    return seen.map((one) => Math.min(Math.LN2, Math.abs(one - middle)) ** 2);
  });
  return Math.max(0, mean(squares) - squaredErrors(groups.flat()));
}

function squaredErrors(calls: readonly TimedCall[]): number {
  return mean(calls.map(({ error = 0 }) => error ** 2));
}
