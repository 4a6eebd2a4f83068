import { binomialCdf } from './quantiles.ts';
import { environmentShares, type Sample, valuesOf } from './samples.ts';
import type { Spread } from './spread.ts';
import { betweenBound } from './statistics.ts';

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
  const ordered = weighed(sample);
  return ordered.length === 0 || effectiveCount(ordered) < enoughFor(p) - rounding ? null : quantileOf(ordered, p);
}

/** A percentile that is named, with its interval. */
export function percentileEstimate(
  sample: Sample,
  p: number,
  spread: Spread | undefined,
  confidence = 0.95,
): PercentileEstimate | null {
  const estimate = percentile(sample, p);
  return estimate === null ? null : { estimate, ...percentileBounds(sample, p, spread, confidence) };
}

/**
 * Bounds of a percentile, also of one that too few values reach beyond to name it. Two parts, added in quadrature on the
 * logarithmic scale (Zou and Donner 2008, MOVER): two order statistics, free of any assumption on the distribution (David
 * and Nagaraja 2003, §7.1; of strata by the number of values that would know as much, see `independentCount`), and what
 * environments as clusters add to as many independent values, by the run's spread of their means (t): a slower host is taken
 * to stretch the whole distribution. `spread` absent: values are taken as independent.
 *
 * Where it fails: with two environments a configuration, few configurations and hosts that differ by far more than is
 * believed (8 % where 3 % are) the spread is learned too late (`npm run bench:statistics`); a host that makes only some
 * calls slower moves a high percentile by more than its mean.
 */
export function percentileBounds(
  sample: Sample,
  p: number,
  spread: Spread | undefined,
  confidence = 0.95,
): Pick<PercentileEstimate, 'low' | 'high'> {
  const ordered = weighed(sample);
  if (ordered.length === 0) return { low: null, high: null };
  const count = Math.max(1, Math.floor(independentCount(sample, ordered, p) + rounding));
  const tail = (1 - confidence) / 2;
  // The k-th smallest of n independent values lies above the percentile with probability P(B < k), B binomial(n, p).
  const below = (k: number) => binomialCdf(k - 1, count, p);
  const [lowest, highest] = [
    firstWhere(count, (k) => below(k) > tail) - 1,
    firstWhere(count, (k) => below(k) >= 1 - tail),
  ];
  const low = lowest < 1 ? null : valueAt(ordered, lowest / count);
  // However few values of one stratum know it: a percentile that so few calls in all cannot bound is not bounded.
  const isBounded = 1 - p ** Math.floor(effectiveCount(ordered) + rounding) >= 1 - tail;
  const high = highest > count || !isBounded ? null : valueAt(ordered, highest / count);
  if (spread === undefined) return { low, high };
  const between = cautious * betweenBound(environmentShares(sample), spread, confidence);
  const value = quantileOf(ordered, p);
  const away = (bound: number) => Math.exp(Math.hypot(Math.log(bound / value), between));
  if (!(value > 0)) return { low, high };
  return {
    low: low === null ? null : low > 0 ? value / away(low) : 0,
    high: high === null ? null : value * away(high),
  };
}

/**
 * A percentile that is promised is to hold where hosts differ by more than is believed, too: at a spread of 8 % on x86_64 91.7 %
 * of medians were inside without it, and 5.3 % of limits falsely called kept (`npm run bench:statistics`).
 */
const cautious = 1.2;

interface Weighed {
  readonly value: number;
  /** Of all: they add up to 1. */
  readonly share: number;
}

/** In ascending order. */
function weighed(sample: Sample): readonly Weighed[] {
  const totalWeight = sample.reduce((sum, stratum) => sum + stratum.weight, 0);
  return sample
    .flatMap((stratum) => {
      const values = valuesOf(stratum);
      return values.map((value) => ({ value, share: stratum.weight / totalWeight / values.length }));
    })
    .sort((one, other) => one.value - other.value);
}

/** How many values of equal weight tell as much (Kish 1965). */
function effectiveCount(ordered: readonly Weighed[]): number {
  return 1 / ordered.reduce((sum, { share }) => sum + share ** 2, 0);
}

/**
 * How many values of one stratum would know the percentile as well. Calls are dealt to strata, so that only what each stratum has
 * below the percentile is a matter of chance, by its own binomial: where payloads differ by far more than their calls scatter, that is
 * one stratum alone (Woodruff 1952; as a number of values: Korn and Graubard 1998). The shares are drawn towards a half by one value
 * (Jeffreys), for a stratum that happened to have none on one side of the percentile is not known to have none, unless it lies
 * far from it. One stratum: their number. Where it fails: with few values a stratum the steps are coarse, and up to 9 % of truths lie
 * below a lower bound that promises 5 (`npm run bench:statistics`, "p95 of weighted payloads").
 */
function independentCount(sample: Sample, ordered: readonly Weighed[], p: number): number {
  if (sample.length === 1) return ordered.length;
  const totalWeight = sample.reduce((sum, { weight }) => sum + weight, 0);
  const at = quantileOf(ordered, p);
  const near = sample.filter((stratum) => !isFarFrom(at, valuesOf(stratum)));
  const variance = (near.length > 0 ? near : sample).reduce((sum, stratum) => {
    const values = valuesOf(stratum);
    const below = values.reduce((found, value) => found + (value < at ? 1 : value === at ? 0.5 : 0), 0);
    const share = (below + 0.5) / (values.length + 1);
    return sum + ((stratum.weight / totalWeight) ** 2 * share * (1 - share)) / values.length;
  }, 0);
  return (p * (1 - p)) / variance;
}

/** All values on one side, further away than they lie apart from each other. */
function isFarFrom(at: number, values: readonly number[]): boolean {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const range = highest - lowest;
  return values.length >= fewestFar && (at > highest + range || at < lowest - range);
}

/** Fewer values hardly show how far apart they lie: four normal ones do to within a half (same bench). */
const fewestFar = 4;

/** The first of 1 … count for which it holds, and then for all; count + 1 where for none. */
function firstWhere(count: number, holds: (k: number) => boolean): number {
  let [from, to] = [1, count + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function quantileOf(ordered: readonly Weighed[], p: number): number {
  let reached = 0;
  for (const [index, { value, share }] of ordered.entries()) {
    reached += share;
    if (reached > p + rounding) return value;
    if (reached >= p - rounding) return (value + (ordered[index + 1]?.value ?? value)) / 2;
  }
  return ordered.at(-1)?.value ?? Number.NaN;
}

function valueAt(ordered: readonly Weighed[], share: number): number | null {
  let reached = 0;
  for (const { value, share: own } of ordered) {
    reached += own;
    if (reached >= share - rounding) return value;
  }
  return ordered.at(-1)?.value ?? null;
}

/** How many values a percentile needs before it is named. */
function enoughFor(p: number): number {
  return 1 / (1 - p);
}

/** Sums of shares such as 1/20 miss their goal by some units in the last place. */
const rounding = 1e-9;
