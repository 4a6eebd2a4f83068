import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../src/documents/savedDocument.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { checkResultSchema } from '../../src/model/check.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, canary, createOrders, openAccount, root } from './support.ts';

/** Calls scatter by some 5 %, hosts by 2 %; nothing depends on when it is asked. */
const executor = () =>
  scriptedExecutor(
    ({ environment, invocation }) => ({
      durationMs:
        200 * (1 + 0.05 * Math.sin(7.3 * environment + 3.1 * invocation)) * (1 + 0.03 * Math.cos(1.7 * environment)),
      initDurationMs: 150,
      maxMemoryUsedMb: 70,
    }),
    { waiting: 'none' },
  );

describe('tune baseline', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: executor() });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'baseline-'));
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(async () => {
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const tune = (...args: readonly string[]) => runTuneQuickly(args, account.env, { cwd: folder });
  const saved = async (name: string) => parseSavedRun(await readFile(join(folder, name), 'utf8'), name);

  it('makes an ordinary saved run with which an unchanged function passes, and leaves nothing', async () => {
    const made = await tune('baseline', '--function', 'orders', '--yes', '--report', 'json=base.json');
    expect([made.code, made.stdout]).toEqual([
      0,
      'orders at 512 MB on x86_64: 100 warm calls in 32 environments. A check can decide with it.\n',
    ]);
    expect((await saved('base.json')).configurations).toHaveLength(1);
    expect(made.stdout + made.stderr).not.toContain(canary);

    const checked = await tune('check', '--function', 'orders', '--baseline', 'base.json', '--yes', '--json');
    const [one] = checkResultSchema.parse(JSON.parse(checked.stdout)).functions;
    expect([checked.code, one?.verdict, one?.identical]).toEqual([0, 'passed', true]);
    expect((await tune('report', 'base.json')).code).toBe(0);
  });

  it('takes the limit of the checks into account', async () => {
    const wide = ['--max-cost-increase', '25%', '--report', 'json=base.json'];
    expect((await tune('baseline', '--function', 'orders', '--yes', ...wide)).stdout).toContain(
      '50 warm calls in 4 environments',
    );
  });

  it('makes no writing call in a dry run, and names what it would cost', async () => {
    const { code, stderr } = await tune('baseline', '--function', 'orders', '--dry-run', '--report', 'json=base.json');
    expect(code).toBe(0);
    expect(stderr).toContain('for some 132 calls');
    const written = account.endpoint
      .calls()
      .filter(({ operation }) => /^(Create|Update|Delete|Publish|Put|Invoke)/.test(operation));
    expect(written).toEqual([]);
  });

  it('that the cap cuts short is saved with what there is, and ends with 4', async () => {
    const capped = ['--max-spend-usd', '0.00014', '--report', 'json=base.json'];
    const made = await tune('baseline', '--function', 'orders', '--yes', ...capped);
    expect(made.code).toBe(4);
    expect((await saved('base.json')).ended).toBe('spendCap');
  });

  it('needs a file to go to', async () => {
    expect(await tune('baseline', '--function', 'orders', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--report json=base.json'),
    });
  });

  it('is needed: a run that cannot decide is refused before anything is created, with the command for this function', async () => {
    await tune(
      '--function',
      'orders',
      '--memory',
      '512',
      '--architecture',
      'x86_64',
      '--concurrency',
      '1',
      '--yes',
      '--report',
      "json=it's.json",
    );
    account.under({});
    const refused = await tune('check', '--function', 'orders', '--baseline', "it's.json", '--yes');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("No check can decide with it's.json: it holds 20 warm calls in 1 environment");
    expect(refused.stderr).toContain(
      "tune baseline --function orders --memory 512 --architecture x86_64 --report 'json=it'\\''s.json'",
    );
    expect(account.endpoint.calls().some(({ operation }) => /^(Create|Publish|Invoke)/.test(operation))).toBe(false);
  });

  it('of a fleet writes the file that each function names, with which the whole check passes', async () => {
    await writeFile(
      join(folder, 'tune.config.json'),
      JSON.stringify({
        maxSpendUsd: 1,
        functions: [
          { function: 'orders', baseline: 'orders.json' },
          { function: 'orders:live', baseline: 'live.json', maxCostIncrease: '10%' },
        ],
      }),
    );
    const made = await tune('baseline');
    expect([made.code, made.stdout.trim().split('\n').length]).toEqual([0, 2]);
    expect(made.stdout).toContain('It was saved as live.json.');
    expect((await saved('live.json')).target.qualifier).toBe('live');
    expect((await tune('check')).code).toBe(0);
  });

  it('of a fleet loses no other file where one cannot be written at the end, and ends with 2', async () => {
    // There is no room in the name for that of the file that is written first.
    const unwritable = `${'x'.repeat(250)}.json`;
    await writeFile(
      join(folder, 'tune.config.json'),
      JSON.stringify({
        maxSpendUsd: 1,
        functions: [
          { function: 'orders', baseline: unwritable },
          { function: 'orders:live', baseline: 'live.json', maxCostIncrease: '10%' },
        ],
      }),
    );
    const made = await tune('baseline');
    expect([made.code, made.stdout.trim().split('\n').length]).toEqual([2, 2]);
    expect(made.stderr).toContain('could not be written (ENAMETOOLONG)');
    expect(made.stdout.match(/It was saved as/g)).toHaveLength(1);
    expect((await saved('live.json')).target.qualifier).toBe('live');
  });

  it('follows --update-baseline: what a check writes decides the next one', async () => {
    const flags = ['check', '--function', 'orders', '--baseline', 'base.json', '--update-baseline', '--yes'];
    expect((await tune(...flags, '--allow-missing-baseline')).code).toBe(0);
    expect((await saved('base.json')).configurations[0]?.warm).toMatchObject({ count: 100, environments: 32 });
    expect((await tune(...flags)).code).toBe(0);
    const updated = (await saved('base.json')).configurations[0]?.warm;
    expect(updated?.environments).toBeGreaterThanOrEqual(32);
    expect(updated?.count).toBeGreaterThanOrEqual(100);
  });

  it('of a function that always fails is no baseline: 3, with the reason', async () => {
    await account.close();
    account = await openAccount({
      executor: scriptedExecutor(() => ({ durationMs: 5, failure: { errorType: 'Oops', errorMessage: 'no' } })),
    });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
    const made = await tune('baseline', '--function', 'orders', '--yes', '--report', 'json=base.json');
    expect(made.code).toBe(3);
  });
});

