import type { CostInterval } from './result.ts';

/** How much more `from` costs than `to`, in the unit of the intervals. */
export interface CostDifference {
  readonly meanUsd: number;
  /** 95 %: the wider side of the interval. Undefined where one of the two intervals is not known. */
  readonly marginUsd?: number;
}

/**
 * The interval of a difference from two independent intervals alone (MOVER: Zou & Donner, Statistics in Medicine 27, 2008),
 * which keeps their skew. Configurations are measured in the same minutes, so shared drift makes it too wide, not too narrow.
 */
export function costDifference(from: CostInterval, to: CostInterval): CostDifference {
  const meanUsd = from.mean - to.mean;
  if (!isKnown(from) || !isKnown(to)) return { meanUsd };
  const below = Math.hypot(from.mean - from.low, to.high - to.mean);
  const above = Math.hypot(from.high - from.mean, to.mean - to.low);
  return { meanUsd, marginUsd: Math.max(below, above) };
}

/** One sample leaves the interval unknown; it is then saved as equal to the mean. */
function isKnown(interval: CostInterval): boolean {
  return interval.high > interval.low;
}
