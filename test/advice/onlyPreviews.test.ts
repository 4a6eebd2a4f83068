import { expect, it } from 'vitest';
import { answerOf } from '../../src/advice/answer.ts';
import { currentOne } from '../../src/model/variant.ts';
import { simulatedRun } from './simulatedRun.ts';

/** The function as it is fails everywhere; `others` run. */
function answerWith(...runtimes: readonly string[]) {
  const variants = [currentOne, ...runtimes.map((runtime) => ({ name: runtime, changes: { runtime } }))];
  const run = simulatedRun(
    {
      meanMs: ({ memoryMb, variant }) =>
        (variant?.name === 'nodejs26.x' ? 0.5 : 1) * ((100 * 1769) / Math.min(memoryMb, 1769)),
      memoryMb: [512, 1024],
      variants,
      current: { memoryMb: 512, architecture: 'x86_64' },
      calls: 20,
      environments: 2,
    },
    7,
  );
  const configurations = run.configurations.map((row) =>
    row.variant === undefined || row.variant.name === 'current'
      ? { ...row, status: 'infeasible' as const, warm: undefined, measurements: [] }
      : row,
  );
  return answerOf({ ...run, options: { ...run.options, variants }, configurations });
}

it('a preview is not recommended where nothing else runs, and that is not called "nothing measured"', () => {
  expect(answerWith('nodejs26.x')).toEqual({ kind: 'unanswered', because: 'onlyPreviews' });
});

it('what is no preview is recommended where the function as it is cannot run, though a preview is faster', () => {
  expect(answerWith('nodejs26.x', 'nodejs24.x')).toMatchObject({
    kind: 'change',
    because: 'currentCannotRun',
    configuration: { variant: { name: 'nodejs24.x' } },
  });
});
