import type { Analysis } from './analyze.ts';
import type { Choice, TuningResult } from './result.ts';
import type { SearchOptions } from './search/options.ts';
import type { Question } from './search/question.ts';
import type { SearchOutcome } from './search.ts';

/**
 * What is named cheapest, fastest and balanced. Of a list that was measured in full, what the analysis chose. Of a race,
 * the answers to what was asked; the rest is null when sizes were left out that may well be faster: no answer is better
 * than one about the sizes that happened to be called.
 */
export function choicesOf(
  analysis: Analysis,
  search: SearchOutcome | undefined,
): Pick<TuningResult, 'cheapest' | 'fastest' | 'balanced'> {
  const choice = (question: Question): Choice => {
    if (search === undefined) return analysis[question];
    const answer = search.answers.find((one) => one.question === question);
    if (answer !== undefined) return { ...plain(answer.best), tiedWith: answer.tied.map(plain) };
    return search.notCalled.length === 0 ? analysis[question] : null;
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
    ...(maxP95Ms === undefined ? {} : { maxP95Ms }),
    ...(coldShare === undefined ? {} : { coldShare }),
    reason: outcome?.reason ?? 'unfinished',
    texts: [...(outcome?.texts ?? [])],
    answers: (outcome?.answers ?? []).map(({ question, best, tied, ended, unresolved, fastestOfTied, latency }) => ({
      question,
      best: plain(best),
      tied: tied.map(plain),
      ended,
      unresolved: unresolved.map(plain),
      ...(fastestOfTied === undefined
        ? {}
        : {
            fastestOfTied: { ...plain(fastestOfTied.configuration), timesAsFast: fastestOfTied.timesAsFast },
          }),
      ...(latency === undefined ? {} : { latency }),
    })),
    refined: (outcome?.refined ?? []).map(plain),
  };
}

function plain({ memoryMb, architecture }: { readonly memoryMb: number; readonly architecture: 'x86_64' | 'arm64' }) {
  return { memoryMb, architecture };
}
