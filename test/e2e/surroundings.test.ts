import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { until } from '../local/lab.ts';
import { proxyPassword, startProxiedService } from './proxy.ts';
import { runTuneQuickly } from './quickly.ts';
import {
  type Account,
  accountPicture,
  createOrders,
  openAccount,
  root,
  runTune,
  savedRun,
  startTune,
} from './support.ts';

const sweep = ['--function', 'orders', '--memory', '256,512', '--architecture', 'x86_64', '--yes', '--json'];

/** Needs rights that a test may lack (mount, network namespaces): tried first, skipped with the reason printed where refused. */
function canDo(what: string, command: string, args: readonly string[]): boolean {
  const found = spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!found) process.stderr.write(`skipped, because this machine refuses it: ${what}\n`);
  return found;
}

/** What a shell makes of a script; the endpoint of the test goes on answering meanwhile. */
function shell(script: string, env: Readonly<Record<string, string>>, cwd: string) {
  return new Promise<{ readonly code: number; readonly stdout: string }>((resolve) => {
    const child = execFile('bash', ['-c', script], { env, cwd, maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, stdout }),
    );
  });
}

const command = `'${process.execPath}' '${join(root, 'bin', 'tune.js')}' ${sweep.join(' ')}`;

describe('surroundings that are hostile', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 40, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
    folder = await mkdtemp(join(tmpdir(), 'surroundings-'));
  });
  afterEach(async () => {
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const invoked = () => account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length;

  it('with a proxy are gone through, but to hosts of NO_PROXY; its password is never shown', async () => {
    const inside = await startProxiedService(folder, account.endpoint.url);
    try {
      const env = {
        ...account.env,
        AWS_ENDPOINT_URL: inside.url,
        HTTPS_PROXY: inside.proxyUrl,
        NODE_EXTRA_CA_CERTS: inside.authority,
      };
      const finished = await runTune([...sweep, '--invocations', '3'], env);
      expect(finished).toMatchObject({ code: 0 });
      expect(savedRun(finished).configurations.map(({ status }) => status)).toEqual(['measured', 'measured']);
      expect(new Set(inside.connected)).toEqual(new Set(['lambda.inside.test:443']));
      // Connections are kept: fewer than calls.
      expect(inside.connected.length).toBeLessThan(account.endpoint.calls().length / 2);
      const cleaned = await runTune(['cleanup'], env);
      expect(cleaned.code).toBe(0);

      const count = inside.connected.length;
      const direct = await runTune(sweep, { ...env, NO_PROXY: '.inside.test' });
      expect(direct.code).toBe(3);
      expect(inside.connected.length).toBe(count);

      const refused = await runTune(sweep, { ...env, HTTPS_PROXY: inside.proxyUrl.replace('tune:', 'other:') });
      expect(refused.code).toBe(3);
      for (const { stdout, stderr } of [finished, cleaned, direct, refused]) {
        expect(stdout + stderr).not.toContain(proxyPassword);
      }
    } finally {
      await inside.close();
    }
  });

  it('that suspend the process and wake it up later cost time, not samples', async () => {
    const run = startTune([...sweep, '--invocations', '20'], account.env);
    await until(() => invoked() > 5);
    run.kill('SIGSTOP');
    await wait(1500);
    run.kill('SIGCONT');
    const finished = await run.finished;
    expect(finished.code).toBe(0);
    expect(savedRun(finished).configurations.map(({ warm }) => warm?.count)).toEqual([20, 20]);
  });

  it.each([3_600_000, -3_600_000])('whose clock jumps by %i ms change no duration and no answer', async (jumpMs) => {
    const now = () => new Date(Date.now() + (invoked() > 5 ? jumpMs : 0));
    const finished = await runTuneQuickly([...sweep, '--invocations', '10'], account.env, { now, speed: 1 });
    expect(finished.code).toBe(0);
    const { configurations, leftBehind } = savedRun(finished);
    expect(configurations.map(({ warm }) => warm?.durationMs.mean)).toEqual([40, 40]);
    expect(leftBehind).toEqual([]);
  });

  it('that take standard error away stop the run, which cleans up', async () => {
    // The reader leaves after the first line; what is printed on standard output is the result all the same.
    const script = `exec 3>&1; { ${command} --invocations 200 2>&1 1>&3; echo "code $?" >&3; } | head -n 1 >/dev/null`;
    const { stdout } = await shell(script, account.env, root);
    expect(stdout).toContain('"ended": "interrupted"');
    expect(stdout).toContain('code 143');
  });

  it('with closed standard streams are no reason to stop', async () => {
    const script = `${command} --invocations 3 --report json=run.json <&- >&- 2>&-`;
    expect(await shell(script, account.env, folder)).toMatchObject({ code: 0 });
    expect(await readdir(folder)).toEqual(['run.json']);
  });

  const canMount = canDo('mounting a small file system', 'sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]);

  describe.skipIf(!canMount)('with a full disk', () => {
    /** A file system of 64 KB, full unless `work` is to fill it. */
    async function onSmallDisk(work: (full: string, fill: () => Promise<void>) => Promise<void>): Promise<void> {
      const full = join(folder, 'full');
      await mkdir(full);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full]);
      const fill = () => writeFile(join(full, 'filler'), Buffer.alloc(65_536)).catch(() => undefined);
      try {
        await work(full, fill);
      } finally {
        execFileSync('umount', [full]);
      }
    }

    it('for the state, keep the journal in the temporary directory and say so', () =>
      onSmallDisk(async (full, fill) => {
        await fill();
        const env = { ...account.env, TUNE_STATE_DIR: join(full, 'state'), TMPDIR: folder };
        const finished = await runTune([...sweep, '--invocations', '2'], env);
        expect(finished.code).toBe(0);
        const told = savedRun(finished).warnings.find(({ code }) => code === 'STATE_DIRECTORY')?.text;
        expect(told).toContain('ENOSPC');
        expect(told).toContain(`kept in ${folder}`);
      }));

    it('for the reports, save them in the temporary directory and say where', () =>
      onSmallDisk(async (full, fill) => {
        const temporary = join(folder, 'temporary');
        await mkdir(temporary);
        await fill();
        const report = join(full, 'run.json');
        const finished = await runTune([...sweep, '--invocations', '2', '--report', `json=${report}`], {
          ...account.env,
          TMPDIR: temporary,
        });
        expect(finished.code).toBe(0);
        expect(finished.stderr).toContain('ENOSPC');
        expect(await readdir(temporary)).toEqual([expect.stringMatching(/^tune-.*-json\.txt$/)]);
        expect(savedRun(finished).configurations).toHaveLength(2);
      }));
  });

  const canUnshare = canDo('a network of its own', 'unshare', ['-n', 'ip', 'addr', 'show', 'lo']);

  it.skipIf(!canUnshare)('with a loopback of IPv6 alone run local functions all the same', async () => {
    const tune = `'${process.execPath}' bin/tune.js --function ./fixtures/functions/empty-node --memory 512 --invocations 2 --json`;
    const inside = `ip link set lo up && ip addr del 127.0.0.1/8 dev lo && ${tune}`;
    const { code, stdout } = await shell(`unshare -n bash -c "${inside}"`, account.env, root);
    expect(code).toBe(0);
    // More where this machine got in the way of calls.
    const { count } = JSON.parse(stdout).configurations[0].warm;
    expect(count).toBeGreaterThanOrEqual(2);
    expect(count).toBeLessThanOrEqual(11);
  });
});
