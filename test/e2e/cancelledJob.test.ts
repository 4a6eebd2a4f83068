import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { until } from '../local/lab.ts';
import { type Account, accountPicture, createOrders, openAccount, root, runTune } from './support.ts';

/**
 * What GitHub does to a cancelled job, five times as fast: SIGINT to the entry process of the step, later SIGTERM, later
 * SIGKILL. Nothing else of the step hears of it.
 */
describe('a cancelled job', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 40, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
    folder = await mkdtemp(join(tmpdir(), 'job-'));
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const binary = join(root, 'bin', 'tune.js');
  const args = '--function orders --memory 256,512 --invocations 2000 --yes';
  const command = `'${process.execPath}' '${binary}' ${args}`;
  const isClean = () => JSON.stringify(accountPicture(account.endpoint.snapshot())) === JSON.stringify(before);

  async function cancel(
    file: string,
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const entry = spawn(file, argv, { env: { ...account.env, ...env }, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [entry.stdout, entry.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const closed = new Promise<void>((resolve) => entry.on('close', () => resolve()));
    await until(() => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length > 20);
    for (const [signal, ms] of [
      ['SIGINT', 1500],
      ['SIGTERM', 500],
    ] as const) {
      entry.kill(signal);
      await Promise.race([closed, wait(ms)]);
    }
    entry.kill('SIGKILL');
    await closed;
    return output;
  }

  it.each([
    ['under bash -e, which hands no signal on: the lost shell is noticed', 'bash', ['-e', '-c', `${command}; true`]],
    ['under npm exec, which hands no signal on either', 'npm', ['exec', '--offline', '-c', command]],
    ['as the entry process itself, by exec', 'bash', ['-c', `exec ${command}`]],
  ] as const)('%s, and everything is removed', async (_name, file, argv) => {
    await cancel(file, argv);
    await until(isClean);
    expect(await account.journals()).toEqual([]);
  });

  it('in the action hands signals on, and its post step finishes what is left', async () => {
    const state = join(folder, 'state');
    const action = {
      INPUT_ARGS: args,
      INPUT_CLI: binary,
      GITHUB_WORKSPACE: root,
      GITHUB_STATE: state,
      RUNNER_TEMP: folder,
    };
    const output = await cancel(process.execPath, [join(root, 'action', 'main.mjs')], action);
    const run = /^run=(gh-[0-9a-f]{10})$/m.exec(await readFile(state, 'utf8'))?.[1] ?? '';
    expect(output).toContain('::notice title=tune%3A orders::');
    await runPost({ ...action, STATE_run: run });
    expect(isClean()).toBe(true);
  });

  it('killed in the action before it could do anything is cleaned up after by the post step alone', async () => {
    const state = join(folder, 'state');
    const action = {
      INPUT_ARGS: args,
      INPUT_CLI: binary,
      GITHUB_WORKSPACE: root,
      GITHUB_STATE: state,
      RUNNER_TEMP: folder,
    };
    const entry = spawn(process.execPath, [join(root, 'action', 'main.mjs')], {
      env: { ...account.env, ...action },
      cwd: root,
      stdio: 'ignore',
      detached: true,
    });
    await until(() => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length > 20);
    // A runner that dies takes the whole tree with it.
    process.kill(-(entry.pid ?? 0), 'SIGKILL');
    const run = /^run=(.+)$/m.exec(await readFile(state, 'utf8'))?.[1] ?? '';
    await wait(300);
    if (!isClean()) await runPost({ ...action, STATE_run: run });
    expect((await runTune(['cleanup', '--run', run], account.env)).code).toBe(0);
    expect(isClean()).toBe(true);
  });

  async function runPost(env: Readonly<Record<string, string>>): Promise<void> {
    const post = spawn(process.execPath, [join(root, 'action', 'post.mjs')], {
      env: { ...account.env, ...env },
      cwd: root,
      stdio: 'ignore',
    });
    expect(await new Promise((resolve) => post.on('close', resolve))).toBe(0);
  }
});
