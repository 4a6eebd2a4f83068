import { mean, median, sorted, squaredDeviations } from './moments.ts';
import { studentTQuantile } from './quantiles.ts';
import type { Cluster } from './samples.ts';
import { splitTail } from './tail.ts';

/**
 * What is odd about the values of one configuration: warnings, never verdicts, so each test is strict and names its method at its
 * function. Where they fail: with few values most oddities stay unseen, and several tests on many rows
 * warn of chance now and then. Their thresholds are choices of what is worth a sentence, and no bench chose them;
 * test/stats/series.test.ts holds what each is to see and to leave alone. Clusters hold their values in the order they were measured. */
export type Oddity =
  /** The last third differs from the first by this factor. */
  | { readonly kind: 'drift'; readonly ratio: number }
  /** Neighbours are alike: the samples are worth fewer than they are. */
  | { readonly kind: 'autocorrelation'; readonly lag1: number }
  /** The first values of an environment are this many times its later ones. */
  | { readonly kind: 'warmUp'; readonly ratio: number; readonly calls: number }
  | { readonly kind: 'bimodal'; readonly low: number; readonly high: number; readonly highShare: number }
  /** Values beyond three times the median: their share of the calls, of the mean, and how many calls would settle it. */
  | { readonly kind: 'heavyTail'; readonly shareOfCalls: number; readonly shareOfMean: number; readonly calls: number };

export function odditiesOf(clusters: readonly Cluster[]): Oddity[] {
  return [
    drift(clusters),
    autocorrelation(clusters),
    warmUp(clusters),
    bimodality(clusters),
    heavyTail(clusters),
  ].filter((oddity) => oddity !== undefined);
}

const leastShift = 0.05;

/** First against last third of each environment, relative to its mean: Welch's t at 99.9 %, and at least 5 %. */
function drift(clusters: readonly Cluster[]): Oddity | undefined {
  const first: number[] = [];
  const last: number[] = [];
  for (const values of relative(clusters)) {
    const third = Math.floor(values.length / 3);
    if (third === 0) continue;
    first.push(...values.slice(0, third));
    last.push(...values.slice(-third));
  }
  if (first.length < 4) return undefined;
  const ratio = mean(last) / mean(first);
  const squares = [first, last].map((part) => squaredDeviations(part) / (part.length - 1) / part.length);
  const variance = squares.reduce((sum, square) => sum + square, 0);
  const df = variance ** 2 / squares.reduce((sum, square) => sum + square ** 2 / (first.length - 1), 0);
  const distance = Math.abs(mean(last) - mean(first));
  if (Math.abs(ratio - 1) < leastShift) return undefined;
  if (variance > 0 && distance <= studentTQuantile(0.9995, df) * Math.sqrt(variance)) return undefined;
  return { kind: 'drift', ratio };
}

/** Correlation of neighbours inside environments; told from 0.3 and three standard errors (1/√n, Bartlett 1946) up. */
function autocorrelation(clusters: readonly Cluster[]): Oddity | undefined {
  let products = 0;
  let squares = 0;
  let pairs = 0;
  for (const values of relative(clusters)) {
    for (const [index, value] of values.entries()) {
      squares += (value - 1) ** 2;
      const next = values[index + 1];
      if (next === undefined) continue;
      products += (value - 1) * (next - 1);
      pairs += 1;
    }
  }
  if (pairs < 10 || squares === 0) return undefined;
  const lag1 = products / squares;
  return lag1 >= Math.max(0.3, 3 / Math.sqrt(pairs)) ? { kind: 'autocorrelation', lag1 } : undefined;
}

const warmUpCalls = 3;

