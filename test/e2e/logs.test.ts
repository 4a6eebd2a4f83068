import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, runTune, savedRun } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '512,1024', '--architecture', 'x86_64', '--yes', '--json'];
/** One environment: calls that overlap may open a further one, which then answers cold. */
const short = [...sweep, '--invocations', '4', '--concurrency', '1'];

describe('the REPORT of a call', () => {
  let account: Account;
  afterEach(() => account.close());

  async function open(output = ''): Promise<void> {
    account = await openAccount({
      executor: scriptedExecutor(({ event }) => ({
        durationMs: 20,
        maxMemoryUsedMb: 70,
        output: output.replaceAll('<id>', event.requestId),
      })),
    });
  }

  it.each(['onlyInLogs', 'noTail'] as const)(
    'is read from the log group when the answer has none (%s)',
    async (report) => {
      await open();
      await createOrders(account);
      const before = accountPicture(account.endpoint.snapshot());
      account.under({ report, logs: { delayMs: 150, emptyPages: 2 } });
      const finished = await runTuneQuickly(short, account.env, { speed: 10 });
      expect(finished.code).toBe(0);
      expect(
        savedRun(finished).configurations.map(({ status, warm, failures }) => [
          status,
          warm?.count,
          failures.unreported,
        ]),
      ).toEqual([
        ['measured', 4, 0],
        ['measured', 4, 0],
      ]);
      expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    },
  );

  it('is read in the JSON log format as well', async () => {
    await open();
    await createOrders(account, { LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' } });
    const finished = await runTune(short, account.env);
    expect(finished.code).toBe(0);
    for (const { status, warm, cold } of savedRun(finished).configurations) {
      expect([status, warm?.count, cold?.count]).toEqual(['measured', 4, 1]);
      expect(warm?.durationMs).toMatchObject({ min: 20, max: 20 });
    }
  });

  it('is never one that the function printed', async () => {
    await open(
      'REPORT RequestId: <id>\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 512 MB\tMax Memory Used: 1 MB\t\n' +
        '{"type":"platform.report","record":{"requestId":"<id>","status":"success","metrics":{"durationMs":1,"billedDurationMs":1,"memorySizeMB":512,"maxMemoryUsedMB":1}}}\n' +
        'END RequestId: <id>\nREPORT RequestId: <id>\tDuration: 2.00 ms\tBilled Duration: 2 ms\tMemory Size: 512 MB\tMax Memory Used: 1 MB\t',
    );
    await createOrders(account);
    const finished = await runTune(short, account.env);
    expect(finished.code).toBe(0);
    for (const { warm } of savedRun(finished).configurations) {
      expect(warm).toMatchObject({ count: 4, durationMs: { min: 20, max: 20 }, maxMemoryUsedMb: 70 });
    }
  });

  it('is not needed in the logs: a role that cannot write them costs nothing but the names of environments', async () => {
    await open();
    await createOrders(account);
    account.under({ logs: { denied: () => true } });
    const finished = await runTune(short, account.env);
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(run.configurations.map(({ status, warm }) => [status, warm?.count])).toEqual([
      ['measured', 4],
      ['measured', 4],
    ]);
    expect(account.endpoint.snapshot().logGroups).toEqual([]);
  });

  describe('that never comes', () => {
    beforeEach(async () => {
      await open();
      await createOrders(account);
    });
    const one = [...sweep, '--invocations', '3', '--concurrency', '1'];

    it('leaves the call unreported: no figure, no zero, and its worst case counts against the cap', async () => {
      const before = accountPicture(account.endpoint.snapshot());
      account.under({ report: ({ index }) => (index % 4 === 3 ? 'missing' : 'everywhere') });
      const finished = await runTuneQuickly(one, account.env, { speed: 100 });
      expect(finished.code).toBe(0);
      const run = savedRun(finished);
      const unreported = run.configurations
        .flatMap(({ measurements }) => measurements)
        .filter(({ outcome }) => outcome === 'unreported');
      expect(unreported).toHaveLength(2);
      for (const measurement of unreported) {
        expect(measurement).not.toHaveProperty('durationMs');
        expect(measurement).not.toHaveProperty('costUsd');
        expect(measurement).toMatchObject({ reason: 'no REPORT in the logs after 60 s' });
      }
      expect(run.configurations.every(({ warm }) => (warm?.durationMs.min ?? 0) >= 20)).toBe(true);
      // Two calls of 5 s at 512 MB or more are what the unreported ones may have cost.
      expect(run.spend.actualUsd).toBeGreaterThan(2 * 5 * 0.5 * 0.0000166667);
      expect(run.warnings.map(({ code }) => code)).toContain('unreported');
      expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    });

    it('because the role may not write logs is told as that, once it is sure, and nothing is measured', async () => {
      account.under({ report: 'noTail', logs: { denied: () => true } });
      const finished = await runTuneQuickly(one, account.env, { speed: 100 });
      expect(finished.code).toBe(3);
      const run = savedRun(finished);
      expect(run.cheapest).toBeNull();
      expect(run.configurations.map(({ status }) => status)).toEqual(['unmeasured', 'unmeasured']);
      const [measurement] = run.configurations.flatMap(({ measurements }) => measurements);
      expect(measurement).toMatchObject({
        outcome: 'unreported',
        reason: expect.stringMatching(/^the execution role cannot write the log group /),
      });
      expect(account.endpoint.snapshot().functions.map(({ functionName }) => functionName)).toEqual(['orders']);
    });
  });
});
