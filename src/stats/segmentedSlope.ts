import type { FollowedRange } from '../model/measurement.ts';
import { dot, leastSquares } from './leastSquares.ts';
import { median } from './moments.ts';

/**
 * By how much y rises with x ≥ 0, both logarithms, where the slope may differ from one range of x to the next: y is a level of its
 * group's own and a line with a bend at each of `bounds`, the same one for all groups.
 *
 * Method: least squares within the groups, in which values far from the line count less (P. J. Huber, 1964), with the slopes drawn
 * towards what is likely (A. E. Hoerl and R. W. Kennard, 1970): they are around 1 and not unlike each other, and near those of earlier
 * runs where these are given. What comes out is a mean and a covariance, in which the scatter is that of the values themselves.
 * Neighbours in time are alike in both, which makes chance look like a slope: it counts by as much more (M. S. Bartlett, 1935).
 *
 * Where it fails: a cause that moves x and y alike looks like a slope; groups whose levels drift while x does are corrected for it;
 * errors of x flatten the line, so that callers bring values from which these were taken (analysis/machine/slowness.ts). Below the least
 * x that was seen there is nothing but what is likely. There is one scatter for all groups: where theirs differ by four times, nine in
 * ten lie within two standard errors instead of nineteen in twenty (test/stats/segmentedSlope.test.ts).
 *
 * The numbers are choices, judged on 121 windows of 20 to 100 calls a size of one code on a machine whose neighbours came and went
 * (docs/benchmarks.md, `npm run bench:local`).
 */
export interface SegmentedSlope {
  /** By range; none below 0. */
  readonly slopes: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** Of one group, in the order of time. */
export interface MeasuredPair {
  readonly x: number;
  readonly y: number;
}

/**
 * A core is shared with a neighbour or is not, and what the reference varies by beside that does not slow code: from 0 to 0.15 code
 * follows it by a half, from 0.15 to 0.45 by more than one to one, and hardly beyond.
 */
const bounds = [0, 0.15, 0.3, 0.45] as const;
/** A core that is more than 3.3 times as slow tells nothing of the line: by a slope of 1 no call is corrected there (analysis/machine/pace.ts). */
const farOut = 1.2;
/** Of the slopes together, and of each beside that. */
const likely = { slope: 1, together: 0.3, each: 0.6 };
/** By so much slopes of one code differ between runs, as kinds of neighbours do. */
const scatterBetweenRuns = 0.2;
/** What a range tells with a larger error is mostly what was likely before. */
const hardlyTold = 0.35;
/** As a share: nothing is known better. */
const leastScatter = 0.005;
/** With no more values than that beyond the groups' levels, what is likely is the answer. */
const leastFreedom = 4;
/** Neighbours that are more alike count as much as these: the allowance would grow without bound. */
const mostAlike = 0.97;
/** Of weights and slopes in turn: of 800 seeded samples nine further ones moved no rise by a tenth of its standard error. */
const turns = 6;
/** Huber's bound, in standard deviations: 95 % of the efficiency of least squares where values are normal. */
const farFromLine = 1.345;
/** The median of absolute deviations of normal values, as a standard deviation. */
const byMedian = 1.4826;

export function segmentedSlope(
  groups: readonly (readonly MeasuredPair[])[],
  earlier: readonly FollowedRange[] = [],
): SegmentedSlope {
  const usable = groups.map((group) => group.filter(({ x }) => x <= farOut)).filter((group) => group.length >= 2);
  const designs = usable.map((group) => group.map(({ x }) => partsOf(x)));
  const count = usable.reduce((sum, { length }) => sum + length, 0);
  const beliefs = beliefsOf(earlier);
  let fit = fitted([], [], beliefs, 1);
  if (count - usable.length <= leastFreedom) return fit;
  // With as many slopes as values nothing is left to tell the scatter by.
  const fewness = count / Math.max(1, count - usable.length - bounds.length);
  let weights = usable.map((group) => group.map(() => 1));
  let variance = fewness * leastScatter ** 2;
  for (let turn = 0; turn < turns; turn += 1) {
    const rows = usable.flatMap((group, at) => centredRows(group, designs[at] ?? [], weights[at] ?? []));
    fit = fitted(rows, weights.flat(), beliefs, variance);
    const { slopes } = fit;
    const rest = rows.map(({ parts, y }) => y - dot(parts, slopes));
    const scatter = Math.max(leastScatter, byMedian * median(rest.map(Math.abs)));
    const far = farFromLine * scatter;
    const all = rest.map((value) => (Math.abs(value) <= far ? 1 : far / Math.abs(value)));
    weights = inGroups(all, usable);
    const xs = inGroups(
      rows.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)),
      usable,
    );
    const alike = Math.min(mostAlike, Math.max(0, likeness(xs) * likeness(inGroups(rest, usable))));
    variance = (fewness * scatter ** 2 * (1 + alike)) / (1 - alike);
  }
  return fit;
}

export function riseAt({ slopes }: SegmentedSlope, x: number): number {
  return dot(slopes, partsOf(x));
}

/** One standard error. */
export function riseErrorAt({ covariance }: SegmentedSlope, x: number): number {
  const parts = partsOf(x);
  return Math.sqrt(
    dot(
      parts,
      covariance.map((line) => dot(line, parts)),
    ),
  );
}

