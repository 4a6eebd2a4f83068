import { byCost, byDuration, type Candidate, isTied, type Judgement } from '../choices.ts';
import { meanEstimate } from '../statistics.ts';

/**
 * Those whose mean is about as low as the best, for want of a reason to think otherwise. The least of several means of
 * equal truths lies below that truth, the more so the more it scatters; so what is tied with it is measured by the mean of
 * all that are tied, each weighed by how well it is known. It belongs to them while it is above that mean by no more than the
 * tolerance, or that and its own standard error, in all at most twice the tolerance: three identical runs then advise one
 * size (test/domain/answer/stability.test.ts), and what a race only glanced at is not taken for cheap.
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
  const weights = tied.reduce((sum, { error }) => sum + error ** -2, 0);
  const centre = tied.reduce((sum, { log, error }) => sum + log * (error ** -2 / weights), 0);
  const limit = Math.log1p(judgement.tolerance);
  return tied
    .filter(({ candidate, log, error }) => candidate === best || log - centre <= limit + Math.min(limit, error))
    .map(({ candidate }) => candidate);
}

/** Errors below it are rounding. */
const leastError = 1e-4;

function logMean(figure: 'costs' | 'durations', candidate: Candidate, judgement: Judgement) {
  const estimate = meanEstimate(candidate[figure], judgement[figure]);
  if (estimate === undefined || !(estimate.mean > 0)) return { log: 0, error: leastError };
  return {
    log: Math.log(estimate.mean),
    error: Math.max(leastError, estimate.standardError / estimate.mean),
  };
}
