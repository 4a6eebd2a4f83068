import { byCost, byDuration, type Candidate, isTied, type Judgement } from '../analysis/choices.ts';
import { meanEstimate } from '../stats/statistics.ts';

/**
 * Those whose mean is about as low as the best, for want of a reason to think otherwise. The least of several means of
 * equal truths lies below that truth, the more so the more it scatters; so what is tied with the best is compared with the
 * mean of all that are tied, each weighed by how well it is known, and drawn towards it as far as chance alone explains how
 * they scatter (DerSimonian and Laird 1986: variance between true means by moments; shrinkage as in Efron and Morris 1975).
 * In: what is then above the mean by no more than the tolerance, and as measured by no more than twice that, or than the
 * error of the best known explains: what a race only glanced at is not taken for cheap for want of knowing. Three identical runs then advise one size
 * (test/advice/stability.slow.test.ts). Where it fails: a true difference near the tolerance falls now here, now there.
 */
export function asGood(
  figure: 'costs' | 'durations',
  candidates: readonly Candidate[],
  judgement: Judgement,
): readonly Candidate[] {
  const [best] = candidates.toSorted(figure === 'costs' ? byCost : byDuration);
  if (best === undefined) return [];
  const tied = candidates
    .filter((candidate) => candidate === best || isTied(figure, candidate, best, judgement))
    .map((candidate) => ({ candidate, ...logMean(figure, candidate, judgement) }));
  const sum = (of: (one: (typeof tied)[number]) => number) => tied.reduce((total, one) => total + of(one), 0);
  const weights = sum(({ weight }) => weight);
  const centre = sum(({ log, weight }) => log * weight) / weights;
  const scatter = sum(({ log, weight }) => weight * (log - centre) ** 2);
  const spare = weights - sum(({ weight }) => weight ** 2) / weights;
  const trueVariance = spare > 0 ? Math.max(0, (scatter - (tied.length - 1)) / spare) : 0;
  const limit = Math.log1p(judgement.tolerance);
  const leastError = Math.min(...tied.map(({ weight }) => weight ** -0.5));
  const most = Math.max(2 * limit, 2.5 * leastError);
  return tied
    .filter(({ candidate, log, weight }) => {
      const above = log - centre;
      const drawn = above * (trueVariance / (trueVariance + 1 / weight));
      return candidate === best || (above <= most && drawn <= limit);
    })
    .map(({ candidate }) => candidate);
}

/** Errors below it are rounding. */
const quietest = 1e-4;

function logMean(figure: 'costs' | 'durations', candidate: Candidate, judgement: Judgement) {
  const estimate = meanEstimate(candidate[figure], judgement[figure]);
  if (estimate === undefined || !(estimate.mean > 0)) return { log: 0, weight: quietest ** -2 };
  return {
    log: Math.log(estimate.mean),
    weight: Math.max(quietest, estimate.standardError / estimate.mean) ** -2,
  };
}
