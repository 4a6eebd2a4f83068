import type { Succeeded } from '../analysis/summarize.ts';
import type { ObservedTraffic, TrafficRecord } from '../model/traffic.ts';

type Quantiles = NonNullable<ObservedTraffic['durationQuantilesMs']>;

/**
 * How often each payload comes in production, from where production's durations lie: weights whose mixture has nearest to the
 * observed shares of calls below the observed durations (least squares on the simplex, projected gradient). `misfit` is the
 * largest distance that is left. Undefined with fewer than two payloads or too little to tell them apart.
 */
export function payloadWeightsFor(
  warm: readonly Succeeded[],
  names: readonly string[],
  quantiles: Quantiles,
): TrafficRecord['payloadWeights'] {
  const durations = names.map((name) =>
    warm.filter(({ payload }) => payload === name).map(({ durationMs }) => durationMs),
  );
  if (names.length < 2 || quantiles.length < names.length || durations.some(({ length }) => length === 0))
    return undefined;
  // Half of those that are equal count as below: durations are rounded.
  const below = (values: readonly number[], limit: number) =>
    values.reduce((sum, value) => sum + (value < limit ? 1 : value === limit ? 0.5 : 0), 0) / values.length;
  const matrix = quantiles.map(({ ms }) => durations.map((values) => below(values, ms)));
  let weights = names.map(() => 1 / names.length);
  const misses = () =>
    matrix.map(
      (row, index) =>
        row.reduce((sum, cell, at) => sum + cell * (weights[at] ?? 0), 0) - (quantiles[index]?.share ?? 0),
    );
  const stepSize =
    1 /
    Math.max(
      1e-9,
      matrix.flat().reduce((sum, cell) => sum + cell ** 2, 0),
    );
  for (let round = 0; round < 3000; round++) {
    const missed = misses();
    weights = onSimplex(
      weights.map(
        (weight, at) =>
          weight - stepSize * matrix.reduce((sum, row, index) => sum + (row[at] ?? 0) * (missed[index] ?? 0), 0),
      ),
    );
  }
  return {
    weights: names.map((name, index) => ({ name, share: weights[index] ?? 0 })),
    misfit: Math.min(1, Math.max(...misses().map(Math.abs))),
  };
}

/** The nearest point whose parts are from 0 on and sum to 1 (Duchi and others 2008). */
function onSimplex(values: readonly number[]): number[] {
  const sorted = values.toSorted((one, other) => other - one);
  let sum = 0;
  let shift = 0;
  for (const [index, value] of sorted.entries()) {
    sum += value;
    const candidate = (sum - 1) / (index + 1);
    if (value - candidate > 0) shift = candidate;
  }
  return values.map((value) => Math.max(0, value - shift));
}
