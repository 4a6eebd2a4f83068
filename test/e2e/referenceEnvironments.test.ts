import { expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { createOrders, openAccount, runTune, savedRun } from './support.ts';

it('has all warm samples of the reference when a new environment takes over its first one', async () => {
  const account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 150, initDurationMs: 50 })) });
  try {
    await createOrders(account);
    let invocations = 0;
    // The second call of the first chain arrives late: the first one of the second chain meets the warm environment.
    account.under({
      latencyMs: ({ operation }) => {
        if (operation !== 'Invoke') return 0;
        invocations += 1;
        return invocations === 2 ? 100 : 0;
      },
    });
    const args = ['--function', 'orders', '--memory', '512', '--architecture', 'x86_64', '--invocations', '6'];
    const run = savedRun(await runTune([...args, '--yes', '--json'], account.env));
    expect(run.configurations.map(({ status, warm, cold }) => [status, warm?.count, cold?.count])).toEqual([
      ['measured', 6, 2],
    ]);
    // Two environments are open by then: no further version is published for one.
    expect(account.endpoint.calls().filter(({ operation }) => operation === 'PublishVersion')).toEqual([]);
  } finally {
    await account.close();
  }
});
