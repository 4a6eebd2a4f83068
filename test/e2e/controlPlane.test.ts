import { afterEach, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { type Account, createOrders, openAccount, runTune, savedRun } from './support.ts';

/** Calls on the control plane are shared with production, and so is their quota: they are counted where they arrive. */

let account: Account;
afterEach(() => account.close());

it('makes at most five control-plane calls per configuration, all counted at the wire, in an account like AWS', async () => {
  // Long enough that calls side by side overlap on a busy machine, too: each opens an environment.
  account = await openAccount({
    executor: scriptedExecutor(() => ({ durationMs: 400, maxMemoryUsedMb: 70 })),
  });
  await createOrders(account);
  account.under({ latencyMs: 100, states: { pendingMs: 1000, updateMs: 0, publishMs: 0 } });
  const sizes = ['--memory', '128,256,512,1024,1769,3008', '--architecture', 'x86_64,arm64'];
  const finished = await runTune(
    ['--function', 'orders', ...sizes, '--invocations', '4', '--yes', '--json'],
    account.env,
  );
  expect(finished).toMatchObject({ code: 0 });
  expect(savedRun(finished).configurations.map(({ status }) => status)).toEqual(Array(12).fill('measured'));

  const calls = account.endpoint.calls();
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  const { Invoke: invocations = 0, DownloadCode: downloads = 0, GetFunction: looks = 0, ...others } = counts;
  expect(others).toEqual({
    GetFunctionCodeSigningConfig: 1,
    GetAccountSettings: 1,
    GetRuntimeManagementConfig: 1,
    ListProvisionedConcurrencyConfigs: 1,
    GetFunctionRecursionConfig: 1,
    GetFunctionUrlConfig: 1,
    GetPolicy: 1,
    ListEventSourceMappings: 1,
    CreateLogGroup: 1,
    PutRetentionPolicy: 1,
    CreateFunction: 12,
    DeleteFunction: 12,
    FilterLogEvents: 1,
    DeleteLogGroup: 2,
  });
  // The target, eleven copies once each, and the reference until it is active.
  expect(looks).toBeGreaterThan(12);
  expect((calls.length - invocations - downloads) / 12).toBeLessThanOrEqual(5);

  // Created while the reference is tried, invoked after it.
  const first = calls.filter(({ operation }) => operation === 'Invoke')[0];
  const created = calls.filter(({ operation }) => operation === 'CreateFunction');
  expect(created[1]?.index).toBeLessThan(first?.index ?? 0);
  const [second] = calls.filter(({ operation, resource }) => operation === 'Invoke' && resource !== first?.resource);
  expect(second?.atMs).toBeGreaterThanOrEqual(first?.endedAtMs ?? Number.POSITIVE_INFINITY);
}, 60_000);
