import type { Measurement, Reported } from '../model/measurement.ts';
import type { Goal } from './options.ts';

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

type Figured = Reported & Pick<Measurement, 'start'>;

function costUsd(reported: Figured): number {
  return reported.costUsd;
}

/** What a caller waits for in Lambda: a cold start's init or restore comes on top of its duration. */
export function responseMs({ durationMs, start, initDurationMs = 0, restoreDurationMs = 0 }: Figured): number {
  return start === 'cold' ? durationMs + initDurationMs + restoreDurationMs : durationMs;
}
