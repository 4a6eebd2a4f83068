import { type Figured, responseMs } from '../analysis/responseTime.ts';
import type { Goal } from '../model/searchRecord.ts';

/** What is made as small as possible. Balanced is the root of the product of both, as the analysis judges it. */
export type Question = Exclude<Goal, 'all'>;

export function questionsOf(goal: Goal): readonly Question[] {
  return goal === 'all' ? ['cheapest', 'fastest', 'balanced'] : [goal];
}

/** The figures that a question multiplies. */
export const figuresOfQuestion = {
  cheapest: [costUsd],
  fastest: [responseMs],
  balanced: [costUsd, responseMs],
} as const satisfies Record<Question, readonly ((reported: Figured) => number)[]>;

function costUsd(reported: Figured): number {
  return reported.costUsd;
}
