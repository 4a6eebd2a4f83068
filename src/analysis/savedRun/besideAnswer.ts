import type { Answer } from '../../model/answer.ts';
import type { TuningResult } from '../../model/run.ts';

/** What may stand beside an answer without saying other than it does. */

type Choices = Pick<TuningResult, 'cheapest' | 'fastest' | 'balanced'>;

/**
 * Where the answer is that nothing can be recommended, nothing is named: a row that is called the cheapest would be a second answer.
 * Where only the current setting is missing, the best of the others is.
 */
export function choicesBeside(answer: Answer, choices: Choices): Choices {
  if (answer.kind !== 'unanswered' || answer.because === 'currentNotMeasured') return choices;
  return { cheapest: null, fastest: null, balanced: null };
}

/** Whether anything may be said that follows from how the sizes differ. */
export function canCompareSizes(answer: Answer): boolean {
  return answer.kind !== 'unanswered' || (answer.because !== 'hostNeverCalm' && answer.because !== 'noCpuShare');
}
