import type { Analysis } from '../analysis/analyze.ts';
import type { Choice } from '../model/answer.ts';
import { type Configuration, plain, sameConfiguration } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';

import type { SearchOptions } from './options.ts';
import type { Question } from './question.ts';
import type { SearchOutcome } from './search.ts';

/**
 * What is named cheapest, fastest and balanced: what the analysis chose by the figures that are shown. Of a race, only what
 * was asked; the rest is null when sizes were left out that may well be faster: no answer is better than one about the
 * sizes that happened to be called.
 */
export function choicesOf(
  analysis: Analysis,
  search: SearchOutcome | undefined,
): Pick<TuningResult, 'cheapest' | 'fastest' | 'balanced'> {
  const choice = (question: Question): Choice => {
    if (search === undefined) return analysis[question];
    const answer = search.answers.find((one) => one.question === question);
    // Cut short by the budget, a race may have named what turns out to fail too often.
    const isJudged = (one: Configuration) =>
      analysis.configurations.some((row) => sameConfiguration(row, one) && row.status === 'measured');
    const isAnswered = answer !== undefined && isJudged(answer.best);
    return isAnswered || search.notCalled.length === 0 ? analysis[question] : null;
  };
  return { cheapest: choice('cheapest'), fastest: choice('fastest'), balanced: choice('balanced') };
}

/** How a race was asked and how it ended, as the saved run tells it. */
export function recordedSearch(
  { goal, effort, tolerance, seed, maxP95Ms, coldShare }: Omit<SearchOptions, 'budget'>,
  outcome: SearchOutcome | undefined,
): NonNullable<TuningResult['search']> {
  return {
    goal,
    effort,
    tolerance,
    seed,
    maxP95Ms,
    coldShare,
    reason: outcome?.reason ?? 'unfinished',
    texts: [...(outcome?.texts ?? [])],
    answers: (outcome?.answers ?? []).map(({ question, best, tied, ended, unresolved, fastestOfTied, latency }) => ({
      question,
      best: plain(best),
      tied: tied.map(plain),
      ended,
      unresolved: unresolved.map(plain),
      fastestOfTied:
        fastestOfTied === undefined
          ? undefined
          : { ...plain(fastestOfTied.configuration), timesAsFast: fastestOfTied.timesAsFast },
      latency,
    })),
    refined: (outcome?.refined ?? []).map(plain),
  };
}
