import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import {
  type Account,
  accountPicture,
  canary,
  createOrders,
  type Finished,
  openAccount,
  runTune,
  savedRun,
} from './support.ts';

/** Time falls with memory up to one vCPU; nothing else is random. */
const cpuBound: Script = ({ spec, invocation }) => ({
  durationMs: 20_000 / Math.min(spec.memoryMb, 1769) + (invocation % 3),
  initDurationMs: 150,
  maxMemoryUsedMb: 70,
});

const sweep = ['--function', 'orders', '--memory', '128,512,1024', '--invocations', '6', '--yes'];

// Time really passes: invocations side by side overlap, and so need environments of their own.
const openShop = async () => {
  const account = await openAccount({ executor: scriptedExecutor(cpuBound) });
  await createOrders(account);
  return account;
};

describe('a sweep', () => {
  let account: Account;
  let before: unknown;
  let finished: Finished;
  beforeAll(async () => {
    account = await openShop();
    before = accountPicture(account.endpoint.snapshot());
    finished = await runTune([...sweep, '--json'], account.env);
  });
  afterAll(() => account.close());

  it('measures every size on both architectures and leaves the account as it was', async () => {
    expect(finished).toMatchObject({ code: 0 });
    const run = savedRun(finished);
    expect(run.backend).toBe('aws');
    expect(run.configurations.map(({ status, warm, cold }) => [status, warm?.count, cold?.count])).toEqual(
      Array.from({ length: 6 }, () => ['measured', 6, 2]),
    );
    expect(run.cheapest).toMatchObject({ architecture: 'arm64' });
    expect(run.leftBehind).toEqual([]);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });

  it('only reads the target', () => {
    const reads = /^(Get|List|Invoke$)/;
    const writes = account.endpoint
      .calls()
      .filter(({ operation, resource }) => !reads.test(operation) && /function:orders(:|$)/.test(resource));
    expect(writes).toEqual([]);
    const invoked = account.endpoint.calls().filter(({ operation }) => operation === 'Invoke');
    expect(invoked.length).toBeGreaterThan(0);
    expect(invoked.every(({ resource }) => resource.includes('function:tune-'))).toBe(true);
  });

  it('names each environment by its log stream', () => {
    for (const row of savedRun(finished).configurations) {
      const environments = new Set(row.measurements.map(({ environment }) => environment));
      expect(environments.size).toBe(2);
      for (const environment of environments) expect(environment).toMatch(/^\d{4}\/\d\d\/\d\d\/tune-/);
    }
  });
});

describe('tune --function', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openShop();
  });
  afterEach(() => account.close());

  it('measures the version behind an alias', async () => {
    const run = savedRun(await runTune(['--function', 'orders:live', ...sweep.slice(2), '--json'], account.env));
    expect(run.target).toMatchObject({ functionName: 'orders', qualifier: 'live', version: '1' });
  });

  it('never shows environment values or credentials', async () => {
    const finished = await runTune([...sweep, '--json', '--env', `EXTRA=${canary}-overlay`], account.env);
    expect(finished.code).toBe(0);
    expect(finished.stdout + finished.stderr).not.toContain(canary);
  });

  it('makes no writing call in a dry run', async () => {
    const finished = await runTune([...sweep, '--dry-run', '--json'], account.env);
    expect(finished.code).toBe(0);
    expect(savedRun(finished)).toMatchObject({ ended: 'dryRun', cheapest: null });
    const writes = account.endpoint.calls().filter(({ operation }) => !/^(Get|List|Describe)/.test(operation));
    expect(writes).toEqual([]);
    expect(await account.journals()).toEqual([]);
  });

  it('asks for consent where nobody can be asked', async () => {
    const finished = await runTune(sweep.slice(0, -1), account.env);
    expect(finished).toMatchObject({ code: 2, stdout: '' });
    expect(finished.stderr).toContain('--max-spend-usd');
  });

  it('stops at the spend cap with what is known, and never exceeds it', async () => {
    // Invocations take no time here: with so small a cap they go one by one.
    const quick = await openAccount({ script: cpuBound });
    await createOrders(quick);
    const capUsd = 0.0004;
    const args = ['--function', 'orders', '--memory', '512,1024', '--invocations', '200', '--json'];
    const run = savedRun(await runTune([...args, '--max-spend-usd', String(capUsd)], quick.env));
    expect(run.ended).toBe('spendCap');
    expect(run.spend.actualUsd).toBeLessThanOrEqual(capUsd);
    expect(run.spend.actualUsd).toBeGreaterThan(capUsd / 4);
    expect(quick.endpoint.snapshot().functions.map(({ functionName }) => functionName)).toEqual(['orders']);
    await quick.close();
  });

  it('lets two runs tune one target at once', async () => {
    const before = accountPicture(account.endpoint.snapshot());
    const both = await Promise.all([
      runTune([...sweep, '--json'], account.env),
      runTune([...sweep, '--json'], account.env),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });
});
