import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { CallInfo, TestingOptions } from '../../src/local/testing/testing.ts';
import { type Account, createOrders, openAccount, runTune, savedRun } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '128,512,1024', '--invocations', '6', '--yes', '--json'];
/** Sixteen lanes of two environments each: more than any limit below lets through at once. */
const wideSweep = [
  ['--function', 'orders', '--memory', '128,192,256,320,384,448,512,576', '--concurrency', '2'],
  ['--invocations', '6', '--yes', '--json'],
].flat();

describe('what a run takes of the account that production shares', () => {
  let account: Account;
  let running: number;
  let most: number;
  beforeEach(async () => {
    running = 0;
    most = 0;
    // Long enough for calls of all lanes to meet, also where copies are made slowly.
    const executor = scriptedExecutor(() => ({ durationMs: 120, maxMemoryUsedMb: 70 }), {
      waiting: async (ms) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, ms));
        running -= 1;
      },
    });
    account = await openAccount({ executor });
    await createOrders(account);
  });
  afterEach(() => account.close());

  const unreserved =
    (count: number): NonNullable<TestingOptions['rewrite']> =>
    ({ operation }: CallInfo, answer: unknown) =>
      operation === 'GetAccountSettings' && typeof answer === 'object'
        ? {
            ...answer,
            AccountLimit: {
              CodeSizeUnzipped: 262_144_000,
              CodeSizeZipped: 52_428_800,
              TotalCodeSize: 80_530_636_800,
              ConcurrentExecutions: count,
              UnreservedConcurrentExecutions: count,
            },
          }
        : answer;

  /** In any second, beyond the burst. */
  function mostControlCallsWithin(ms: number): number {
    const times = account.endpoint
      .calls()
      .filter(({ service, operation }) => service === 'lambda' && !/^(GetFunction|Invoke)$/.test(operation))
      .map(({ atMs }) => atMs);
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
  }

  it.each([
    ['39 unreserved (1.95)', 39, 1],
    ['200 unreserved', 200, 10],
    ['359 unreserved (17.95)', 359, 17],
    ['1,000 unreserved', 1000, 32],
  ])('is a twentieth of %s, and not more', async (_, count, atOnce) => {
    account.under({ rewrite: unreserved(count) });
    const finished = await runTune(count < 100 ? sweep : wideSweep, account.env);
    expect(finished.code).toBe(0);
    expect(finished.stderr.replace(/\s+/g, ' ')).toContain(`at most ${atOnce} at once`);
    // Never more, and where the limit is small enough for the lanes to fill it, no less: it is the limit that is seen.
    expect(most).toBeLessThanOrEqual(atOnce);
    if (atOnce <= 10) expect(most).toBe(atOnce);
    expect(most).toBeGreaterThan(0);
    expect(most / count).toBeLessThanOrEqual(0.05);
    // All share 15 a second, production too: a burst of 10, then 5 a second.
    expect(mostControlCallsWithin(1000)).toBeLessThanOrEqual(15);
    expect(mostControlCallsWithin(4000)).toBeLessThanOrEqual(30);
  });

  it('is one at a time where 5 % are less than one (a new account)', async () => {
    account.under({ rewrite: unreserved(10) });
    const finished = await runTune(sweep, account.env);
    expect(finished.code).toBe(0);
    expect(finished.stderr.replace(/\s+/g, ' ')).toContain('at most 1 at once');
    expect(most).toBe(1);
  });

  it('shrinks when somebody else fills the pool, and the run says so', async () => {
    let invocations = 0;
    account.under({
      rewrite: unreserved(1000),
      faults: ({ operation }) => {
        if (operation !== 'Invoke') return undefined;
        invocations += 1;
        return invocations > 20 && invocations <= 24
          ? {
              kind: 'status',
              status: 429,
              type: 'TooManyRequestsException',
              reason: 'ConcurrentInvocationLimitExceeded',
            }
          : undefined;
      },
    });
    const finished = await runTune(sweep, account.env);
    expect(finished.code).toBe(0);
    expect(savedRun(finished).spend.throttles).toBe(4);
    // 32, halved four times, and grown by one at a time since.
    const [, limit] = /throttled 4×, (\d+) in flight/.exec(finished.stderr) ?? [];
    expect(Number(limit)).toBeGreaterThanOrEqual(2);
    expect(Number(limit)).toBeLessThan(16);
  });
});
