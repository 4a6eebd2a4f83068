/** Sums over plain arrays of finite numbers: textbook definitions, no constants. Where they fail: an infinite or missing value makes all of the sum so. */

/** NaN for an empty array: callers decide what no data means. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sum of squared deviations from the mean, in two passes so that nearly equal large numbers do not cancel. */
export function squaredDeviations(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum;
}

/** Sum of cubed deviations from the mean. */
export function cubedDeviations(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 3;
  return sum;
}

export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Linear between the two nearest values (Hyndman and Fan 1996, type 7); NaN for an empty array. */
export function interpolatedQuantile(values: readonly number[], share: number): number {
  const ordered = sorted(values);
  const position = share * (ordered.length - 1);
  const below = ordered[Math.floor(position)] ?? Number.NaN;
  return below + (position - Math.floor(position)) * ((ordered[Math.ceil(position)] ?? Number.NaN) - below);
}

/** Middle value, or the mean of the middle two; NaN for an empty array. */
export function median(values: readonly number[]): number {
  const ordered = sorted(values);
  const half = ordered.length / 2;
  const upper = ordered[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? (upper + (ordered[half - 1] ?? Number.NaN)) / 2 : upper;
}
