import { percentile } from '../stats/percentiles.ts';
import { binomialCdf, studentTQuantile } from '../stats/quantiles.ts';
import { type Sample, valuesOf } from '../stats/samples.ts';
import type { Spread } from '../stats/spread.ts';
import type { Ratio } from './ratio.ts';

/**
 * Percentile of `numerator` ÷ that of `denominator`. Each one's bounds lie between order statistics (no assumption on the
 * distribution; with weighted strata by the effective number of values: Woodruff 1952, Kish 1965); what environments
 * differ by is added from the run's spread; the two sides are joined on the log scale (Zou and Donner 2008, MOVER).
 * Null where a side has too few values to name the percentile.
 */
export function percentileRatio(
  numerator: Sample,
  denominator: Sample,
  p: number,
  spread: Spread,
  confidence = 0.95,
): Ratio | null {
  const above = distancesOf(numerator, p, spread, confidence);
  const below = distancesOf(denominator, p, spread, confidence);
  if (above === null || below === null) return null;
  const estimate = above.value / below.value;
  const join = (one: number | null, other: number | null) =>
    one === null || other === null ? null : Math.hypot(one, other);
  const down = join(above.down, below.up);
  const up = join(above.up, below.down);
  return {
    estimate,
    low: down === null ? null : estimate * Math.exp(-down),
    high: up === null ? null : estimate * Math.exp(up),
  };
}

/** A percentile with how far its truth may lie below and above, on the log scale. */
interface Distances {
  readonly value: number;
  readonly down: number | null;
  readonly up: number | null;
}

function distancesOf(sample: Sample, p: number, spread: Spread, confidence: number): Distances | null {
  const value = percentile(sample, p);
  if (value === null || !(value > 0)) return null;
  const ordered = weighed(sample);
  const count = Math.floor(1 / ordered.reduce((sum, { share }) => sum + share ** 2, 0) + 1e-9);
  const tail = (1 - confidence) / 2;
  let low: number | null = null;
  let high: number | null = null;
  for (let k = 1; k <= count; k += 1) {
    // The k-th smallest of n independent values lies above the percentile with probability P(B < k), B binomial(n, p).
    const above = binomialCdf(k - 1, count, p);
    if (above <= tail) low = valueAt(ordered, k / count);
    if (above >= 1 - tail && high === null) high = valueAt(ordered, k / count);
  }
  const between = studentTQuantile((1 + confidence) / 2, spread.betweenDf) * betweenError(sample, spread);
  const distance = (ratio: number | null) => (ratio === null ? null : Math.hypot(Math.log(ratio), between));
  return {
    value,
    down: distance(low === null || !(low > 0) ? null : value / low),
    up: distance(high === null ? null : high / value),
  };
}

/** Standard error on the log scale of what is common to all values of an environment. */
function betweenError(sample: Sample, spread: Spread): number {
  const totalWeight = sample.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<string, number>();
  for (const stratum of sample) {
    const count = valuesOf(stratum).length;
    for (const { environment, values } of stratum.clusters) {
      const share = ((stratum.weight / totalWeight) * values.length) / count;
      shares.set(environment, (shares.get(environment) ?? 0) + share);
    }
  }
  const squares = [...shares.values()].reduce((sum, share) => sum + share ** 2, 0);
  return Math.sqrt(squares * spread.betweenVariance);
}

interface Weighed {
  readonly value: number;
  /** Of all: they add up to 1. */
  readonly share: number;
}

function weighed(sample: Sample): Weighed[] {
  const totalWeight = sample.reduce((sum, { weight }) => sum + weight, 0);
  return sample
    .flatMap((stratum) => {
      const values = valuesOf(stratum);
      return values.map((value) => ({ value, share: stratum.weight / totalWeight / values.length }));
    })
    .sort((one, other) => one.value - other.value);
}

function valueAt(ordered: readonly Weighed[], share: number): number | null {
  let reached = 0;
  for (const { value, share: own } of ordered) {
    reached += own;
    if (reached >= share - 1e-9) return value;
  }
  return ordered.at(-1)?.value ?? null;
}
