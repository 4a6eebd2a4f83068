/**
 * Least squares of a0 + a1·exp(−m/a2) by Levenberg and Marquardt's damped steps: what `scipy.optimize.curve_fit` does
 * for Parrotfish. Answers with the fitted curve.
 */
export function fitDecay(
  samples: readonly { readonly memoryMb: number; readonly ms: number }[],
  start: readonly [number, number, number],
): (memoryMb: number) => number {
  let at: Point = [...start];
  let error = squares(samples, at);
  let damping = 1e-3;
  for (let step = 0; step < 200 && damping < 1e12; step++) {
    const { normal, gradient } = linearize(samples, at);
    const move = solve(
      normal.map((row, i) => row.map((cell, j) => (i === j ? cell * (1 + damping) + 1e-12 : cell))),
      gradient,
    );
    const next: Point = [at[0] + (move[0] ?? 0), at[1] + (move[1] ?? 0), at[2] + (move[2] ?? 0)];
    const nextError = squares(samples, next);
    if (nextError < error) {
      const gained = error - nextError;
      at = next;
      error = nextError;
      damping /= 10;
      if (gained <= 1e-10 * error) break;
    } else damping *= 10;
  }
  return (memoryMb) => decay(at, memoryMb);
}

type Point = [number, number, number];

function decay([a0, a1, a2]: Point, memoryMb: number): number {
  return a0 + a1 * Math.exp(-memoryMb / a2);
}

function squares(samples: readonly { memoryMb: number; ms: number }[], at: Point): number {
  let sum = 0;
  for (const { memoryMb, ms } of samples) sum += (ms - decay(at, memoryMb)) ** 2;
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}

function linearize(samples: readonly { memoryMb: number; ms: number }[], at: Point) {
  const normal = [0, 0, 0].map(() => [0, 0, 0]);
  const gradient = [0, 0, 0];
  for (const { memoryMb, ms } of samples) {
    const e = Math.exp(-memoryMb / at[2]);
    const slopes = [1, e, (at[1] * e * memoryMb) / at[2] ** 2];
    const rest = ms - decay(at, memoryMb);
    slopes.forEach((slope, i) => {
      gradient[i] = (gradient[i] ?? 0) + slope * rest;
      const row = normal[i];
      if (row)
        slopes.forEach((other, j) => {
          row[j] = (row[j] ?? 0) + slope * other;
        });
    });
  }
  return { normal, gradient };
}

/** Gauss elimination with pivots. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(cell(rows, row, column)) > Math.abs(cell(rows, pivot, column))) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    const head = cell(rows, column, column) || 1e-300;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = cell(rows, row, column) / head;
      rows[row] = (rows[row] ?? []).map((value, index) => value - factor * cell(rows, column, index));
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] || 1e-300));
}

function cell(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? 0;
}
