import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOwnerCgroups } from '../../src/local/cgroup/cgroupHost.ts';
import { until, zipOf } from '../local/lab.ts';
import { canary, type Finished, type Running, root, runTune, savedRun, startTune } from './support.ts';

const hostArchitecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const otherArchitecture = process.arch === 'arm64' ? 'x86_64' : 'arm64';

/**
 * Path targets: real processes, no account, no network beyond loopback. Calls that this machine, while it plays other tests, got in
 * the way of are made again, up to half as many more, and sizes that it made rough are called on, up to five times as many in all;
 * contended calls are in no figure as long as at least as many others are left.
 */
const asked = (calls: number) =>
  expect.toSatisfy((count: number) => count >= Math.ceil(calls / 2) && count <= 5 * calls + Math.ceil(calls / 2));

describe('tune --function <path>', () => {
  let folder: string;
  let env: Readonly<Record<string, string>>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tune-e2e-'));
    env = { PATH: process.env.PATH ?? '', HOME: folder, TUNE_STATE_DIR: join(folder, 'state'), TMPDIR: folder };
  });
  afterEach(async () => {
    // A test that failed half-way must not take the machine from the others.
    for (const run of started.splice(0)) run.kill('SIGKILL');
    await nothingRuns();
    // Only the state directory, without a journal.
    expect((await readdir(folder)).filter((name) => name.startsWith('tune-'))).toEqual([]);
    expect(await readdir(join(folder, 'state', 'journals')).catch(() => [])).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  /** Processes of functions have the folder in their environment or command line; the watchdog ends itself a moment later. */
  async function nothingRuns(): Promise<void> {
    for (;;) {
      const pids = (await readdir('/proc').catch(() => [])).filter(
        (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
      );
      const texts = await Promise.all(
        pids.flatMap((pid) =>
          ['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')),
        ),
      );
      const groups = findOwnerCgroups(/^tune-local-/).filter((name) =>
        ownPids.some((pid) => name.includes(`tune-local-${pid}-`)),
      );
      if (!texts.some((text) => text.includes(folder)) && groups.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const ownPids: number[] = [];
  /** `tune local` itself, too: what it runs holds the folder for as long as it is up. */
  const started: Pick<Running, 'kill'>[] = [];

  function start(args: readonly string[]): Running {
    const run = startTune(args, env);
    ownPids.push(run.pid);
    started.push(run);
    return run;
  }

  const fixture = (name: string) => join(root, 'fixtures', 'functions', name);

  async function tune(path: string, memory: string, ...more: readonly string[]): Promise<Finished> {
    return start(['--function', path, '--memory', memory, '--invocations', '3', '--json', ...more]).finished;
  }

  it('measures a folder at every size, needs no consent, and shows the other architecture as a price only', async () => {
    const finished = await tune(fixture('cpu-node'), '256,1024,1769');
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(run).toMatchObject({
      backend: 'local',
      emulation: { architectures: [hostArchitecture] },
      ended: 'completed',
    });
    const rows = (architecture: string) => run.configurations.filter((row) => row.architecture === architecture);
    expect(rows(hostArchitecture).map(({ status, warm, cold }) => [status, warm?.count, cold?.count])).toEqual(
      Array.from({ length: 3 }, () => ['measured', asked(3), 1]),
    );
    expect(
      rows(otherArchitecture).map(({ status, warm, measurements }) => [status, warm, measurements.length]),
    ).toEqual(Array.from({ length: 3 }, () => ['projected', undefined, 0]));
    // Where this machine was busy throughout, nothing is named.
    for (const choice of [run.cheapest, run.fastest, run.balanced].filter((one) => one !== null)) {
      expect([choice, ...choice.tiedWith].every((each) => each.architecture === hostArchitecture)).toBe(true);
    }
    expect(run.target.path).toBe(fixture('cpu-node'));
  });

  it('measures a Python folder', async () => {
    const finished = await tune(fixture('cpu-python'), '1769', '--payload', '{"iterations": 1000}');
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(run.target.runtime).toMatch(/^python3\./);
    expect(run.configurations[0]).toMatchObject({ status: 'measured', warm: { count: asked(3) } });
  });

  it.each(['provided-shell', 'provided-node'])('measures a custom runtime (%s)', async (name) => {
    const finished = await tune(fixture(name), '1024');
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(run.target.runtime).toBe('provided.al2023');
    expect(run.configurations[0]).toMatchObject({ status: 'measured', warm: { count: asked(3) } });
  });

  it('measures a zip file', async () => {
    const zip = join(folder, 'package.zip');
    await writeFile(zip, await zipOf({ 'index.mjs': 'export const handler = async () => "ok";' }));
    const finished = await tune(zip, '512');
    expect(finished.code).toBe(0);
    expect(savedRun(finished).configurations[0]).toMatchObject({ status: 'measured', warm: { count: asked(3) } });
  });

  it('measures a package that is too large for one request', async () => {
    await writeFile(join(folder, 'index.mjs'), 'export const handler = async () => "ok";');
    // Random, so that it does not shrink.
    await writeFile(join(folder, 'model.bin'), randomBytes(51 * 1024 * 1024));
    const finished = await tune(folder, '1024');
    expect(finished.code).toBe(0);
    expect(savedRun(finished)).toMatchObject({
      configurations: [{ status: 'measured', warm: { count: asked(3) } }, { status: 'projected' }],
      leftBehind: [],
    });
  });

  it('says where a size has too little memory and measures the others', async () => {
    const finished = await tune(fixture('memory-hungry'), '128,512');
    expect(finished.code).toBe(0);
    const own = savedRun(finished).configurations.filter(({ architecture }) => architecture === hostArchitecture);
    const [small, large] = own.toSorted((a, b) => a.memoryMb - b.memoryMb);
    expect(large).toMatchObject({ memoryMb: 512, status: 'measured' });
    expect(small).toMatchObject({ memoryMb: 128, status: 'infeasible', reason: 'out of memory at 128 MB' });
  });

  it('ends calls at the timeout', async () => {
    const finished = await tune(fixture('timeout'), '512', '--timeout', '1');
    expect(finished.code).toBe(3);
    const [row] = savedRun(finished).configurations;
    expect(row).toMatchObject({ status: 'infeasible', reason: expect.stringMatching(/^timed out after 1 s/) });
  });

  it.each([
    ['import-error', /Runtime\.ImportModuleError|Cannot find module/],
    ['crash-init', /Runtime\.ExitError|exit/i],
  ])('says why %s cannot be measured', async (name, said) => {
    const finished = await tune(fixture(name), '512,1024');
    expect(finished.code).toBe(3);
    expect(finished.stderr + finished.stdout).toMatch(said);
    expect(savedRun(finished).cheapest).toBeNull();
  });

  it('believes no REPORT that the function prints', async () => {
    const finished = await tune(fixture('fake-report'), '512');
    expect(finished.code).toBe(0);
    const [row] = savedRun(finished).configurations;
    expect(row).toMatchObject({ status: 'measured', warm: { count: asked(3) } });
    expect(row?.warm?.maxMemoryUsedMb).toBeGreaterThan(5);
  });

  it("keeps the machine's own environment from the function", async () => {
    await writeFile(
      join(folder, 'index.mjs'),
      'export const handler = async () => { if (process.env.HOST_SECRET) throw new Error("seen"); };',
    );
    env = { ...env, HOST_SECRET: canary };
    const finished = await tune(folder, '512');
    expect(finished.code).toBe(0);
    expect(finished.stdout + finished.stderr).not.toContain(canary);
  });

  /** In the first line about measuring. */
  const someCalls = /[1-9][\d,]*\/[\d,]+ calls/;

  it('ends everything with Ctrl-C', async () => {
    const run = start(['--function', fixture('forks'), '--memory', '512,1024', '--invocations', '300', '--json']);
    await until(() => someCalls.test(run.stderr()));
    run.kill('SIGINT');
    const finished = await run.finished;
    expect(finished.code).toBe(130);
    expect(savedRun(finished)).toMatchObject({ ended: 'interrupted', leftBehind: [] });
  });

  it('ends everything when it is killed itself', async () => {
    const run = start(['--function', fixture('forks'), '--memory', '512', '--invocations', '300', '--json']);
    await until(() => someCalls.test(run.stderr()));
    run.kill('SIGKILL');
    await run.finished;
    await nothingRuns();
    // Its journal names functions of an endpoint that died with it.
    const cleanup = await runTune(['cleanup', '--region', 'us-east-1'], {
      ...env,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    });
    expect(cleanup.stderr).not.toMatch(/this is a bug/);
  });

  describe('refuses', () => {
    it.each<readonly [string, string, (path: string) => Promise<void>]>([
      ['a path that is not there', 'There is no file or folder', async () => undefined],
      ['what is not a zip', 'cannot be used as a package', (path) => writeFile(path, 'not a zip')],
      [
        'a zip without a handler',
        'Looked at its top level for index.mjs, index.js or index.cjs (Node), lambda_function.py (Python) and an executable bootstrap',
        async (path) => writeFile(path, await zipOf({ 'main.rb': '' })),
      ],
      [
        'a zip that leads out of its folder',
        'cannot be used as a package',
        async (path) => {
          const zip = await zipOf({ 'index.mjs': '', 'aa/aa/evil.mjs': '' });
          await writeFile(path, Buffer.from(zip.toString('latin1').replaceAll('aa/aa/', '../../'), 'latin1'));
        },
      ],
      [
        'a zip bomb',
        'cannot be used as a package',
        async (path) => writeFile(path, await zipOf({ 'index.mjs': '', bomb: '0'.repeat(260 * 1024 * 1024) })),
      ],
    ])('%s', async (_, said, make) => {
      const path = join(folder, 'package.zip');
      await make(path);
      const finished = await runTune(['--function', path, '--memory', '512'], env);
      expect(finished).toMatchObject({ code: 2, stdout: '' });
      expect(finished.stderr).toContain(said);
      expect(finished.stderr).not.toMatch(/this is a bug|\n {4}at /);
    });

    it('an empty folder and one without a handler', async () => {
      for (const said of ['is empty', 'No handler was recognised']) {
        const finished = await runTune(['--function', `${folder}/`, '--memory', '512'], env);
        expect(finished).toMatchObject({ code: 2, stdout: '' });
        expect(finished.stderr).toContain(said);
        await writeFile(join(folder, 'README.md'), '');
      }
    });

    it('a run on an architecture that this machine is not', async () => {
      const finished = await runTune(
        ['--function', fixture('empty-node'), '--memory', '512', '--architecture', otherArchitecture],
        env,
      );
      expect(finished).toMatchObject({ code: 2, stdout: '' });
      expect(finished.stderr).toContain(`Nothing can be measured on ${otherArchitecture}`);
    });
  });

  describe('tune local', () => {
    it('serves the SDK and tune itself until it is stopped', async () => {
      const server = spawn(process.execPath, [join(root, 'bin', 'tune.js'), 'local'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      ownPids.push(server.pid ?? 0);
      started.push(server);
      const ended = new Promise((resolve) => server.on('close', resolve));
      let printed = '';
      server.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      await until(() => printed.includes('\n'));
      const [url = ''] = printed.split('\n', 1);
      const client = new LambdaClient({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      });
      await client.send(
        new CreateFunctionCommand({
          FunctionName: 'hello',
          Role: 'arn:aws:iam::000000000000:role/any',
          Runtime: 'nodejs20.x',
          Handler: 'index.handler',
          MemorySize: 1024,
          Architectures: [hostArchitecture],
          Code: {
            ZipFile: await zipOf({ 'index.mjs': 'export const handler = async ({ name }) => "Hello " + name;' }),
          },
        }),
      );
      const answer = await client.send(new InvokeCommand({ FunctionName: 'hello', Payload: '{"name": "you"}' }));
      expect(answer.Payload?.transformToString()).toBe('"Hello you"');

      const finished = await runTune(
        ['--function', 'hello', '--memory', '512,1024', '--invocations', '2', '--yes', '--json', '--endpoint-url', url],
        {
          ...env,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
        },
      );
      expect(finished.code).toBe(0);
      expect(savedRun(finished)).toMatchObject({ backend: 'local', leftBehind: [] });

      server.kill('SIGTERM');
      expect(await ended).toBe(0);
    });
  });
});
