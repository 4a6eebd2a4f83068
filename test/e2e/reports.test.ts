import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { until } from '../local/lab.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, createOrders, openAccount, savedRun, startTune } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '128,512', '--architecture', 'x86_64', '--yes'];

describe('the reports of a run', () => {
  let account: Account;
  let folder: string;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 30, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'reports-'));
    await mkdir(join(folder, 'out'));
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const calls = (operation: string) => account.endpoint.calls().filter((call) => call.operation === operation).length;
  const saved = async (name: string) => readFile(join(folder, name), 'utf8');

  it('are written beside what is printed, the JSON the same in both', async () => {
    const finished = await runTuneQuickly(
      [...sweep, '--invocations', '3', '--json', '--report', 'json=out/run.json', '--report', 'markdown=out/run.md'],
      account.env,
      { cwd: folder },
    );
    expect(finished.code).toBe(0);
    expect(await saved('out/run.json')).toBe(finished.stdout);
    expect(await saved('out/run.md')).toContain('orders');
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['run.json', 'run.md']);
  });

  it('take their options from tune.config.json, over which flags win', async () => {
    await writeFile(
      join(folder, 'tune.config.json'),
      JSON.stringify({
        function: 'orders',
        memory: [256],
        architecture: 'x86_64',
        invocations: 2,
        yes: true,
        json: true,
      }),
    );
    const run = savedRun(await runTuneQuickly(['--memory', '512'], account.env, { cwd: folder }));
    expect(run.configurations.map(({ memoryMb }) => memoryMb)).toEqual([512]);
    expect(run.options).toMatchObject({ invocations: 2, architectures: ['x86_64'] });
  });

  it('are written when the run is interrupted', async () => {
    const run = startTune(
      [...sweep, '--invocations', '2000', '--json', '--report', 'json=out/run.json'],
      account.env,
      folder,
    );
    await until(() => calls('Invoke') > 20);
    run.kill('SIGINT');
    const finished = await run.finished;
    expect(finished.code).toBe(130);
    expect(await saved('out/run.json')).toBe(finished.stdout);
    expect(savedRun(finished).ended).toBe('interrupted');
  });

  it('are written when something is left behind', async () => {
    account.under({ deny: [{ action: 'lambda:DeleteFunction', resource: '*' }] });
    const finished = await runTuneQuickly(
      [...sweep, '--invocations', '2', '--quiet', '--report', 'json=out/run.json'],
      account.env,
      { cwd: folder },
    );
    expect(finished.code).toBe(5);
    expect(JSON.parse(await saved('out/run.json')).leftBehind.length).toBeGreaterThan(1);
    expect(finished.stderr).toContain('aws lambda delete-function');
  });

  it('are saved elsewhere when their folder has gone in the meantime', async () => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    const run = startTune(
      [...sweep, '--invocations', '20', '--json', '--report', 'json=out/run.json'],
      { ...account.env, TMPDIR: temporary },
      folder,
    );
    await until(() => calls('Invoke') > 0);
    await rm(join(folder, 'out'), { recursive: true });
    const finished = await run.finished;
    expect(finished.code).toBe(0);
    const [name = ''] = await readdir(temporary);
    expect(finished.stderr).toContain(join(temporary, name));
    expect(await readFile(join(temporary, name), 'utf8')).toBe(finished.stdout);
  });
});

describe('two runs of one id', () => {
  let account: Account;
  let other: string;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 30, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    other = await mkdtemp(join(tmpdir(), 'tune-other-'));
  });
  afterEach(async () => {
    await account.close();
    await rm(other, { recursive: true, force: true });
  });

  it.each([
    ['on one machine', false],
    ['on two machines', true],
  ])('%s: the second is refused and takes nothing from the first', async (_, elsewhere) => {
    const args = [...sweep, '--run-id', 'build-7', '--json'];
    const invoked = () => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length;
    const first = startTune([...args, '--invocations', '2000'], account.env);
    await until(() => invoked() > 4);
    const env = elsewhere ? { ...account.env, TUNE_STATE_DIR: other } : account.env;
    const second = await runTuneQuickly([...args, '--invocations', '2'], env);
    expect(second.code).not.toBe(0);
    expect(second.code).not.toBe(70);
    expect(second.stderr).toContain('build-7');

    const soFar = invoked();
    await until(() => invoked() > soFar + 20);
    first.kill('SIGINT');
    const finished = await first.finished;
    expect(finished.code).toBe(130);
    const failures = savedRun(finished).configurations.map((row) => [
      row.failures.functionError,
      row.failures.timedOut,
    ]);
    expect(failures).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(account.endpoint.snapshot().functions.map(({ functionName }) => functionName)).toEqual(['orders']);
    expect(account.endpoint.snapshot().logGroups).toEqual([]);
  });
});
