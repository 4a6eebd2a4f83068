import type { TuningResult } from '../../model/run.ts';

/** What is called beside the calls of a run; undefined where nothing is. */
export function hookText(hooks: TuningResult['options']['hooks']): string | undefined {
  const { before, after, beforeRun, afterRun } = hooks ?? {};
  const parts = [
    before === undefined ? [] : [`a ${before} before each call`],
    after === undefined ? [] : [`a ${after} after each call`],
    beforeRun === undefined ? [] : [`a ${beforeRun} before the run`],
    afterRun === undefined ? [] : [`a ${afterRun} after ${beforeRun === undefined ? 'the run' : 'it'}`],
  ].flat();
  return parts.length === 0 ? undefined : `${parts.join(', ')}. Their time is in no figure.`;
}
