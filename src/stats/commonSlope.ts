import { mean, median } from './moments.ts';

/** Of one group, in the order of time. */
export interface Pair {
  readonly x: number;
  readonly y: number;
}

/**
 * By how much y follows x within groups that each have a level of their own: one slope for all of them, by least squares on
 * what is left of both when the group's median is taken off. Values far out are pulled in (to three robust standard
 * deviations), and the slope is shrunk by what it explains: by the positive-part rule of James and Stein (1961), to nothing
 * from two standard errors down. Neighbours in time are alike in both, which makes chance look like a slope: the standard error
 * allows for that (M. S. Bartlett, 1935). 0 where there is too little to tell.
 */
export function commonSlope(groups: readonly (readonly Pair[])[]): number {
  const usable = groups.filter((group) => group.length >= 2);
  const xs = centred(usable.map((group) => group.map(({ x }) => x)));
  const ys = centred(usable.map((group) => group.map(({ y }) => y)));
  const freedom = xs.flat().length - usable.length - 1;
  const squares = product(xs.flat(), xs.flat());
  if (freedom < leastFreedom || !(squares > 0)) return 0;
  const slope = product(xs.flat(), ys.flat()) / squares;
  const rest = ys.map((group, at) => group.map((y, index) => y - slope * (xs[at]?.[index] ?? 0)));
  const alike = Math.min(mostAlike, Math.max(0, likeness(xs) * likeness(rest)));
  const variance = (product(rest.flat(), rest.flat()) / freedom / squares) * ((1 + alike) / (1 - alike));
  if (slope === 0) return 0;
  return slope * Math.max(0, 1 - (standardErrors ** 2 * variance) / slope ** 2);
}

const leastFreedom = 4;
const standardErrors = 2;
const mostAlike = 0.9;

function centred(groups: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const off = groups.map((group) => {
    const level = median(group);
    return group.map((value) => value - level);
  });
  const bound = 3 * 1.4826 * median(off.flat().map(Math.abs));
  if (!(bound > 0)) return off;
  return off.map((group) => {
    const within = group.map((value) => Math.min(bound, Math.max(-bound, value)));
    const level = mean(within);
    return within.map((value) => value - level);
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
