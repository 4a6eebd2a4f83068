import { median } from './moments.ts';

/** A value beyond this multiple of its configuration's median counts as a tail event: a choice, judged by the rows below. */
const tailBeyondMedians = 3;

/**
 * Splits values into ordinary ones and tail events. A stall, a garbage collection or a slow dependency is a property of
 * the function and hits any of its sizes; ten samples of one size cannot know how often, all samples of the run can.
 * Nothing is dropped: means are taken over all values, only their scatter is described in two parts. Where it fails: code with
 * two common paths three times apart has no tail, but is taken to have one; events below three medians widen the ordinary scatter
 * instead. `npm run bench:statistics` (rows "outliers 3 %" and "lognormal 1.5") prints what comes of it.
 */
export function splitTail(values: readonly number[]): SplitTail {
  const known = found.get(values);
  if (known !== undefined) return known;
  const split = findTail(values);
  found.set(values, split);
  return split;
}

interface SplitTail {
  readonly ordinary: readonly number[];
  /** (value − median) ÷ median of each tail event. */
  readonly jumps: readonly number[];
  readonly median: number;
}

/** Asked for again and again of the same values while configurations are compared with each other. */
const found = new WeakMap<readonly number[], SplitTail>();

function findTail(values: readonly number[]): SplitTail {
  const middle = median(values);
  if (!(middle > 0)) return { ordinary: values, jumps: [], median: middle };
  const limit = tailBeyondMedians * middle;
  const ordinary: number[] = [];
  const jumps: number[] = [];
  for (const value of values) {
    if (value > limit) jumps.push(value / middle - 1);
    else ordinary.push(value);
  }
  return { ordinary, jumps, median: middle };
}
