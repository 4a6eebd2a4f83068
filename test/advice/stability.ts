import { recommendationOf } from '../../src/advice/recommendation.ts';
import type { Compared } from '../../src/analysis/compared.ts';
import { type Configuration, keyOf } from '../../src/model/configuration.ts';
import { configurationsOf, simulatedComparison, type Truth, trueMs, trueUsd } from './simulatedRun.ts';
import { candidateAt } from './truths.ts';

export interface Stability {
  /** What is advised, or what equals it in true cost and true speed within the tolerance, most often. */
  readonly advised: Configuration;
  /** In how many of the runs. */
  readonly share: number;
  /** By how much what is advised costs more than the cheapest, truly and on average. */
  readonly extraCost: number;
  /** By how much it takes longer than the fastest of those that truly cost about as little; negative: less. */
  readonly extraTime: number;
  /** Runs that leave the current setting as it is. */
  readonly stays: number;
}

export function comparisonsOf(truth: Truth, runs: number, seed = 1): readonly Compared[] {
  return Array.from({ length: runs }, (_, index) => simulatedComparison(truth, seed + index));
}

/** What runs of one truth advise. */
export function stabilityOf(truth: Truth, comparisons: readonly Compared[]): Stability {
  const { tolerance = 0.03 } = truth;
  const answers = comparisons.map((compared) =>
    recommendationOf(compared, candidateAt(compared.candidates, truth.current), undefined),
  );
  const isEqual = (one: Configuration, other: Configuration) =>
    [trueMs, trueUsd].every((of) => Math.abs(Math.log(of(truth, one) / of(truth, other))) <= Math.log1p(tolerance));
  const all = configurationsOf(truth);
  const countOf = (wanted: Configuration) =>
    answers.filter(({ configuration }) => isEqual(configuration, wanted)).length;
  const [advised = truth.current] = all.toSorted((one, other) => countOf(other) - countOf(one));
  const leastUsd = Math.min(...all.map((one) => trueUsd(truth, one)));
  const asCheap = all.filter((one) => trueUsd(truth, one) <= leastUsd * (1 + tolerance));
  const leastMs = Math.min(...asCheap.map((one) => trueMs(truth, one)));
  const average = (of: (one: Configuration) => number) =>
    answers.reduce((sum, { configuration }) => sum + of(configuration), 0) / answers.length;
  return {
    advised,
    share: countOf(advised) / answers.length,
    extraCost: average((one) => trueUsd(truth, one) / leastUsd - 1),
    extraTime: average((one) => trueMs(truth, one) / leastMs - 1),
    stays: answers.filter(({ configuration }) => keyOf(configuration) === keyOf(truth.current)).length / answers.length,
  };
}