describe('tune baseline of a folder, here', () => {
  it('opens four environments and more, and the check with it comes to a verdict', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baseline-'));
    try {
      await cp(join(root, 'fixtures/functions/empty-node'), join(folder, 'fn'), { recursive: true });
      const env = { PATH: process.env.PATH ?? '', HOME: folder };
      const limits = ['--max-cost-increase', '50%'];
      const made = await runTuneQuickly(
        ['baseline', '--function', './fn', '--memory', '1024', '--report', 'json=base.json', ...limits],
        env,
        { cwd: folder },
      );
      expect(made.code).toBe(0);
      const run = parseSavedRun(await readFile(join(folder, 'base.json'), 'utf8'), 'base.json');
      expect(run.configurations[0]?.warm?.environments).toBeGreaterThanOrEqual(4);
      const checked = await runTuneQuickly(
        ['check', '--function', './fn', '--baseline', 'base.json', '--json', ...limits],
        env,
        { cwd: folder },
      );
      const [one] = checkResultSchema.parse(JSON.parse(checked.stdout)).functions;
      // On a busy machine it may stay open; it is never refused and never ends for want of environments.
      expect([one?.identical, one?.error, one?.undecided === 'fewEnvironments']).toEqual([true, undefined, false]);
      expect(one?.samples.current).toBeGreaterThanOrEqual(12);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('does not excuse a regression by a variable: no file holds its values, so equal code is not all there is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baseline-'));
    try {
      await mkdir(join(folder, 'fn'));
      const handler =
        'export const handler = () => new Promise((done) => setTimeout(done, Number(process.env.WAIT_MS), 1));';
      await writeFile(join(folder, 'fn', 'index.mjs'), handler);
      const env = { PATH: process.env.PATH ?? '', HOME: folder };
      const asked = ['--function', './fn', '--memory', '1024', '--max-cost-increase', '50%'];
      const made = await runTuneQuickly(
        ['baseline', ...asked, '--env', 'WAIT_MS=40', '--report', 'json=base.json'],
        env,
        { cwd: folder },
      );
      expect(made.code).toBe(0);
      const checked = await runTuneQuickly(
        ['check', ...asked, '--env', 'WAIT_MS=120', '--baseline', 'base.json', '--json'],
        env,
        { cwd: folder },
      );
      const [one] = checkResultSchema.parse(JSON.parse(checked.stdout)).functions;
      expect([one?.identical, one?.verdict, checked.code]).toEqual([true, 'regressed', 1]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