/** Where a run tells so much of a range, it is not as earlier ones were: so many standard errors apart. */
const farFrom = 3;

export function isOtherThan(own: SegmentedSlope, earlier: readonly FollowedRange[]): boolean {
  return toldRanges(own).some(({ range, slope, error }) => {
    const before = earlier.find((one) => one.range === range);
    return (
      before !== undefined &&
      Math.abs(slope - before.slope) > farFrom * Math.hypot(error, before.error, scatterBetweenRuns)
    );
  });
}

/** What is worth keeping for later runs. */
export function toldRanges({ slopes, covariance }: SegmentedSlope): readonly FollowedRange[] {
  return slopes.flatMap((slope, range) => {
    const error = Math.sqrt(covariance[range]?.[range] ?? Number.POSITIVE_INFINITY);
    return error <= hardlyTold ? [{ range, slope, error }] : [];
  });
}

/** Of several runs, each of which may have had another kind of neighbour. */
export function together(runs: readonly (readonly FollowedRange[])[]): readonly FollowedRange[] {
  return bounds.flatMap((_, range) => {
    const own = runs.flatMap((told) => told.filter((one) => one.range === range));
    const weights = own.map(({ error }) => 1 / (error ** 2 + scatterBetweenRuns ** 2));
    const weight = weights.reduce((sum, one) => sum + one, 0);
    if (weight === 0) return [];
    const slope = own.reduce((sum, one, at) => sum + (weights[at] ?? 0) * one.slope, 0) / weight;
    return [{ range, slope, error: 1 / Math.sqrt(weight) }];
  });
}

/** How much of x lies in each range. */
function partsOf(x: number): readonly number[] {
  return bounds.map((from, at) => Math.max(0, Math.min(x, bounds[at + 1] ?? Number.POSITIVE_INFINITY) - from));
}

interface Row {
  readonly parts: readonly number[];
  readonly y: number;
}

function centredRows(
  group: readonly MeasuredPair[],
  design: readonly (readonly number[])[],
  weights: readonly number[],
): readonly Row[] {
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const middle = (values: readonly number[]): number => dot(weights, values) / weight;
  const levels = bounds.map((_, range) => middle(design.map((parts) => parts[range] ?? 0)));
  const level = middle(group.map(({ y }) => y));
  return group.map(({ y }, at) => ({
    parts: levels.map((part, range) => (design[at]?.[range] ?? 0) - part),
    y: y - level,
  }));
}

/** What is likely counts as values, too: each slope against each other one, all of them together, and what earlier runs told. */
function beliefsOf(earlier: readonly FollowedRange[]): readonly Belief[] {
  const ranges = bounds.length;
  const pairs = bounds.flatMap((_, one) =>
    bounds.slice(one + 1).map((_, step) => unit((range) => Number(range === one) - Number(range === one + 1 + step))),
  );
  return [
    ...pairs.map((parts) => ({ parts, y: 0, error: Math.sqrt(ranges) * likely.each })),
    {
      parts: unit(() => 1 / ranges),
      y: likely.slope,
      error: Math.hypot(likely.together, likely.each / Math.sqrt(ranges)),
    },
    ...earlier.map(({ range, slope, error }) => ({
      parts: unit((one) => Number(one === range)),
      y: slope,
      error: Math.hypot(error, scatterBetweenRuns),
    })),
  ];
}

interface Belief extends Row {
  readonly error: number;
}

function unit(chosen: (range: number) => number): readonly number[] {
  return bounds.map((_, range) => chosen(range));
}

/** A slope that came out below 0 is 0, and the others are what they are then. */
function fitted(
  rows: readonly Row[],
  weights: readonly number[],
  beliefs: readonly Belief[],
  variance: number,
): SegmentedSlope {
  const all = [...rows, ...beliefs];
  const fit = leastSquares(
    all.map(({ parts }) => parts),
    all.map(({ y }) => y),
    [...weights.map((weight) => weight / variance), ...beliefs.map(({ error }) => 1 / error ** 2)],
  );
  if (fit === undefined) throw new Error('What is likely tells of every range.');
  const { coefficients, inverse } = fit;
  const below = coefficients.findIndex((slope) => slope < -asGoodAsNone);
  if (below === -1) return { slopes: coefficients.map((slope) => Math.max(0, slope)), covariance: inverse };
  const none = { parts: unit((range) => Number(range === below)), y: 0, error: asGoodAsNone };
  const { slopes } = fitted(rows, weights, [...beliefs, none], variance);
  // How well they are known is another matter: a slope is no better known for having come out so.
  return { slopes, covariance: inverse };
}

/** A slope within so much of 0, of either sign, is 0. */
const asGoodAsNone = 1e-3;

function inGroups(values: readonly number[], groups: readonly (readonly unknown[])[]): number[][] {
  let from = 0;
  return groups.map(({ length }) => {
    from += length;
    return values.slice(from - length, from);
  });
}

/** Correlation of each value with the next one of its group. */
function likeness(groups: readonly (readonly number[])[]): number {
  const whole = groups.reduce((sum, group) => sum + dot(group, group), 0);
  const next = groups.reduce((sum, group) => sum + dot(group.slice(0, -1), group.slice(1)), 0);
  return whole > 0 ? next / whole : 0;
}
