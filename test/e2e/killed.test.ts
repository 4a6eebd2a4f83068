import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TagResourceCommand as TagLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { TagResourceCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { until } from '../local/lab.ts';
import { type Account, accountPicture, createOrders, openAccount, root, runTune, startTune } from './support.ts';

const long = [
  '--function',
  'orders',
  '--memory',
  '128,512,1024',
  '--invocations',
  '2000',
  '--yes',
  '--run-id',
  'killed',
];

describe('a run that is killed', () => {
  let account: Account;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 40, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(() => account.close());

  const calls = (operation: RegExp) => account.endpoint.calls().filter((call) => operation.test(call.operation)).length;
  const picture = () => accountPicture(account.endpoint.snapshot());
  const shadowNames = () =>
    account.endpoint
      .snapshot()
      .functions.map(({ functionName }) => functionName)
      .filter((name) => name.startsWith('tune-'));

  async function killAt(operation: RegExp, count: number, args: readonly string[] = long): Promise<void> {
    const run = startTune(args, account.env);
    await until(() => calls(operation) >= count);
    run.kill('SIGKILL');
    await run.finished;
    // What was on its way arrives.
    await until(() => account.endpoint.snapshot().invocationsInFlight === 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  describe.each([
    ['as its log group is made', /^CreateLogGroup$/, 1],
    ['as its reference is made', /^CreateFunction$/, 1],
    ['as a later shadow is made', /^CreateFunction$/, 4],
    ['while it measures', /^Invoke$/, 20],
  ])('%s', (_, operation, count) => {
    it('is cleaned up after by its journal', async () => {
      account.under({ latencyMs: 40 });
      await killAt(operation, count);
      const cleanup = await runTune(['cleanup'], account.env);
      expect(cleanup).toMatchObject({ code: 0, stdout: expect.stringMatching(/^clean: /m) });
      expect(picture()).toEqual(before);
      expect(await account.journals()).toEqual([]);
    });

    it('is cleaned up after by its run id when the disk is gone', async () => {
      account.under({ latencyMs: 40 });
      await killAt(operation, count);
      await rm(account.stateFolder, { recursive: true });
      const cleanup = await runTune(['cleanup', '--run', 'killed'], account.env);
      expect(cleanup.code).toBe(0);
      expect(picture()).toEqual(before);
    });
  });

  it('during its own removal is cleaned up after', async () => {
    account.under({ latencyMs: 150 });
    await killAt(/^DeleteFunction$/, 2, [...long.slice(0, 4), '--invocations', '2', '--yes']);
    expect((await runTune(['cleanup'], account.env)).code).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('is not touched on another machine while its lease runs, and removed once the lease has passed', async () => {
    await killAt(/^Invoke$/, 20);
    await rm(account.stateFolder, { recursive: true });
    // How many there are is a matter of how far creating had come beside the twenty invocations.
    const left = shadowNames();
    expect(left.length).toBeGreaterThan(0);
    const early = await runTune(['cleanup'], account.env);
    expect(early).toMatchObject({ code: 0, stdout: expect.stringContaining('clean: 0 removed') });
    expect(shadowNames()).toEqual(left);

    const passed = { 'lambda-tune:expires': '2020-01-01T00:00:00.000Z' };
    for (const functionName of left) {
      const arn = `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`;
      await account.lambda.send(new TagResourceCommand({ Resource: arn, Tags: passed }));
    }
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/tune-killed';
    await account.logs.send(new TagLogGroupCommand({ resourceArn: arn, tags: passed }));
    expect((await runTune(['cleanup'], account.env)).code).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('leaves nothing for long: the next run on this machine removes it and says so', async () => {
    await killAt(/^Invoke$/, 20);
    const next = await runTune([...long.slice(0, 4), '--invocations', '2', '--yes'], account.env);
    expect(next.code).toBe(0);
    expect(next.stderr + next.stdout).toMatch(/leftovers of earlier runs|killed run had left/);
    expect(picture()).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });

  it('is shown by a dry clean-up, which removes nothing', async () => {
    await killAt(/^Invoke$/, 20);
    account.under({});
    const dry = await runTune(['cleanup', '--dry-run'], account.env);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('tune-killed-x86_64-1-orders');
    expect(calls(/^Delete/)).toBe(0);
    expect((await runTune(['cleanup'], account.env)).code).toBe(0);
  });
});

describe('a run whose surroundings go away', () => {
  let account: Account;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 40, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(() => account.close());

  const tuneCommand = [process.execPath, join(root, 'bin', 'tune.js'), ...long].map((word) => `'${word}'`).join(' ');

  function startShell(script: string) {
    const shell = spawn('bash', ['-c', script], { env: account.env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const closed = new Promise<string>((resolve) => shell.on('close', () => resolve(output)));
    return { kill: () => shell.kill('SIGKILL'), closed };
  }

  it('stops and cleans up when nobody reads its output any more', async () => {
    // The plan is written at once; head leaves after its first line.
    const output = await startShell(
      `exec 3>&1; { ${tuneCommand} 2>&1; echo "code $?" >&3; } | head -n 1 >/dev/null; exit 0`,
    ).closed;
    expect(output).toBe('code 143\n');
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('stops and cleans up when the shell that started it is killed', async () => {
    const shell = startShell(`${tuneCommand} --json; true`);
    await until(() => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length > 20);
    shell.kill();
    const output = await shell.closed;
    expect(output).toContain('"ended": "interrupted"');
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });
});
