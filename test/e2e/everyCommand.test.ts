import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { checkResultSchema } from '../../src/model/check.ts';
import { migrationResultSchema } from '../../src/model/migration.ts';
import { observationSchema } from '../../src/model/production/observation.ts';
import { type Account, accountPicture, canary, createOrders, openAccount, runTune, savedRun } from './support.ts';

/** A day with tune: each command once, through the real binary, in one account. `npm run test:all` goes through their options. */
describe('every command, one after the other', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  const said: string[] = [];
  beforeAll(async () => {
    account = await openAccount({
      executor: scriptedExecutor(
        ({ spec, environment, invocation }) => ({
          durationMs: (100_000 / Math.min(1024, spec.memoryMb)) * (1 + 0.04 * Math.sin(7.3 * environment + invocation)),
          initDurationMs: 150,
          maxMemoryUsedMb: 70,
          payload: { ok: true },
        }),
        { waiting: 'none' },
      ),
    });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'every-command-'));
    before = accountPicture(account.endpoint.snapshot());
  });
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function tune(...args: readonly string[]) {
    const finished = await runTune(args, account.env, folder);
    said.push(finished.stdout, finished.stderr);
    return finished;
  }
  const target = ['--function', 'orders', '--yes'];

  it('doctor finds that a run could start', async () => {
    const { code, stdout } = await tune('doctor', '--function', 'orders');
    expect([code, /^(warn|fail)/m.test(stdout)]).toEqual([0, false]);
  });

  it('policy prints what the run needs, and no more than a managed policy holds', async () => {
    const { code, stdout, stderr } = await tune('policy', '--function', 'orders');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('lambda:CreateFunction');
  });

  it('tune --dry-run shows the plan and writes nothing', async () => {
    const { code, stdout, stderr } = await tune(...target, '--memory', '256,512', '--dry-run');
    expect(code).toBe(0);
    expect(stdout + stderr).toMatch(/at worst US\$ \d/);
    const writes = account.endpoint.calls().filter(({ operation }) => /^(Create|Put|Delete|Invoke)/.test(operation));
    expect(writes).toEqual([]);
  });

  it('tune measures, answers and saves', async () => {
    const finished = await tune(
      ...target,
      '--memory',
      '256,512,1024',
      '--invocations',
      '6',
      '--report',
      'json=run.json',
    );
    expect(finished.code).toBe(0);
    const run = savedRun({ ...finished, stdout: await readFile(join(folder, 'run.json'), 'utf8') });
    expect(run.configurations.map(({ status, warm }) => [status, warm?.count])).toEqual(
      Array.from({ length: 6 }, () => ['measured', 6]),
    );
    expect(run.cheapest?.architecture).toBe('arm64');
    expect(run.target.definition).toEqual({ handler: 'index.handler' });
  });

  it('tune --memory auto chooses the sizes itself', async () => {
    const run = savedRun(await tune(...target, '--memory', 'auto', '--architecture', 'arm64', '--json'));
    expect(run.search).toBeDefined();
    expect(run.cheapest).not.toBeNull();
  });

  it('report shows the saved run again', async () => {
    const { code, stdout } = await tune('report', 'run.json', '--report', 'html=run.html', '--report', 'markdown');
    expect(code).toBe(0);
    expect(stdout).toContain('orders');
    expect(await readFile(join(folder, 'run.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('apply shows the diff of the template, and writes nothing', async () => {
    const template = join(folder, 'template.yaml');
    const text = 'Resources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      MemorySize: 128\n';
    await writeFile(template, text);
    const { code, stdout } = await tune('apply', 'run.json', '--file', 'template.yaml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^-\s+MemorySize: 128\n\+\s+MemorySize: \d+$/m);
    expect(await readFile(template, 'utf8')).toBe(text);
  });

  it('baseline and check agree on an unchanged function', async () => {
    expect((await tune('baseline', ...target, '--report', 'json=base.json')).code).toBe(0);
    const checked = await tune('check', ...target, '--baseline', 'base.json', '--json');
    expect([checked.code, checkResultSchema.parse(JSON.parse(checked.stdout)).verdict]).toEqual([0, 'passed']);
  });

  it('migrate says what a move to arm64 brings', async () => {
    const moved = await tune('migrate', '--function', 'orders:live', '--yes', '--json');
    expect(moved.code).toBe(0);
    expect(migrationResultSchema.parse(JSON.parse(moved.stdout)).verdict).toMatchObject({
      kind: 'move',
      configuration: { memoryMb: 512, architecture: 'arm64' },
    });
  });

  it('observe reads what CloudWatch counted, and writes nothing', async () => {
    const calls = () =>
      account.endpoint.calls().filter(({ operation }) => /^(Create|Put|Delete|Invoke)/.test(operation));
    const made = calls().length;
    const { code, stdout } = await tune('observe', '--function', 'orders', '--since', '2h', '--json');
    const { total, sources, spend } = observationSchema.parse(JSON.parse(stdout));
    // Only copies were called.
    expect([code, total.invocations]).toEqual([0, 0]);
    expect(sources.find(({ source }) => source === 'metrics')?.status).toBe('read');
    expect(spend.spentUsd).toBeLessThanOrEqual(spend.capUsd);
    expect(calls()).toHaveLength(made);
  });

  it('cleanup finds nothing that any of them left', async () => {
    const { code, stdout } = await tune('cleanup', '--yes');
    expect([code, stdout]).toEqual([0, 'clean: 0 removed\n']);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });

  it('completion and help need no account', async () => {
    const { PATH = '', HOME = '' } = account.env;
    expect((await runTune(['completion', 'bash'], { PATH, HOME }, folder)).stdout).toContain('complete -F _tune tune');
    expect((await runTune(['--help'], { PATH, HOME }, folder)).stdout).toContain('Usage: tune');
    expect((await runTune(['--version'], { PATH, HOME }, folder)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(existsSync(join(HOME, '.local'))).toBe(false);
  });

  it('a mistake ends with 2 and a sentence', async () => {
    const { code, stdout, stderr } = await tune(...target, '--memory', '64');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^tune: .*64/);
  });

  it('none of them shows a value of the environment or a credential', () => {
    expect(said.join('')).not.toContain(canary);
    expect(said.length).toBeGreaterThan(20);
  });
});
