import { progressOf, type Sampler, type SoFar } from '../model/engine/sampler.ts';
import type { Budget, SearchOptions } from './options.ts';
import { measuredOf, missingColdStarts } from './sampling.ts';
import { type SearchOutcome, type SearchRound, search } from './search.ts';

export interface RacePlan {
  readonly search: Omit<SearchOptions, 'budget'>;
  /** US$ of one call that runs into the timeout, per GB of memory. */
  readonly worstCaseUsdPerGb: number;
  /** Cold starts to make on purpose, per configuration that was called. */
  readonly coldStarts?: number | undefined;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
}

/** Calls only where they decide, round by round; see `search.ts` for the rule. Undefined: it did not get to an answer. */
export function raceSampler(plan: RacePlan): Sampler<SearchOutcome | undefined> {
  return {
    next(now, before) {
      const answered = isMixture(plan) || plan.coldStarts === undefined ? undefined : answerBefore(before, plan);
      if (answered !== undefined) return { kind: 'stop', found: answered };
      if (now.ending === 'failed' || now.ending === 'interrupted') return { kind: 'stop', found: undefined };
      const next = look(now, before.at(-1), plan);
      if (next.kind === 'measure') {
        const steps = next.steps.map((step) => ({ ...step, kind: 'calls', further: 'ownVersion', again: 0 }) as const);
        return { kind: 'measure', steps };
      }
      const cold = isStalled(now, before.at(-1)) ? [] : missingColdStarts(now, plan.coldStarts);
      return cold.length === 0 ? { kind: 'stop', found: next } : { kind: 'measure', steps: cold };
    },
  };
}

/** Then the cold half of what is asked for is made before the answer is believed, and the race may go on after it. */
function isMixture({ search: { coldShare } }: RacePlan): boolean {
  return coldShare !== undefined;
}

/** Cold starts on purpose come after the answer, and are no part of it. */
function answerBefore(before: readonly SoFar[], plan: RacePlan): SearchOutcome | undefined {
  for (const [index, then] of before.entries()) {
    const next = look(then, before[index - 1], plan);
    if (next.kind === 'stop') return next;
  }
  return undefined;
}

function look(now: SoFar, last: SoFar | undefined, plan: RacePlan): SearchRound {
  return search(measuredOf(now, plan.allowedErrors), { ...plan.search, budget: budgetOf(now, last, plan) });
}

function budgetOf(now: SoFar, last: SoFar | undefined, { worstCaseUsdPerGb }: RacePlan): Budget | undefined {
  // The cap left no room for what was wanted.
  if (isStalled(now, last)) return { leftUsd: 0, worstCaseUsdPerGb: 1 };
  return now.leftUsd === undefined ? undefined : { leftUsd: now.leftUsd, worstCaseUsdPerGb };
}

function isStalled(now: SoFar, last: SoFar | undefined): boolean {
  return last !== undefined && progressOf(now) <= progressOf(last);
}
