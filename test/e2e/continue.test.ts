import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { zipOf } from '../local/lab.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, createOrders, openAccount, savedRun } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '256,512', '--architecture', 'x86_64', '--yes', '--json'];

describe('samples that are paid once', () => {
  let account: Account;
  let folder: string;
  beforeEach(async () => {
    const executor = scriptedExecutor(
      ({ environment, invocation }) => ({
        durationMs: 80 + 4 * Math.sin(3 * environment + 5 * invocation),
        initDurationMs: 400,
        maxMemoryUsedMb: 70,
      }),
      { waiting: 'none' },
    );
    account = await openAccount({ executor });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'continue-'));
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });
  const run = (...flags: readonly string[]) => runTuneQuickly([...sweep, ...flags], account.env, { cwd: folder });
  const file = () => join(folder, 'run.json');
  const invoked = () => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length;

  it('--continue adds what is missing to an earlier run of the same code', async () => {
    await writeFile(file(), (await run('--invocations', '6')).stdout);
    account.under({});
    const finished = await run('--invocations', '10', '--continue', file());
    expect(finished.code).toBe(0);
    const { configurations, continued, spend } = savedRun(finished);
    expect(configurations.map(({ warm }) => warm?.count)).toEqual([10, 10]);
    // Four more warm ones of each size, and a cold one of each new environment.
    expect(invoked()).toBe(2 * (4 + 2));
    expect(spend.invocations).toBe(12);
    expect(continued?.measurements).toBe(2 * (6 + 2));
  });

  it('--continue calls nothing and creates nothing when the earlier run has it all', async () => {
    await writeFile(file(), (await run('--invocations', '6')).stdout);
    account.under({});
    const finished = await run('--invocations', '6', '--continue', file());
    expect([finished.code, invoked()]).toEqual([0, 0]);
    expect(account.endpoint.calls().filter(({ operation }) => operation === 'CreateFunction')).toEqual([]);
    expect(savedRun(finished).configurations.map(({ warm }) => warm?.count)).toEqual([6, 6]);
  });

  it.each<[string, readonly string[], string]>([
    ['other payloads', ['--payload', '{"a":1}'], 'payloads was'],
    ['other variables', ['--env', 'X=1'], 'variables of --env was none, is X'],
  ])('--continue refuses a run with %s, and says what differs', async (_name, flags, said) => {
    await writeFile(file(), (await run('--invocations', '2')).stdout);
    account.under({});
    const finished = await run(...flags, '--continue', file());
    expect([finished.code, invoked()]).toEqual([2, 0]);
    expect(finished.stderr).toContain(said);
  });

  it('--continue refuses a run of other code, and one of the day before yesterday', async () => {
    const text = (await run('--invocations', '2')).stdout;
    const day = 24 * 3600 * 1000;
    const old = text.replaceAll(/"(startedAt|finishedAt)": "([^"]+)"/g, (_, key: string, at: string) => {
      return `"${key}": "${new Date(Date.parse(at) - 2 * day).toISOString()}"`;
    });
    await writeFile(file(), old);
    expect(await run('--continue', file())).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is not recent'),
    });
    await writeFile(file(), text);
    const ZipFile = await zipOf({ 'index.mjs': 'export const handler = async () => 2;' });
    await account.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'orders', ZipFile }));
    expect(await run('--continue', file())).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('codeSha256 was'),
    });
  });

  it('--cold-share compares by a mixture that is stated, with cold starts made for it', async () => {
    const finished = await run(
      '--invocations',
      '6',
      '--cold-starts',
      '5',
      '--cold-share',
      '10%',
      '--report',
      'table=t.txt',
    );
    expect(finished.code).toBe(0);
    for (const { blended, warm, cold } of savedRun(finished).configurations) {
      expect(cold?.count).toBe(5);
      const mixed = 0.9 * (warm?.costUsd.mean ?? 0) + 0.1 * (cold?.costUsd.mean ?? 0);
      expect(blended?.costUsd.mean).toBeCloseTo(mixed, 12);
      expect(blended?.coldShare).toBe(0.1);
    }
    expect(await readFile(join(folder, 't.txt'), 'utf8')).toMatch(/10 % cold starts/);
  });
});
