import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, runTune, savedRun } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '128,512,1024', '--invocations', '6', '--yes', '--json'];

describe('an account that throttles', () => {
  let account: Account;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 20, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(async () => {
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    await account.close();
  });

  it('every third call loses no sample and counts none', async () => {
    account.under({ throttleEveryNthInvoke: 3 });
    // Calls that overlap may open a further environment, which then answers cold.
    const finished = await runTune([...sweep, '--concurrency', '1'], account.env);
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    const { throttles = 0, invocations } = run.spend;
    expect(run.configurations.map(({ status, warm, failures }) => [status, warm?.count, failures.unreported])).toEqual(
      Array.from({ length: 6 }, () => ['measured', 6, 0]),
    );
    expect(invocations).toBe(
      run.configurations.reduce((sum, { warm, cold }) => sum + (warm?.count ?? 0) + (cold?.count ?? 0), 0),
    );
    const sent = account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length;
    expect(throttles).toBe(sent - invocations);
    expect(throttles).toBeGreaterThanOrEqual(Math.floor(sent / 3));
  });

  it('every call for good is given up after 60 s, cleaned up after, and ends with 3 naming the quota', async () => {
    account.under({ throttleEveryNthInvoke: 1 });
    const finished = await runTuneQuickly(sweep, account.env, { speed: 100 });
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('throttled every invocation for 60 s');
    expect(savedRun(finished)).toMatchObject({ ended: 'failed', cheapest: null, spend: { invocations: 0 } });
  });

  it('from some call on keeps what was measured before', async () => {
    const refused = {
      kind: 'status',
      status: 429,
      type: 'TooManyRequestsException',
      reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    } as const;
    let invocations = 0;
    const faults: TestingOptions['faults'] = ({ operation }) => {
      if (operation !== 'Invoke') return undefined;
      invocations += 1;
      return invocations > 20 ? refused : undefined;
    };
    account.under({ faults });
    const finished = await runTuneQuickly(sweep, account.env, { speed: 100 });
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('ReservedFunctionConcurrentInvocationLimitExceeded');
    const run = savedRun(finished);
    expect(run.ended).toBe('failed');
    const reported = run.configurations
      .flatMap(({ measurements }) => measurements)
      .filter(({ outcome }) => outcome !== 'unreported');
    expect(reported).toHaveLength(20);
    expect(run.cheapest).not.toBeNull();
  });

  it('its control plane is asked again and nothing is made twice', async () => {
    let calls = 0;
    const refused = { kind: 'status', status: 429, type: 'TooManyRequestsException' } as const;
    const faults: TestingOptions['faults'] = ({ operation }) => {
      if (!/^(Create|Delete)/.test(operation)) return undefined;
      calls += 1;
      return calls % 3 === 0 ? refused : undefined;
    };
    account.under({ faults });
    const finished = await runTuneQuickly(sweep, account.env, { speed: 20 });
    expect(finished.code).toBe(0);
    expect(savedRun(finished).configurations.every(({ status }) => status === 'measured')).toBe(true);
  });
});
