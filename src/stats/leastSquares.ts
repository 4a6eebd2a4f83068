/**
 * Weighted least squares: rows of a design, what was observed, and how much each row counts. Method: normal equations (Gauss 1809),
 * solved by elimination with the largest pivot. Where it fails: squaring the design loses half of the digits, so that columns which
 * are nearly the same are refused rather than told apart; one wild value draws the whole fit, so callers weigh or leave it out. The
 * share of a column at which it counts as the same (1e-9) is what double precision leaves, not a choice of a bench.
 */
export interface Fit {
  readonly coefficients: readonly number[];
  readonly residuals: readonly number[];
  /** Inverse of X'WX: times `variance` it is the covariance of the coefficients. */
  readonly inverse: readonly (readonly number[])[];
  /** Of a row of weight 1. */
  readonly variance: number;
  readonly df: number;
}

/** Undefined where the columns cannot be told apart, or nothing is left to judge the scatter by. */
export function leastSquares(
  rows: readonly (readonly number[])[],
  observed: readonly number[],
  weights: readonly number[],
): Fit | undefined {
  const columns = rows[0]?.length ?? 0;
  const df = rows.length - columns;
  if (columns === 0 || df < 1) return undefined;
  const normal = Array.from({ length: columns }, () => new Array<number>(columns).fill(0));
  const right = new Array<number>(columns).fill(0);
  rows.forEach((row, index) => {
    const weight = weights[index] ?? 0;
    row.forEach((value, i) => {
      if (value === 0) return;
      right[i] = (right[i] ?? 0) + weight * value * (observed[index] ?? 0);
      const line = normal[i] as number[];
      row.forEach((other, j) => {
        line[j] = (line[j] ?? 0) + weight * value * other;
      });
    });
  });
  const inverse = inverted(normal);
  if (inverse === undefined) return undefined;
  const coefficients = inverse.map((line) => dot(line, right));
  const residuals = rows.map((row, index) => (observed[index] ?? 0) - dot(row, coefficients));
  const sum = residuals.reduce((total, residual, index) => total + (weights[index] ?? 0) * residual ** 2, 0);
  return { coefficients, residuals, inverse, variance: sum / df, df };
}

export function dot(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** Gauss and Jordan with the largest pivot; the matrix is small and symmetric. */
function inverted(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const work = matrix.map((line, i) => [...line, ...line.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) {
      if (Math.abs(work[row]?.[column] ?? 0) > Math.abs(work[pivot]?.[column] ?? 0)) pivot = row;
    }
    const chosen = work[pivot] as number[];
    const size0 = Math.abs(matrix[column]?.[column] ?? 0);
    if (Math.abs(chosen[column] ?? 0) <= 1e-9 * size0) return undefined;
    [work[pivot], work[column]] = [work[column] as number[], chosen];
    const scale = chosen[column] as number;
    for (let at = 0; at < chosen.length; at += 1) chosen[at] = (chosen[at] as number) / scale;
    work.forEach((line, row) => {
      const factor = line[column] ?? 0;
      if (row === column || factor === 0) return;
      for (let at = 0; at < line.length; at += 1) line[at] = (line[at] as number) - factor * (chosen[at] as number);
    });
  }
  return work.map((line) => line.slice(size));
}
