import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { scriptedExecutor } from '../../../src/local/testing/scriptedExecutor.ts';
import { invoke, specOf } from '../execution.ts';

it('keeps no listener of an invocation that is over', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  process.on('warning', onWarning);
  const executor = scriptedExecutor(() => ({ durationMs: 5 }), { waiting: async () => undefined });
  const environment = await executor.start(specOf('cpu-node'));
  for (let n = 0; n < 20; n += 1) await invoke(environment);
  await wait(10);
  process.off('warning', onWarning);
  await executor.close();
  expect(warnings).toEqual([]);
});

it('lets an invocation that is under way end when its environment is stopped', async () => {
  const executor = scriptedExecutor(() => ({ durationMs: 5 }), { waiting: () => new Promise(() => undefined) });
  const environment = await executor.start(specOf('cpu-node'));
  const invoked = invoke(environment);
  await wait(5);
  await environment.stop();
  expect((await invoked).functionError).toBe('Unhandled');
});
