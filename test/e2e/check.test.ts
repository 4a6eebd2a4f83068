import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishVersionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../src/documents/savedDocument.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { type CheckResult, checkResultSchema } from '../../src/model/check.ts';
import { runTuneQuickly } from './quickly.ts';
import {
  type Account,
  accountPicture,
  canary,
  createOrders,
  type Finished,
  openAccount,
  startTune,
} from './support.ts';

/** Calls scatter by some 5 %, hosts by 1 %; `SPEED` among the function's variables makes it slower or quicker. */
const executor = () =>
  scriptedExecutor(
    ({ spec, environment, invocation }) => {
      const scatter = 1 + 0.05 * Math.sin(7.3 * environment + 3.1 * invocation) + 0.01 * Math.cos(1.7 * environment);
      return {
        durationMs: 200 * Number(spec.environment.SPEED ?? 1) * scatter,
        initDurationMs: 150,
        maxMemoryUsedMb: 70,
      };
    },
    { waiting: 'none' },
  );

describe('tune check', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: executor() });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'check-'));
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(async () => {
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** `$LATEST` becomes so many times as slow as the version behind `live`. */
  async function change(speed: number, name = 'orders'): Promise<void> {
    await account.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: name,
        Environment: { Variables: { TABLE: canary, SPEED: String(speed) } },
      }),
    );
    account.under({});
    before = accountPicture(account.endpoint.snapshot());
  }

  const check = (...flags: readonly string[]) =>
    runTuneQuickly(['check', '--function', 'orders', '--yes', '--json', ...flags], account.env, { cwd: folder });
  const against = ['--against', 'orders:live'];
  const documentOf = ({ stdout }: Finished): CheckResult => checkResultSchema.parse(JSON.parse(stdout));
  const verdictsOf = (finished: Finished) =>
    documentOf(finished).functions.map((one) => [one.function, one.verdict, one.error?.code]);
  const metric = (finished: Finished, name: string) =>
    documentOf(finished).functions[0]?.metrics.find((one) => one.name === name);

  it('passes an unchanged function, measured in several environments a side, and leaves nothing', async () => {
    const finished = await check(...against);
    expect(finished.code).toBe(0);
    const { verdict, functions, leftBehind } = documentOf(finished);
    expect([verdict, leftBehind]).toEqual(['passed', []]);
    expect(functions[0]).toMatchObject({ comparison: 'against', comparedWith: ['orders:live'], memoryMb: 512 });
    expect(functions[0]?.environments.current).toBeGreaterThanOrEqual(4);
    expect(functions[0]?.environments.baseline).toBeGreaterThanOrEqual(4);
    expect(functions[0]?.samples.current).toBeLessThanOrEqual(100);
    expect(finished.stdout + finished.stderr).not.toContain(canary);
  });

  it('fails one that became 30 % dearer with 1, and says so at the end of the log', async () => {
    await change(1.3);
    const finished = await runTuneQuickly(['check', '--function', 'orders', '--yes', ...against], account.env, {
      cwd: folder,
    });
    expect(finished.code).toBe(1);
    const end = finished.stdout.trim().split('\n').slice(-10).join(' ').replace(/\s+/g, ' ');
    expect(end).toMatch(/orders REGRESSED: typical cost \+[23]\d % \(\+\d+ % to \+\d+ %\), limit \+5\.0 %/);
    expect(end).toContain('Make it cheaper again');
  });

  it('passes one that is slower within the limit, with the difference shown', async () => {
    await change(1.03);
    const finished = await check(...against, '--max-cost-increase', '10%');
    expect(finished.code).toBe(0);
    expect(metric(finished, 'duration')?.ratio?.estimate).toBeGreaterThan(1.01);
    expect(metric(finished, 'duration')?.verdict).toBeNull();
  });

  it('judges what is asked for: a budget of p95, and headroom of memory', async () => {
    const broken = await check('--max-p95-ms', '100');
    expect([broken.code, metric(broken, 'p95')?.verdict]).toEqual([1, 'regressed']);
    const kept = await check('--max-p95-ms', '400', '--min-memory-headroom', '50%');
    expect([kept.code, metric(kept, 'memory')?.verdict]).toEqual([0, 'passed']);
  });

  it('ends inconclusive with 4 where too few samples are allowed, and by --on-inconclusive with 1 or 0', async () => {
    await change(1.05);
    const few = [...against, '--max-invocations', '12'];
    expect((await check(...few)).code).toBe(4);
    expect((await check(...few, '--on-inconclusive', 'fail')).code).toBe(1);
    expect((await check(...few, '--on-inconclusive', 'pass')).code).toBe(0);
  });

  it('with --on-inconclusive warn exits 0, with a warning for GitHub and the verdict in the document', async () => {
    await change(1.05);
    const flags = [...against, '--max-invocations', '12', '--on-inconclusive', 'warn', '--report', 'github=notes.txt'];
    const finished = await check(...flags);
    expect([finished.code, documentOf(finished).verdict]).toEqual([0, 'inconclusive']);
    const notes = await readFile(join(folder, 'notes.txt'), 'utf8');
    expect(notes).toMatch(/^::warning title=tune check%3A orders::.*inconclusive/i);
    expect(notes).not.toContain('::error');
  });

  it('takes no other word for what could not be decided', async () => {
    const finished = await check(...against, '--on-inconclusive', 'ignore');
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('fail, warn or pass');
  });

  it('with --no-fail tells the verdict and exits 0', async () => {
    await change(1.3);
    const finished = await check(...against, '--no-fail');
    expect([finished.code, documentOf(finished).verdict]).toEqual([0, 'regressed']);
  });

  it('warns below the limit', async () => {
    await change(1.12);
    const finished = await check(...against, '--max-cost-increase', '30%', '--warn-cost-increase', '2%');
    expect([finished.code, metric(finished, 'cost')?.warned]).toEqual([0, true]);
  });

  it('decides under throttling and with REPORTs that only the logs have', async () => {
    account.under({
      throttleEveryNthInvoke: 4,
      report: ({ index }) => (index % 5 === 0 ? 'onlyInLogs' : 'everywhere'),
    });
    const finished = await check(...against);
    expect(['passed', 'inconclusive']).toContain(documentOf(finished).verdict);
  });

  it('stops at the spend cap and is then inconclusive', async () => {
    const finished = await check(...against, '--max-spend-usd', '0.00014');
    expect(finished.code).toBe(4);
    expect(documentOf(finished).functions[0]?.spend.actualUsd).toBeLessThanOrEqual(0.00014);
  });

  it('says that both sides are the same code with the same settings, and no longer once they are not', async () => {
    const same = documentOf(await check(...against)).functions[0];
    expect(same?.identical).toBe(true);
    expect(same?.notes.join(' ')).toContain('Both sides are the same code (equal hash) with the same settings');
    await change(1.001);
    const other = documentOf(await check(...against)).functions[0];
    expect(other?.identical).toBeUndefined();
  });

  it('suggests an option of the kind of the line that failed, with which it then passes', async () => {
    const broken = await check('--max-p95-ms', '100', ...against);
    const [suggestion] = documentOf(broken).functions[0]?.suggestions ?? [];
    expect([broken.code, suggestion?.options.length]).toEqual([1, 1]);
    const [name = '', limit = ''] = suggestion?.options[0]?.split(' ') ?? [];
    expect(name).toBe('--max-p95-ms');
    expect((await check(name, limit, ...against)).code).toBe(0);
    const text = (
      await runTuneQuickly(['check', '--function', 'orders', '--yes', '--max-p95-ms', '100', ...against], account.env, {
        cwd: folder,
      })
    ).stdout;
    expect(text).toContain('Make its slow calls faster');
    expect(text).not.toContain('--max-cost-increase');
  });

  it('makes no writing call in a dry run', async () => {
    const finished = await check(...against, '--dry-run');
    expect(finished.code).toBe(0);
    expect(finished.stderr).toContain('at worst US$');
    const written = account.endpoint
      .calls()
      .filter(({ operation }) => /^(Create|Update|Delete|Publish|Put|Invoke)/.test(operation));
    expect(written).toEqual([]);
  });

  describe('with a baseline', () => {
    const base = () => ['--baseline', join(folder, 'base.json')];

    it('needs one: a missing or damaged one gives 2 and the command that makes a new one', async () => {
      const recipe = `tune baseline --function orders --report json=${join(folder, 'base.json')}`;
      expect(await check(...base())).toMatchObject({ code: 2, stderr: expect.stringContaining(recipe) });
      await writeFile(join(folder, 'base.json'), '{"schemaVersion":1');
      expect(await check(...base())).toMatchObject({ code: 2, stderr: expect.stringContaining('cut short') });
    });

    it('makes it on the first run, passes the unchanged, and fails the dearer without touching it', async () => {
      const first = await check(...base(), '--allow-missing-baseline', '--update-baseline');
      expect(first.code).toBe(0);
      const saved = await readFile(join(folder, 'base.json'), 'utf8');
      const run = parseSavedRun(saved, 'base.json');
      expect(run.configurations[0]?.warm?.count).toBe(100);

      const same = await check(...base());
      expect([same.code, documentOf(same).functions[0]?.comparison]).toEqual([0, 'baseline']);
      expect(documentOf(same).functions[0]?.notes.join(' ')).toContain('runs are assumed to differ by 0.8 %');

      await change(1.3);
      const dearer = await check(...base(), '--update-baseline');
      expect(dearer.code).toBe(1);
      expect(await readFile(join(folder, 'base.json'), 'utf8')).toBe(saved);

      const accepted = await check(...base(), '--update-baseline', '--accept-regression', 'new tax rules');
      expect(accepted.code).toBe(1);
      expect(parseSavedRun(await readFile(join(folder, 'base.json'), 'utf8'), 'base.json').acceptedRegression).toBe(
        'new tax rules',
      );
    });

    it('of another size or payload is refused, unless that is allowed; another price is no regression', async () => {
      await check(...base(), '--allow-missing-baseline', '--update-baseline');
      const other = await check(...base(), '--memory', '1024');
      expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--allow-different memory') });
      expect(await check(...base(), '--payload', '{"a":1}')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the payloads was'),
      });
      const allowed = await check(...base(), '--payload', '{"a":1}', '--allow-different', 'payloads');
      expect(allowed.code).toBe(0);
      const dearerPrice = await check(...base(), '--price', 'x86_64=0.0001,arm64=0.0001,request=0.0000002');
      expect(dearerPrice.code).toBe(0);
      expect(documentOf(dearerPrice).functions[0]?.notes.join(' ')).toContain('worked out again');
    });
  });

  it('looks at a fleet from the config file, each with its own limits, and goes on past one that is not there', async () => {
    await account.create({
      FunctionName: 'bills',
      MemorySize: 256,
      Timeout: 5,
      Environment: { Variables: { SPEED: '1' } },
    });
    await account.lambda.send(new PublishVersionCommand({ FunctionName: 'bills' }));
    await change(1.3);
    const config = {
      maxCostIncrease: '5%',
      functions: [
        { function: 'orders', against: 'orders:live' },
        { function: 'bills', against: 'bills:1', maxCostIncrease: '50%' },
        { function: 'nobody', maxP95Ms: 100 },
      ],
    };
    await writeFile(join(folder, 'tune.config.json'), JSON.stringify(config, null, 2));
    const finished = await runTuneQuickly(
      [
        'check',
        '--yes',
        '--json',
        '--report',
        'github=out.txt',
        '--report',
        'junit=junit.xml',
        '--report',
        'markdown=out.md',
      ],
      { ...account.env, GITHUB_STEP_SUMMARY: join(folder, 'summary.md'), GITHUB_OUTPUT: join(folder, 'output.txt') },
      { cwd: folder },
    );
    expect(finished.code).toBe(1);
    expect(verdictsOf(finished)).toEqual([
      ['orders', 'regressed', undefined],
      ['bills', 'passed', undefined],
      ['nobody', null, 'TARGET'],
    ]);
    const annotations = await readFile(join(folder, 'out.txt'), 'utf8');
    expect(annotations).toMatch(/^::error file=tune\.config\.json,line=5,title=tune check%3A orders::REGRESSED/m);
    expect(annotations).toMatch(/^::notice file=tune\.config\.json,line=9,title=tune check%3A bills::passed/m);
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('1 REGRESSED, 1 not measured, 1 passed');
    expect(await readFile(join(folder, 'output.txt'), 'utf8')).toContain('verdict=regressed\n');
  });

  it('of a fleet without a region says so in a dry run, too, with its exit code, and begins nothing', async () => {
    const config = {
      maxSpendUsd: 1,
      functions: [
        { function: 'orders', against: 'orders:live' },
        { function: 'bills', against: 'bills:1' },
      ],
    };
    await writeFile(join(folder, 'tune.config.json'), JSON.stringify(config));
    const { AWS_REGION: _region, ...env } = account.env;
    const finished = await runTuneQuickly(['check', '--dry-run'], env, { cwd: folder });
    expect(finished.code).toBe(
      (await runTuneQuickly(['check', '--function', 'orders', '--dry-run'], env, { cwd: folder })).code,
    );
    expect(finished.code).not.toBe(0);
    expect(finished.stderr).not.toContain('Creating');
  });

  it('of a fleet that can be read makes a dry run with 0, and one function that is not there ends it with 2', async () => {
    const config = (...names: readonly string[]) =>
      writeFile(
        join(folder, 'tune.config.json'),
        JSON.stringify({ functions: names.map((name) => ({ function: name, maxP95Ms: 400 })) }),
      );
    await config('orders', 'orders:live');
    const fine = await runTuneQuickly(['check', '--dry-run'], account.env, { cwd: folder });
    expect([fine.code, fine.stderr.includes('Creating')]).toEqual([0, false]);
    await config('orders', 'nobody');
    expect((await runTuneQuickly(['check', '--dry-run'], account.env, { cwd: folder })).code).toBe(2);
  });

  it('has one cap for all functions together, counts dollars up, and is done once', async () => {
    const config = {
      maxSpendUsd: 1,
      functions: [
        { function: 'orders', maxP95Ms: 400 },
        { function: 'orders:live', maxP95Ms: 400 },
        { function: 'orders:1', maxP95Ms: 400 },
        { function: 'nobody', maxP95Ms: 400 },
      ],
    };
    await writeFile(join(folder, 'tune.config.json'), JSON.stringify(config));
    const { stderr } = await runTuneQuickly(['check', '--yes'], account.env, { cwd: folder });
    const text = stderr.replace(/\s+/g, ' ');
    expect(text).toContain('The check stops before it can exceed US$ 1.00, all functions together.');
    const lines = stderr.split('\n').filter((line) => line.startsWith('tune: '));
    expect(lines.filter((line) => line.startsWith('tune: Done'))).toHaveLength(1);
    const spent = lines.flatMap((line) => [...line.matchAll(/calls · \$([\d.]+)/g)].map(([, usd]) => Number(usd)));
    expect(spent.length).toBeGreaterThan(1);
    expect(spent).toEqual(spent.toSorted((one, other) => one - other));
  });

  it('is removed by its run id after a kill: both sides', async () => {
    const slow = scriptedExecutor(() => ({ durationMs: 50 }));
    await account.close();
    account = await openAccount({ executor: slow });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
    const run = startTune(
      ['check', '--function', 'orders', ...against, '--yes', '--run-id', 'gate'],
      account.env,
      folder,
    );
    while (account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length < 10) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    run.kill('SIGKILL');
    await run.finished;
    expect(accountPicture(account.endpoint.snapshot())).not.toEqual(before);
    expect((await runTuneQuickly(['cleanup', '--run', 'gate'], account.env)).code).toBe(0);
  });
});
