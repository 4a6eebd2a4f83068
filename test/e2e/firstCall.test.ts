import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { zipOf } from '../local/lab.ts';
import { type Account, canary, createOrders, openAccount, runTune, startTune } from './support.ts';

/** A function that does not work: the cause is named by what failed and where, and its own last words are shown. */
describe('a first call that fails here', () => {
  let folder: string;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'first-call-'));
    env = { PATH: process.env.PATH ?? '', HOME: folder, TUNE_STATE_DIR: join(folder, 'state'), TMPDIR: folder };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function measured(files: Readonly<Record<string, string>>, ...more: readonly string[]) {
    const path = await mkdtemp(join(folder, 'fn-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
      if (name === 'bootstrap') await chmod(join(path, name), 0o755);
    }
    return runTune(['--function', path, '--memory', '512', '--invocations', '1', '--quiet', ...more], env);
  }

  const cloud = /role|kms|own name|policy/i;

  it('for want of a variable names it, with the log and without the values that were given', async () => {
    const code =
      'import os\ndef lambda_handler(event, context):\n    print("with", os.environ["TOKEN"], event)\n    return os.environ["TABLE"]\n';
    const { code: exit, stderr } = await measured(
      { 'lambda_function.py': code },
      ...['--env', `TOKEN=${canary}`, '--payload', '{"card":"4111-canary-1111"}'],
    );
    expect(exit).toBe(3);
    expect(stderr).toContain("The function cannot be measured: its first 3 calls failed. It said: KeyError: 'TABLE'");
    expect(stderr).toContain('--env TABLE=…');
    expect(stderr).toContain("| with *** {'card': '***'}\n");
    expect(stderr).toContain('return os.environ["TABLE"]');
    expect(stderr).not.toMatch(/canary/);
    expect(stderr).not.toMatch(cloud);
    // Nothing was measured, so there is nothing to go on from.
    expect(stderr).not.toContain('--resume');
  });

  it.each([
    [
      'a handler that its file does not export',
      { 'index.mjs': 'export const handler = () => 1;' },
      ['--handler', 'index.main'],
      /Correct --handler\./,
    ],
    ['code that cannot be parsed', { 'index.mjs': 'export const handler = (;' }, [], /cannot be parsed/],
    [
      'a program that is not there',
      { bootstrap: '#!/bin/sh\nexec ./server\n' },
      [],
      /Exit status 127.*\n.*\n +\| .*\.\/server: not found/,
    ],
  ])('for %s', async (_, files, more, said) => {
    const { code, stderr } = await measured(files as unknown as Record<string, string>, ...more);
    expect(code).toBe(3);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(cloud);
    expect(stderr).not.toContain('bootstraps/');
  });

  it('for its time says so, with its last words, when that is all there is', async () => {
    const code =
      'export const handler = () => { console.log("waiting for the queue"); return new Promise((done) => setTimeout(done, 60_000)); };';
    const { code: exit, stderr } = await measured({ 'index.mjs': code }, '--timeout', '1');
    expect(exit).toBe(3);
    expect(stderr).toContain('Nothing could be measured: every size that was called timed out.');
    expect(stderr).toContain('give --timeout');
    expect(stderr).toContain('| INFO\\twaiting for the queue\n');
  });

  it.each([
    [
      'a runtime that does not run here',
      { 'index.mjs': '' },
      ['--runtime', 'java21'],
      /java21 cannot be run locally: (?:there is no java in PATH|the package has no runtime interface client).*aws-lambda-java-runtime-interface-client.*\n.*--runtime/,
    ],
    [
      'a runtime that is unknown here',
      { 'index.mjs': '' },
      ['--runtime', 'go1.x', '--handler', 'main'],
      /Runtime go1\.x cannot be run locally.*\n.*--runtime provided\.al2023/,
    ],
    [
      'a handler whose file is not there',
      { 'index.mjs': '' },
      ['--handler', 'app.handler'],
      /has no app\.mjs.*index\.mjs/,
    ],
    ['TypeScript', { 'index.ts': '' }, [], /index\.ts is TypeScript, and from there no esbuild is found/],
  ])('for %s is not made at all', async (_, files, more, said) => {
    const { code, stderr } = await measured(files as unknown as Record<string, string>, ...more);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });

  it('names the folder in which everything of a zip lies', async () => {
    const zip = join(folder, 'nested.zip');
    await writeFile(zip, await zipOf({ 'my-app/index.mjs': 'export const handler = () => 1;' }));
    const { code, stderr } = await runTune(['--function', zip], env);
    expect(code).toBe(2);
    expect(stderr).toContain('lies in the folder my-app/');
  });

  it('names nothing to clean up after a second Ctrl-C, and a clean-up without a region works', async () => {
    const path = await mkdtemp(join(folder, 'slow-'));
    await writeFile(
      join(path, 'index.mjs'),
      'export const handler = () => new Promise((done) => setTimeout(done, 60_000));',
    );
    const args = ['--function', path, '--memory', '512', '--timeout', '60', '--run-id', 'twice'];
    const run = startTune(args, env);
    while (!run.stderr().includes('Trying a copy')) await new Promise((resolve) => setTimeout(resolve, 20));
    run.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    run.kill('SIGINT');
    const finished = await run.finished;
    expect(finished.code).toBe(130);
    expect(finished.stderr).toContain('Nothing was made in AWS');
    expect(finished.stderr).not.toContain('tune cleanup');
    const cleaned = await runTune(['cleanup', '--run', 'twice'], env);
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining('clean') });
  });
});

describe('a first call that fails on AWS', () => {
  let account: Account;
  let run: Partial<ReturnType<Script>>;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 1, ...run }), { waiting: 'none' }) });
    await createOrders(account);
  });
  afterEach(() => account.close());
  const tuned = () =>
    runTune(
      ['--function', 'orders', '--memory', '512', '--yes', '--payload', '{"card":"4111-canary-1111"}', '--quiet'],
      account.env,
    );

  it('shows the log of the function without its variables and payload, and no cause of a cloud that does not fit', async () => {
    run = {
      output: `connecting to ${canary}\ngot {"card":"4111-canary-1111"}\u001b[2J\n`,
      failure: { errorType: 'KeyError', errorMessage: "'QUEUE'" },
    };
    const { code, stderr } = await tuned();
    expect(code).toBe(3);
    expect(stderr).toContain('--env QUEUE=…');
    expect(stderr).toContain('      | connecting to ***\n      | got ***\\x1b[2J\n');
    expect(stderr).not.toMatch(/canary|role|kms|own name/);
  });

  it('keeps a value out of the error that holds it, also where the error is too long', async () => {
    run = { failure: { errorType: 'Error', errorMessage: `${'x'.repeat(990)}${canary} is wrong` } };
    const { stderr } = await tuned();
    expect(stderr).not.toMatch(/canary/);
  });

  it('names roles and keys where AWS refused something', async () => {
    run = {
      failure: { errorType: 'AccessDeniedException', errorMessage: 'is not authorized to perform: kms:Decrypt' },
    };
    expect((await tuned()).stderr).toMatch(/role or key policy that names the function/);
  });
});
