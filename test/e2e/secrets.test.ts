import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { type Account, createOrders, type Finished, openAccount, runTune, startTune } from './support.ts';

/** One for each kind of secret, so that a leak says which. */
const secrets = {
  variable: 'canary-variable-1f',
  overlaid: 'canary-overlaid-2e',
  payload: 'canary-payload-3d',
  key: 'canary-key-4c',
  token: 'canary-token-5b',
} as const;

const reports = ['html', 'markdown', 'csv', 'csv-summary', 'junit', 'github', 'gitlab', 'svg', 'url', 'table', 'json'];

describe('secrets', () => {
  let account: Account;
  let folder: string;
  let env: Readonly<Record<string, string>>;
  beforeEach(async () => {
    account = await openAccount({
      executor: scriptedExecutor(({ invocation }) => ({ durationMs: 30 + (invocation % 4), maxMemoryUsedMb: 70 })),
    });
    await createOrders(account, { Environment: { Variables: { TABLE: secrets.variable } } });
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    env = { ...account.env, AWS_SECRET_ACCESS_KEY: secrets.key, AWS_SESSION_TOKEN: secrets.token };
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const given = [
    ...['--function', 'orders:live', '--memory', '256,512', '--architecture', 'x86_64', '--yes', '--debug'],
    ...['--env', `TOKEN=${secrets.overlaid}`, '--payload', `{"card":"${secrets.payload}"}`],
    ...reports.flatMap((format) => ['--report', `${format}=out.${format}`]),
  ];

  /** Everything that was printed or written anywhere. */
  async function everything(finished: Finished): Promise<string> {
    const files = [folder, account.stateFolder].map(async (root) => {
      const names = await readdir(root, { recursive: true, withFileTypes: true });
      return Promise.all(
        names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
      );
    });
    return [finished.stdout, finished.stderr, ...(await Promise.all(files)).flat()].join('\n');
  }

  function expectNoSecret(text: string): void {
    expect(Object.entries(secrets).filter(([, secret]) => text.includes(secret))).toEqual([]);
    // Presigned locations and signatures.
    expect(text).not.toMatch(/X-Amz-(?:Signature|Credential|Security-Token)|\/code\/[0-9a-f]{16,}\?/i);
  }

  it('are in no output, report, journal, record or debug line of a run that works', async () => {
    const finished = await runTune([...given, '--invocations', '4'], env, folder);
    expect(finished.code).toBe(0);
    expect(finished.stderr).toMatch(/debug: [\d.]+ s CreateFunction tune-\S+: 201 in \d+ ms, request /);
    expect(finished.stderr).toMatch(/debug: [\d.]+ s Invoke tune-\S+: 200 in \d+ ms/);
    expect((await readdir(folder)).length).toBe(reports.length);
    expectNoSecret(await everything(finished));
  });

  it('are not in the files and the process list of a run that is killed', async () => {
    const run = startTune([...given.filter((flag) => flag !== '--debug'), '--invocations', '2000'], env, folder);
    while (!account.endpoint.calls().some(({ operation }) => operation === 'Invoke')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const children = execFileSync('ps', ['-eo', 'ppid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.trim().startsWith(`${run.pid} `));
    run.kill('SIGKILL');
    const finished = await run.finished;
    // The run's own arguments are what the user typed; it starts nothing that repeats them.
    expectNoSecret([children.join('\n'), await everything(finished)].join('\n'));
    const written = await readdir(account.stateFolder, { recursive: true, withFileTypes: true });
    const files = written.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThanOrEqual(2);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expectNoSecret(await everything(await runTune(['cleanup', '--yes', '--debug'], env, folder)));
  });

  it('are in no error, whatever the service quotes', async () => {
    const { variable, overlaid, payload } = secrets;
    for (const [operation, sent] of [
      ['CreateFunction', [variable, overlaid]],
      ['Invoke', [variable, overlaid, payload]],
    ] as const) {
      const message = `refused because of ${sent.join(' ')} in the request`;
      const fault = { kind: 'status', status: 400, type: 'InvalidParameterValueException', message } as const;
      account.under({ faults: (call) => (call.operation === operation ? fault : undefined) });
      const finished = await runTune([...given, '--invocations', '2'], env, folder);
      expect([operation, finished.code]).toEqual([operation, 3]);
      expect(finished.stderr).toContain('refused because of ***');
      expectNoSecret(await everything(finished));
    }
  });

  it('are in no debug line of a check, a migration, a policy, a doctor', async () => {
    for (const args of [
      ['check', '--function', 'orders', '--against', 'orders:live', '--max-invocations', '12', '--yes'],
      ['migrate', '--function', 'orders', '--memory', '512', '--invocations', '4', '--yes'],
      ['policy', '--function', 'orders'],
      ['doctor', '--function', 'orders'],
    ]) {
      const finished = await runTune([...args, '--debug'], env, folder);
      expect(finished.stderr).toContain('debug: ');
      expectNoSecret(await everything(finished));
    }
  });
});
