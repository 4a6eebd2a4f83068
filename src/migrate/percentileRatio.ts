import { percentileEstimate } from '../stats/percentiles.ts';
import type { Sample } from '../stats/samples.ts';
import type { Spread } from '../stats/spread.ts';
import type { PercentileRatio } from './ratio.ts';

/** Values of one side, and how they scatter. */
interface Scattered {
  readonly sample: Sample;
  readonly spread: Spread;
}

/**
 * Percentile of `numerator` ÷ that of `denominator`: the bounds of both (`percentileBounds`), joined on the log scale (Zou
 * and Donner 2008, MOVER). Null where a side has too few values to name the percentile.
 */
export function percentileRatio(
  numerator: Scattered,
  denominator: Scattered,
  p: number,
  confidence = 0.95,
): PercentileRatio | null {
  const above = percentileEstimate(numerator.sample, p, numerator.spread, confidence);
  const below = percentileEstimate(denominator.sample, p, denominator.spread, confidence);
  if (above === null || below === null || !(above.estimate > 0) || !(below.estimate > 0)) return null;
  const estimate = above.estimate / below.estimate;
  const down = joined(distance(above.estimate, above.low), distance(below.estimate, below.high));
  const up = joined(distance(above.estimate, above.high), distance(below.estimate, below.low));
  return {
    estimate,
    low: down === null ? null : estimate * Math.exp(-down),
    high: up === null ? null : estimate * Math.exp(up),
  };
}

function distance(estimate: number, bound: number | null): number | null {
  return bound === null || !(bound > 0) ? null : Math.abs(Math.log(bound / estimate));
}

function joined(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.hypot(one, other);
}