/** Medians of the first three and the later values of each environment: told from 20 % up, in most environments alike. */
function warmUp(clusters: readonly Cluster[]): Oddity | undefined {
  const long = clusters.filter(({ values }) => values.length >= 2 * warmUpCalls);
  const ratios = long.map(({ values }) => mean(values.slice(0, warmUpCalls)) / median(values.slice(warmUpCalls)));
  if (ratios.length === 0) return undefined;
  const ratio = median(ratios);
  const slowFirst = long.filter(({ values }) => {
    const later = sorted(values.slice(warmUpCalls));
    const usual = later[Math.ceil(0.9 * later.length) - 1] ?? Number.POSITIVE_INFINITY;
    return (values[0] ?? 0) > usual;
  });
  if (!(ratio >= 1.2) || slowFirst.length * 2 <= long.length) return undefined;
  return { kind: 'warmUp', ratio, calls: warmUpCalls };
}

/** The first calls of each environment apart from its later ones, where they are clearly slower. */
export function warmUpApart(
  clusters: readonly Cluster[],
): { readonly calls: number; readonly mean: number; readonly laterMean: number } | undefined {
  if (warmUp(clusters) === undefined) return undefined;
  const long = clusters.filter(({ values }) => values.length >= 2 * warmUpCalls);
  const first = long.flatMap(({ values }) => values.slice(0, warmUpCalls));
  return {
    calls: first.length,
    mean: mean(first),
    laterMean: mean(long.flatMap(({ values }) => values.slice(warmUpCalls))),
  };
}

/** Separation of two normal classes is 2 where they begin to show; cutting one normal in halves makes 2.7. */
const clearSeparation = 5;

/**
 * Two speed classes: the split with the least scatter inside (Otsu 1979), its halves further apart than chance cuts
 * (Ashman's D, 1994), each with a tenth of the calls, one at least 10 % slower.
 */
function bimodality(clusters: readonly Cluster[]): Oddity | undefined {
  const ordered = sorted(clusters.flatMap((cluster) => cluster.values));
  const least = Math.max(3, Math.ceil(ordered.length / 10));
  if (ordered.length < 12) return undefined;
  let scatter = Number.POSITIVE_INFINITY;
  let at = 0;
  for (let cut = least; cut <= ordered.length - least; cut++) {
    const inside = squaredDeviations(ordered.slice(0, cut)) + squaredDeviations(ordered.slice(cut));
    if (inside >= scatter) continue;
    scatter = inside;
    at = cut;
  }
  const low = ordered.slice(0, at);
  const high = ordered.slice(at);
  const distance = mean(high) - mean(low);
  const spread = squaredDeviations(low) / (low.length - 1) + squaredDeviations(high) / (high.length - 1);
  if (mean(high) < 1.1 * mean(low)) return undefined;
  if (distance * Math.SQRT2 <= clearSeparation * Math.sqrt(spread)) return undefined;
  return { kind: 'bimodal', low: mean(low), high: mean(high), highShare: high.length / ordered.length };
}

/** A mean that is known within this share has settled. */
export const settled = 0.05;

/** Told when values beyond three medians make up a tenth of the mean: there trimmed averages mislead most. */
function heavyTail(clusters: readonly Cluster[]): Oddity | undefined {
  const values = clusters.flatMap((cluster) => cluster.values);
  const { jumps, median: middle } = splitTail(values);
  const excess = (jumps.reduce((sum, jump) => sum + jump, 0) * middle) / values.length;
  const shareOfMean = excess / mean(values);
  if (jumps.length === 0 || shareOfMean < 0.1) return undefined;
  // Calls for a mean known within ±5 % at 95 %, if calls go on to scatter as these did.
  const squaredCv = squaredDeviations(values) / (values.length - 1) / mean(values) ** 2;
  const calls = Math.ceil((1.96 ** 2 * squaredCv) / settled ** 2);
  return { kind: 'heavyTail', shareOfCalls: jumps.length / values.length, shareOfMean, calls };
}

/** Each environment's values divided by their mean, so that differences between environments do not look like order. */
function relative(clusters: readonly Cluster[]): number[][] {
  return clusters.flatMap(({ values }) => {
    const centre = mean(values);
    return centre > 0 ? [values.map((value) => value / centre)] : [];
  });
}
