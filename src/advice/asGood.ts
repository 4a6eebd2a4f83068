import { byCost, byDuration, type Candidate, isTied, type Judgement } from '../analysis/choices.ts';
import { meanEstimate } from '../stats/statistics.ts';

/**
 * Those that nothing shows to be worse than the best: what the tables call equal to it or not told apart from it, by the same
 * interval, which knows that the best was picked from all (`surenessAmong`). So the answer is of one kind with what is said
 * below it, and three identical runs advise one size: the least of several equal ones is another one in each run, the group is
 * the same (test/advice/stability.slow.test.ts; `npm run bench:advice` has the figures, also of other widths of the interval).
 *
 * What was only glanced at (by a race) has a wide interval, and is not taken for cheap for want of knowing: its mean lies above
 * the best by no more than the tolerance and what two of the best known may differ by through chance.
 *
 * Where it fails: no rule is stable everywhere. Where a true difference is just as large as the interval is wide, the row is
 * in one time and out the next.
 */
export function asGood(
  figure: 'costs' | 'durations',
  candidates: readonly Candidate[],
  judgement: Judgement,
): readonly Candidate[] {
  const mean = figure === 'costs' ? 'costUsd' : 'durationMs';
  const [best] = candidates.toSorted(figure === 'costs' ? byCost : byDuration);
  if (best === undefined) return [];
  const least = Math.min(...candidates.map((candidate) => halfWidth(figure, candidate, judgement)));
  const most = best[mean] * (1 + judgement.tolerance) * Math.exp(Math.SQRT2 * least);
  return candidates.filter(
    (candidate) => candidate === best || (candidate[mean] <= most && isTied(figure, candidate, best, judgement)),
  );
}

/** Of the interval of its mean, on the logarithmic scale. */
function halfWidth(figure: 'costs' | 'durations', candidate: Candidate, judgement: Judgement): number {
  const estimate = meanEstimate(
    candidate[figure],
    judgement[figure].hosts[candidate.configuration.architecture],
    judgement.confidence,
  );
  if (estimate === undefined || !(estimate.mean > 0)) return 0;
  return Math.log(estimate.high / estimate.mean);
}
