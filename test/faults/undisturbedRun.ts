import { accountPicture } from '../e2e/support.ts';
import { violationsOf } from './invariants.ts';
import { startProgram } from './programInProcess.ts';
import { openStage, runArgs } from './runUnderTest.ts';

/** A run that nothing happens to: how many calls it makes, and that the invariants hold for it. */
export async function countCalls(): Promise<number> {
  const stage = await openStage();
  try {
    const before = accountPicture(stage.account.endpoint.snapshot());
    const finished = await startProgram([...runArgs, ...stage.here], stage.account.env, () => 0.42).finished;
    const violations = await violationsOf(stage.account, before, finished, { codes: [0], answer: 'complete' });
    if (violations.length > 0) throw new Error(`The undisturbed run violates: ${violations.join('; ')}`);
    return stage.account.endpoint.calls().length;
  } finally {
    await stage.account.close();
  }
}
