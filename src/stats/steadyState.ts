import { mean, median, sorted, squaredDeviations } from './moments.ts';

/**
 * Where the first values of environments are higher than their later ones (code is compiled while it is used: Java, .NET,
 * Node), and from which value on they no longer fall. Numbers only: one series is what one environment gave, in order.
 *
 * Whether they fall is asked of all series of a run together, because a few calls of one size cannot tell: Kendall's (1938)
 * sum of concordant pairs inside each series, added up over the series (van Belle and Hughes 1984), so that what one
 * environment adds to all of its calls is in none of it. Neighbours that are alike make such a sum scatter more; its variance is
 * raised by their correlation (Yue and Wang 2004: ranks without their trend). From where on a configuration is steady is
 * then its own: the cut that leaves the mean of the rest with the least standard error (MSER, White 1997), at most in the
 * middle. Where it fails: a machine that gets faster over the whole run looks alike, and steps later than the middle of
 * what was measured are not seen. The thresholds
 * below were chosen by `npm run bench:statistics` ("Steady state"): at most 2 % of runs without a fall are taken to have one.
 */

export type Series = readonly number[];

/** Shorter ones have too few pairs: three values are in order by chance in one of six. */
const shortest = 4;

/** Standard errors of the sum of pairs, and the fall from the first to the last third, from which on it is believed. */
const believedAt = 2.7;
const leastFall = 1.08;

/**
 * The same where it is expected anyway: then the doubt is on the other side, and each size is asked by itself as well (analysis/steady.ts). The recorded
 * function `java-jar-snapstart` falls at 512 MB and not at 128 and 256, where calls wait for their slice of CPU: all sizes together hid
 * that, and its best one was named in 89 % of races instead of 96 (`npm run bench:search -- --in-order`).
 */
const expectedAt = 1.65;
const leastExpectedFall = 1.05;

export function fallsAtFirst(all: readonly Series[], isExpected = false): boolean {
  const series = all.filter(({ length }) => length >= shortest);
  if (series.length === 0) return false;
  const [at, fall] = isExpected ? [expectedAt, leastExpectedFall] : [believedAt, leastFall];
  // The fall first: it is the quicker of the two to tell, and most runs have none.
  return fallOf(series) >= fall && trendOf(series) <= -at;
}

export interface SteadyPart {
  /** So many values of each series come before it. */
  readonly after: number;
  /** False: the values still fall at the end, or too few are left to tell. */
  readonly isReached: boolean;
}

/** Fewer values do not show that they have ceased to fall (same bench, columns "not steady"). */
const fewestSteady = 8;

/** Standard errors from which on the rest still falls, and where it is expected. */
const stillFallsAt = 2.3;
const expectedStillAt = 1.65;

/** Of one configuration of a run whose values fall at first. */
export function steadyPartOf(series: readonly Series[], isExpected = false): SteadyPart {
  const longest = Math.max(0, ...series.map(({ length }) => length));
  let after = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= longest / 2; cut += 1) {
    const error = squaredErrorAfter(series, cut);
    if (error === undefined) break;
    // Of cuts that are as good the first keeps most.
    if (error >= least * 0.999) continue;
    least = error;
    after = cut;
  }
  const rest = series.map((values) => values.slice(after)).filter(({ length }) => length >= shortest);
  const left = rest.reduce((sum, { length }) => sum + length, 0);
  const still = isExpected ? expectedStillAt : stillFallsAt;
  const isReached = left >= fewestSteady && (trendOf(rest) > -still || fallOf(rest) < leastFall);
  // While they fall, the later half is the nearest to where they end.
  return { after: isReached ? after : Math.max(after, Math.floor(longest / 2)), isReached };
}

/**
 * Squared deviations from each series' own mean behind the cut, over the squared number of values. Of logarithms, so that
 * a pause of the compiler or of the host weighs less.
 */

function squaredErrorAfter(series: readonly Series[], cut: number): number | undefined {
  let squares = 0;
  let count = 0;
  for (const values of series) {
    const rest = values.slice(cut);
    if (rest.length === 0) continue;
    count += rest.length;
    squares += squaredDeviations(rest.map((value) => Math.log(Math.max(value, 1e-9))));
  }
  return count < 3 ? undefined : squares / count ** 2;
}

/** Sum of the pairs' signs over its standard error: below 0 where later values are lower. */
function trendOf(series: readonly Series[]): number {
  let sum = 0;
  let variance = 0;
  let products = 0;
  let squares = 0;
  for (const values of series) {
    const n = values.length;
    for (let later = 1; later < n; later += 1) {
      for (let first = 0; first < later; first += 1) sum += Math.sign((values[later] ?? 0) - (values[first] ?? 0));
    }
    const ranks = ranksOf(values);
    variance += ((n * (n - 1) * (2 * n + 5)) / 18) * shareOfDistinct(ranks);
    const rests = detrended(ranks);
    for (const [index, rest] of rests.entries()) {
      squares += rest ** 2;
      products += rest * (rests[index + 1] ?? 0);
    }
  }
  if (variance === 0) return 0;
  const values = series.reduce((total, { length }) => total + length, 0);
  // A straight line that was fitted to n values makes their rests look less alike, by about this.
  const lag1 = squares === 0 ? 0 : Math.min(0.9, products / squares + (2 * series.length) / values);
  const alike = lag1 > 0 ? (1 + lag1) / (1 - lag1) : 1;
  return sum / Math.sqrt(variance * alike);
}

function ranksOf(values: Series): number[] {
  const order = sorted(values);
  return values.map((value) => (order.indexOf(value) + order.lastIndexOf(value)) / 2);
}

/** Equal values make pairs without a sign: their part of the variance of ranks. */
function shareOfDistinct(ranks: readonly number[]): number {
  const n = ranks.length;
  const centre = (n - 1) / 2;
  return ranks.reduce((sum, rank) => sum + (rank - centre) ** 2, 0) / ((n * (n * n - 1)) / 12);
}

function detrended(ranks: readonly number[]): number[] {
  const centre = (ranks.length - 1) / 2;
  const slope =
    ranks.reduce((sum, rank, index) => sum + (index - centre) * (rank - centre), 0) /
    ranks.reduce((sum, _, index) => sum + (index - centre) ** 2, 0);
  return ranks.map((rank, index) => rank - centre - slope * (index - centre));
}

/** Median of the first over that of the last third, averaged over the series as a factor. */
function fallOf(series: readonly Series[]): number {
  const falls = series.flatMap((values) => {
    const third = Math.max(1, Math.floor(values.length / 3));
    const [first, last] = [median(values.slice(0, third)), median(values.slice(-third))];
    return first > 0 && last > 0 ? [Math.log(first / last)] : [];
  });
  return falls.length === 0 ? 1 : Math.exp(mean(falls));
}
