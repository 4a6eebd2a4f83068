import { sorted } from './moments.ts';
import { binomialCdf } from './quantiles.ts';
import { type Sample, valuesOf } from './samples.ts';

/** Bounds are null where so few values cannot bound the percentile on that side. */
export interface PercentileEstimate {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Percentile of a sample, strata by weight: inverse of the empirical distribution, averaged where it jumps (Hyndman and
 * Fan 1996, type 2). Null when too few values reach beyond it: p needs 1/(1 − p) of them (20 for p = 0.95), with
 * unequal weights as many in effect (Kish 1965).
 */
export function percentile(sample: Sample, p: number): number | null {
  const totalWeight = sample.reduce((sum, stratum) => sum + stratum.weight, 0);
  const weighted = sample.flatMap((stratum) => {
    const values = valuesOf(stratum);
    return values.map((value) => ({ value, weight: stratum.weight / totalWeight / values.length }));
  });
  const effectiveCount = 1 / weighted.reduce((sum, { weight }) => sum + weight ** 2, 0);
  if (weighted.length === 0 || effectiveCount < enoughFor(p) - rounding) return null;
  weighted.sort((a, b) => a.value - b.value);
  let reached = 0;
  for (const [index, { value, weight }] of weighted.entries()) {
    reached += weight;
    if (reached > p + rounding) return value;
    if (reached >= p - rounding) return (value + (weighted[index + 1]?.value ?? value)) / 2;
  }
  return weighted.at(-1)?.value ?? null;
}

/**
 * Percentile of unweighted values with the interval between two order statistics, free of any assumption on the
 * distribution (David and Nagaraja 2003, §7.1). It takes the values as independent: differences between environments
 * are not in it.
 */
export function percentileEstimate(values: readonly number[], p: number, confidence = 0.95): PercentileEstimate | null {
  const estimate = percentile(values.length === 0 ? [] : [{ weight: 1, clusters: [{ environment: '', values }] }], p);
  if (estimate === null) return null;
  const ordered = sorted(values);
  const count = ordered.length;
  const tail = (1 - confidence) / 2;
  // The k-th smallest lies above the percentile with probability P(B < k), B binomial(count, p).
  let low: number | null = null;
  let high: number | null = null;
  for (let k = 1; k <= count; k++) {
    const value = ordered[k - 1] ?? null;
    const below = binomialCdf(k - 1, count, p);
    if (below <= tail) low = value;
    if (below >= 1 - tail && high === null) high = value;
  }
  return { estimate, low, high };
}

/** How many values a percentile needs before it is named. */
function enoughFor(p: number): number {
  return 1 / (1 - p);
}

/** Sums of shares such as 1/20 miss their goal by some units in the last place. */
const rounding = 1e-9;
