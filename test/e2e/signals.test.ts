import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { until } from '../local/lab.ts';
import {
  type Account,
  accountPicture,
  createOrders,
  openAccount,
  type Running,
  savedRun,
  startTune,
} from './support.ts';

/** Would take minutes: whoever waits for the end of it has waited for the interruption. */
const long = [
  '--function',
  'orders',
  '--memory',
  '128,512,1024',
  '--invocations',
  '2000',
  '--yes',
  '--run-id',
  'stopped',
];

/** GitHub kills a cancelled step ten seconds after it asked; two are left for a slow machine. */
const patienceMs = 8000;

describe('an interruption', () => {
  let account: Account;
  let before: unknown;
  let durationMs: number;
  const script: Script = () => ({ durationMs, maxMemoryUsedMb: 70 });
  beforeEach(async () => {
    durationMs = 40;
    account = await openAccount({ executor: scriptedExecutor(script) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(() => account.close());

  const calls = (operation: RegExp) => account.endpoint.calls().filter((call) => operation.test(call.operation)).length;

  /** SIGKILL when it takes too long, which no expectation of a test meets. */
  async function interrupt(run: Running, signal: NodeJS.Signals) {
    run.kill(signal);
    const timer = setTimeout(() => run.kill('SIGKILL'), patienceMs);
    const finished = await run.finished;
    clearTimeout(timer);
    return finished;
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s while measuring prints what is known, leaves nothing and ends with %i', async (signal, code) => {
    const run = startTune([...long, '--json'], account.env);
    await until(() => calls(/^Invoke$/) > 60);
    const finished = await interrupt(run, signal);
    expect(finished).toMatchObject({ code, signal: null });
    const saved = savedRun(finished);
    expect(saved.ended).toBe('interrupted');
    expect(saved.leftBehind).toEqual([]);
    expect(saved.spend.invocations).toBeGreaterThan(30);
    expect(saved.cheapest).not.toBeNull();
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });

  it('says in the table that the run was interrupted', async () => {
    const run = startTune(long, account.env);
    await until(() => calls(/^Invoke$/) > 60);
    const finished = await interrupt(run, 'SIGINT');
    expect(finished.code).toBe(130);
    expect(finished.stdout).toMatch(/interrupted/i);
    expect(finished.stderr).not.toMatch(/this is a bug|\n {4}at /);
  });

  it('does not wait for calls that take long', async () => {
    durationMs = 60_000;
    account.under({});
    const run = startTune([...long, '--json'], account.env);
    await until(() => calls(/^Invoke$/) > 0);
    const finished = await interrupt(run, 'SIGTERM');
    expect(finished).toMatchObject({ code: 143, signal: null });
    expect(savedRun(finished).configurations.flatMap(({ measurements }) => measurements)).toMatchObject([
      { outcome: 'unreported', reason: 'no longer waited for: the run was stopping' },
    ]);
    expect(account.endpoint.snapshot().functions.map(({ functionName }) => functionName)).toEqual(['orders']);
  });

  it('before anything is created creates nothing', async () => {
    account.under({ latencyMs: 300 });
    const run = startTune([...long, '--json'], account.env);
    await until(() => calls(/^GetFunction$/) > 0);
    const finished = await interrupt(run, 'SIGINT');
    expect(finished.code).toBe(130);
    expect(calls(/^(Create|Put|Tag|Invoke$)/)).toBe(0);
  });

  it.each([
    ['CreateLogGroup', /^CreateLogGroup$/, 1],
    ['the first CreateFunction', /^CreateFunction$/, 1],
    ['a later CreateFunction', /^CreateFunction$/, 4],
  ])('during %s leaves nothing', async (_, operation, count) => {
    account.under({ latencyMs: 150, states: { pendingMs: 300, updateMs: 100, publishMs: 100 } });
    const run = startTune([...long, '--json'], account.env);
    await until(() => calls(operation) >= count);
    const finished = await interrupt(run, 'SIGTERM');
    expect(finished).toMatchObject({ code: 143, signal: null });
    expect(savedRun(finished)).toMatchObject({ ended: 'interrupted', leftBehind: [] });
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });

  it('during the clean-up lets the clean-up finish', async () => {
    account.under({ latencyMs: 100 });
    const short = [...long.slice(0, 4), '--invocations', '2', '--yes', '--json'];
    const run = startTune(short, account.env);
    await until(() => calls(/^DeleteFunction$/) > 0);
    const finished = await interrupt(run, 'SIGINT');
    expect(finished).toMatchObject({ code: 130, signal: null });
    expect(savedRun(finished).configurations.every(({ status }) => status === 'measured')).toBe(true);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('that comes twice ends at once and names the clean-up, which then removes everything', async () => {
    const stuck: TestingOptions['faults'] = ({ operation }) => (/^Delete/.test(operation) ? 'hang' : undefined);
    account.under({ faults: stuck });
    const run = startTune([...long, '--json'], account.env);
    await until(() => calls(/^Invoke$/) > 20);
    run.kill('SIGINT');
    await until(() => calls(/^DeleteFunction$/) > 0);
    const finished = await interrupt(run, 'SIGINT');
    expect(finished).toMatchObject({ code: 130, signal: null, stdout: '' });
    expect(finished.stderr).toContain('tune cleanup --run stopped');

    account.under({});
    const cleanup = await startTune(['cleanup', '--run', 'stopped'], account.env).finished;
    expect(cleanup.code).toBe(0);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });
});
