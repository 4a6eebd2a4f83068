import { mean, median } from './moments.ts';

/** Of one group, in the order of time. */
export interface MeasuredPair {
  readonly x: number;
  readonly y: number;
  /** One standard error of x. */
  readonly error?: number | undefined;
}

export interface Slope {
  readonly slope: number;
  /** One standard error. Infinite where there is too little to tell. */
  readonly error: number;
  /** Variance of x within the groups, without that of its errors. */
  readonly spread: number;
}

/**
 * Beyond what a run can tell of the slope of its code, as kinds of neighbours differ: those of 112 windows of 20 to 60 calls a size of one
 * code scattered by 0.07 to 0.10 beyond their errors.
 */
export const scatterBetweenRuns = 0.08;

const untold: Slope = { slope: 0, error: Number.POSITIVE_INFINITY, spread: 0 };

/**
 * By how much y follows x, both logarithms, within groups that each have a level of their own: one slope for all of them, by
 * least squares in which values far from the line count less (P. J. Huber, 1964), and nothing counts beyond a factor of two in x.
 * Errors in x make a slope look flatter than it is; where they are known, their share of the squares is left out (W. A. Fuller,
 * 1987), and where less than `leastReliable` is left after that, nothing is known. Neighbours in time are alike in both, which makes
 * chance look like a slope: the standard error allows for that (M. S. Bartlett, 1935). 0 where there is too little to tell.
 *
 * Where it fails: a cause that moves x and y alike looks like a slope; groups whose levels drift while x does are corrected
 * for it. `npm run bench:local` prints what it makes of busy and calm machines.
 */
export function commonSlope(groups: readonly (readonly MeasuredPair[])[]): Slope {
  const usable = groups.filter((group) => group.length >= 2);
  const xs = centred(
    usable.map((group) => group.map(({ x }) => x)),
    farOut,
  );
  const ys = centred(
    usable.map((group) => group.map(({ y }) => y)),
    2 * farOut,
  );
  const [x, y] = [xs.flat(), ys.flat()];
  const freedom = x.length - usable.length - 1;
  const squares = product(x, x);
  if (freedom < leastFreedom || !(squares > 0)) return untold;
  const errors = usable.flatMap((group) => group.map(({ error = 0 }) => error));
  const trueSquares = (weights: readonly number[]): number => {
    const all = product(weighted(x, weights), x);
    const left = all - product(weighted(errors, weights), errors);
    return left >= leastReliable * all ? left : 0;
  };
  let weights = x.map(() => 1);
  let slope = product(x, y) / trueSquares(weights);
  for (let turn = 0; turn < turns; turn += 1) {
    weights = huberWeights(y.map((value, index) => value - slope * (x[index] ?? 0)));
    slope = product(weighted(x, weights), y) / trueSquares(weights);
  }
  const rest = y.map((value, index) => value - slope * (x[index] ?? 0));
  const alike = Math.min(mostAlike, Math.max(0, likeness(xs) * likeness(inGroups(rest, xs))));
  const variance = product(weighted(rest, weights), rest) / freedom / trueSquares(weights);
  const error = Math.sqrt(variance * ((1 + alike) / (1 - alike)));
  if (!Number.isFinite(error)) return untold;
  const spread = Math.max(0, squares - product(errors, errors)) / x.length;
  return { slope, error, spread };
}

/** Choices, judged by what `npm run bench:local` makes of busy loops beside calm runs: few values, or x that is hardly more than its own error, say nothing of a slope. */
const leastFreedom = 4;
const leastReliable = 0.3;
const mostAlike = 0.97;
const turns = 5;
const farOut = Math.LN2;

function centred(groups: readonly (readonly number[])[], most: number): readonly (readonly number[])[] {
  return groups.map((group) => {
    const middle = median(group);
    const within = group.map((value) => Math.min(most, Math.max(-most, value - middle)));
    const level = mean(within);
    return within.map((value) => value - level);
  });
}

function huberWeights(rest: readonly number[]): number[] {
  const scale = 1.4826 * median(rest.map(Math.abs));
  return rest.map((value) => (Math.abs(value) <= 1.345 * scale ? 1 : (1.345 * scale) / Math.abs(value)));
}

function weighted(values: readonly number[], weights: readonly number[]): readonly number[] {
  return values.map((value, index) => value * (weights[index] ?? 0));
}

function inGroups(values: readonly number[], groups: readonly (readonly number[])[]): readonly (readonly number[])[] {
  let from = 0;
  return groups.map(({ length }) => {
    from += length;
    return values.slice(from - length, from);
  });
}

/** Correlation of each value with the next one of its group. */
function likeness(groups: readonly (readonly number[])[]): number {
  const whole = product(groups.flat(), groups.flat());
  const next = groups.reduce((sum, group) => sum + product(group.slice(0, -1), group.slice(1)), 0);
  return whole > 0 ? next / whole : 0;
}

function product(ones: readonly number[], others: readonly number[]): number {
  return ones.reduce((sum, one, index) => sum + one * (others[index] ?? 0), 0);
}
