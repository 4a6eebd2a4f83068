import type { Interval } from '../model/production/observedFigures.ts';
import { dot, leastSquares } from '../stats/leastSquares.ts';
import { studentTQuantile } from '../stats/quantiles.ts';
import { type Random, seededRandom } from '../stats/random.ts';
import type { Unit } from './series.ts';

/**
 * Steps of a series whose weekdays and hours differ: a regression of the logarithm on seasons and on one column for each step.
 * What remains is not independent from one part of a day to the next: intervals are widened by its autocorrelation.
 */

/** Ratios after ÷ before of known changes, in their order; undefined where one cannot be told from the seasons. */
export function knownSteps(units: readonly Unit[], count: number): readonly (Interval | undefined)[] {
  const present = Array.from({ length: count }, (_, index) => index + 1).filter(
    (phase) => units.some((unit) => unit.phase < phase) && units.some((unit) => unit.phase === phase),
  );
  const fit = fitted(
    units,
    present.map((phase) => units.map((unit) => Number(unit.phase >= phase))),
  );
  return Array.from({ length: count }, (_, index) => {
    const at = present.indexOf(index + 1);
    if (fit === undefined || at < 0) return undefined;
    return fit.stepAt(at);
  });
}

function fitted(units: readonly Unit[], steps: readonly (readonly number[])[]) {
  const rows = units.map((unit, index) => [1, ...unit.seasons, ...steps.map((step) => step[index] ?? 0)]);
  const weights = units.map(({ weight }) => weight);
  const fit = leastSquares(
    rows,
    units.map(({ level }) => level),
    weights,
  );
  if (fit === undefined || fit.df < 2) return undefined;
  const inflation = inflationOf(fit.residuals, weights);
  const first = 1 + (units[0]?.seasons.length ?? 0);
  const clusters = [...new Set(units.map(({ cluster }) => cluster))];
  const clusterDf = Math.max(1, clusters.length - 1 - (units[0]?.clusterSeasons ?? 0) - steps.length);
  /** Parts of one day are alike in what they leave over: their sum is what counts (Liang and Zeger 1986), with few days corrected. */
  const clusteredError = (at: number): number => {
    const sums = new Map<number, number>();
    units.forEach(({ cluster, weight }, index) => {
      const influence = dot(fit.inverse[at] ?? [], rows[index] ?? []) * weight * (fit.residuals[index] ?? 0);
      sums.set(cluster, (sums.get(cluster) ?? 0) + influence);
    });
    const square = [...sums.values()].reduce((sum, value) => sum + value ** 2, 0);
    return Math.sqrt((square * clusters.length) / clusterDf);
  };
  return {
    ...fit,
    inflation,
    stepAt(step: number): Interval {
      const at = first + step;
      const coefficient = fit.coefficients[at] ?? 0;
      const error = Math.sqrt((fit.inverse[at]?.[at] ?? 0) * fit.variance) * inflation;
      const half = Math.max(
        studentTQuantile(0.975, fit.df) * error,
        studentTQuantile(0.975, clusterDf) * clusteredError(at),
      );
      return {
        estimate: Math.exp(coefficient),
        low: Math.exp(Math.max(-50, coefficient - half)),
        high: Math.exp(Math.min(30, coefficient + half)),
      };
    },
  };
}

/** By how much wider an interval is when each residual resembles the one before; never narrower. */
function inflationOf(residuals: readonly number[], weights: readonly number[]): number {
  let [product, square] = [0, 0];
  residuals.forEach((residual, index) => {
    const scaled = residual * Math.sqrt(weights[index] ?? 0);
    square += scaled ** 2;
    if (index > 0) product += scaled * (residuals[index - 1] ?? 0) * Math.sqrt(weights[index - 1] ?? 0);
  });
  const correlation = square > 0 ? Math.min(0.9, Math.max(0, product / square)) : 0;
  return Math.sqrt((1 + correlation) / (1 - correlation));
}

/** One false step in so many series in which nothing happened. */
const falseAlarms = 0.003;
const simulations = 1500;
/** Smaller ones are nobody's concern. */
const leastStep = 0.02;
/** Units on either side. */
const leastUnits = 4;
const mostUnknown = 3;

export interface FoundStep {
  readonly atMs: number;
  readonly ratio: Interval;
}

/**
 * Steps that no deployment explains. The largest |t| over all places is compared with what it is where nothing happens, by
 * simulation of the same design: looking everywhere finds something by chance.
 */
export function unknownSteps(units: readonly Unit[], knownCount: number, seed: number): readonly FoundStep[] {
  const known = Array.from({ length: knownCount }, (_, index) =>
    units.map((unit) => Number(unit.phase >= index + 1)),
  ).filter((column) => new Set(column).size > 1);
  const found: { readonly at: number; readonly column: readonly number[] }[] = [];
  while (found.length < mostUnknown) {
    const next = strongest(units, [...known, ...found.map(({ column }) => column)], seededRandom(seed + found.length));
    if (next === undefined) break;
    found.push(next);
  }
  const fit = fitted(units, [...known, ...found.map(({ column }) => column)]);
  if (fit === undefined) return [];
  return found
    .map(({ at }, index) => ({ atMs: units[at]?.atMs ?? 0, ratio: fit.stepAt(known.length + index) }))
    .filter(({ ratio }) => Math.abs(ratio.estimate - 1) >= leastStep && (ratio.low > 1 || ratio.high < 1))
    .sort((one, other) => one.atMs - other.atMs);
}

function strongest(units: readonly Unit[], steps: readonly (readonly number[])[], random: Random) {
  const roots = Float64Array.from(units, ({ weight }) => Math.sqrt(weight));
  const basis = orthonormal([
    roots,
    ...(units[0]?.seasons ?? []).map((_, season) =>
      roots.map((root, index) => root * (units[index]?.seasons[season] ?? 0)),
    ),
    ...steps.map((step) => roots.map((root, index) => root * (step[index] ?? 0))),
  ]);
  const df = units.length - basis.length - 1;
  if (df < 3) return undefined;
  const candidates = units.flatMap((_, at) => {
    if (at < leastUnits || at > units.length - leastUnits) return [];
    const column = roots.map((root, index) => (index >= at ? root : 0));
    const length = Math.sqrt(squareOf(without(column, basis)));
    // What the seasons or another step explain already is no place for one.
    return length < 0.3 * (roots[at] ?? 1) ? [] : [{ at, length }];
  });
  if (candidates.length === 0) return undefined;
  /** |t| of the best place for a step. What is left of the values is orthogonal to the basis: sums from the end are all it takes. */
  const largest = (values: Float64Array) => {
    const rest = without(values, basis);
    const square = squareOf(rest);
    const behind = new Float64Array(rest.length + 1);
    for (let at = rest.length - 1; at >= 0; at -= 1)
      behind[at] = (behind[at + 1] ?? 0) + (roots[at] ?? 0) * (rest[at] ?? 0);
    let best = { t: 0, at: 0 };
    for (const { at, length } of candidates) {
      const along = (behind[at] ?? 0) / length;
      const t = Math.abs(along) / Math.sqrt(Math.max(1e-300, square - along ** 2) / df);
      if (t > best.t) best = { t, at };
    }
    return best;
  };
  const best = largest(roots.map((root, index) => root * (units[index]?.level ?? 0)));
  const column = units.map((_, index) => Number(index >= best.at));
  const fit = fitted(units, [...steps, column]);
  if (fit === undefined) return undefined;
  const t = best.t / fit.inflation;
  let beyond = 0;
  for (let run = 0; run < simulations; run += 1) {
    if (largest(roots.map(() => normal(random))).t >= t) beyond += 1;
    if (beyond > falseAlarms * simulations) return undefined;
  }
  return { at: best.at, column };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Columns as an orthonormal basis (modified Gram-Schmidt); what depends on others is left out. */
function orthonormal(columns: readonly Float64Array[]): readonly Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const rest = without(column, basis);
    const length = Math.sqrt(squareOf(rest));
    if (length > 1e-8 * Math.sqrt(squareOf(column)) && length > 0) basis.push(rest.map((value) => value / length));
  }
  return basis;
}

function without(values: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = values.slice();
  for (const direction of basis) {
    let along = 0;
    for (let at = 0; at < rest.length; at += 1) along += (direction[at] as number) * (rest[at] as number);
    for (let at = 0; at < rest.length; at += 1) rest[at] = (rest[at] as number) - along * (direction[at] as number);
  }
  return rest;
}

function squareOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
