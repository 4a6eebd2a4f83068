import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { zip } from '../preflight/packages.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, savedRun } from './support.ts';

/** nodejs24.x takes 20 % less time; LEAN=yes saves 10 % more; nothing else matters. */
describe('variants', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeAll(async () => {
    account = await openAccount({
      executor: scriptedExecutor(
        ({ spec, environment, invocation }) => ({
          durationMs:
            (100_000 / Math.min(1024, spec.memoryMb)) *
            (spec.runtime === 'nodejs24.x' ? 0.8 : 1) *
            (spec.environment.LEAN === 'yes' ? 0.9 : 1) *
            (1 + 0.02 * Math.sin(7.3 * environment + invocation)),
          initDurationMs: 150,
          maxMemoryUsedMb: 70,
          payload: { ok: true },
        }),
        { waiting: 'none' },
      ),
    });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'vary-'));
    before = accountPicture(account.endpoint.snapshot());
  });
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const base = ['--function', 'orders', '--yes', '--architecture', 'x86_64', '--memory', '512,1024'];
  async function tune(...args: readonly string[]) {
    const finished = await runTuneQuickly([...base, ...args], account.env, { cwd: folder });
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    return finished;
  }
  async function tuned(...args: readonly string[]): Promise<TuningResult> {
    const finished = await tune(...args, '--json');
    const { code, stderr } = finished;
    expect([code, stderr.match(/^tune: .*fail.*/m)]).toEqual([0, null]);
    return savedRun(finished);
  }
  const names = ({ configurations }: TuningResult) => [...new Set(configurations.map(({ variant }) => variant?.name))];

  it('are rows beside the function as it is, compared over all sizes, and the answer is of the best one', async () => {
    const run = await tuned('--runtime', 'nodejs24.x');
    expect(names(run)).toEqual(['current', 'nodejs24.x']);
    expect(run.answer).toMatchObject({
      kind: 'change',
      configuration: { variant: { name: 'nodejs24.x', changes: { runtime: 'nodejs24.x' } } },
    });
    expect(run.variants).toMatchObject([
      { variant: 'nodejs24.x', places: 2, cost: { kind: 'less', everywhere: true }, duration: { kind: 'less' } },
    ]);
  });

  it('are the product of what is varied, and say which of it pays', async () => {
    const { code, stdout } = await tune('--vary', 'runtime=nodejs24.x', '--vary', 'env:LEAN=no,yes', '-n', '10');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^x86_64, nodejs24\.x, LEAN=yes$/m);
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toMatch(
      /Answer nodejs24\.x, LEAN=yes costs 2\d % \(2\d to \d+ %\) less and takes 2\d % \(2\d to \d+ %\) less time than the function as it is, at every size measured; best: change to 1,024 MB, nodejs24\.x, LEAN=yes \(/,
    );
    expect(said).toContain('init. nodejs24.x, LEAN=yes is equal to the function as it is in init. Answers');
    expect(said).toMatch(/Pareto Nothing measured has both less cost and less time than .*nodejs24\.x, LEAN=yes/);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'LEAN=no is not told apart from the function as it is in cost and duration yet',
    );
  });

  it('never say a value that may be a secret, nor keep it', async () => {
    const finished = await tune(
      '--vary',
      'env:API_TOKEN=hunter2,hunter3',
      '-n',
      '4',
      '--report',
      'html=page.html',
      '--json',
    );
    const { code, stdout, stderr } = finished;
    expect(code).toBe(0);
    const page = await readFile(join(folder, 'page.html'), 'utf8');
    expect(stdout + stderr + page).not.toMatch(/hunter/);
    expect(names(savedRun(finished))).toEqual(['current', 'API_TOKEN=… (1)', 'API_TOKEN=… (2)']);
  });

  it('come from a file, too, each with all its changes', async () => {
    const variants = [{ name: 'lean 24', runtime: 'nodejs24.x', environment: { LEAN: 'yes' } }];
    await writeFile(join(folder, 'variants.json'), JSON.stringify({ variants }));
    const run = await tuned('--variants', 'variants.json', '-n', '10');
    expect(names(run)).toEqual(['current', 'lean 24']);
    expect(run.answer).toMatchObject({ kind: 'change', configuration: { variant: { name: 'lean 24' } } });
  });

  it('of code that the function has already are the function as it is, and of the same code are one', async () => {
    await writeFile(join(folder, 'own.zip'), await zip({ 'index.js': 'exports.handler = async () => 1;' }));
    await writeFile(join(folder, 'lean.zip'), await zip({ 'index.js': 'exports.handler = async () => 2;' }));
    await writeFile(join(folder, 'again.zip'), await zip({ 'index.js': 'exports.handler = async () => 2;' }));
    const ZipFile = await readFile(join(folder, 'own.zip'));
    await account.create({ FunctionName: 'coded', MemorySize: 512, Runtime: 'nodejs22.x', Code: { ZipFile } });
    const vary = (...args: readonly string[]) =>
      runTuneQuickly(['--function', 'coded', ...base.slice(2), '-n', '4', '--json', ...args], account.env, {
        cwd: folder,
      });
    const run = savedRun(await vary('--vary', 'code=current,./own.zip,./lean.zip,./again.zip'));
    expect(names(run)).toEqual(['current', './lean.zip']);
    const none = savedRun(await vary('--vary', 'code=./own.zip', '--runtime', 'nodejs22.x,current'));
    expect(names(none)).toEqual(['current']);
    const check = await runTuneQuickly(
      ['check', '--function', 'coded', '--yes', '--against-variant', 'code=./own.zip'],
      account.env,
      { cwd: folder },
    );
    expect([check.code, check.stderr]).toEqual([2, expect.stringContaining('The function is that already')]);
    await account.lambda.send(new DeleteFunctionCommand({ FunctionName: 'coded' }));
  });

  it('of a preview runtime are measured and not recommended', async () => {
    const run = await tuned('--runtime', 'nodejs26.x', '-n', '10');
    expect(names(run)).toEqual(['current', 'nodejs26.x']);
    expect(run.answer.configuration?.variant?.name).not.toBe('nodejs26.x');
  });

  it('are looked at before anything is paid: what cannot run is not measured, and every format says why', async () => {
    const code = await zip({ 'index.js': 'exports.handler = (event, context, callback) => callback(null, 1);' });
    await account.create({
      FunctionName: 'old-style',
      MemorySize: 512,
      Runtime: 'nodejs22.x',
      Code: { ZipFile: code },
    });
    const picture = accountPicture(account.endpoint.snapshot());
    const old = (...args: readonly string[]) =>
      runTuneQuickly(
        ['--function', 'old-style', ...base.slice(2), '--runtime', 'nodejs20.x,nodejs24.x', ...args],
        account.env,
        { cwd: folder },
      );
    const planned = await old('--dry-run');
    expect(planned.stderr.replace(/\s+/g, ' ')).toContain(
      'nodejs24.x: incompatible, so it is not measured. index.js takes a third parameter, the callback (line 1)',
    );
    const finished = await old('--json', '-n', '4', '--report', 'html=old.html', '--report', 'markdown=old.md');
    const run = savedRun(finished);
    expect(run.preflights?.map(({ variant, verdict }) => [variant, verdict])).toEqual([
      ['nodejs20.x', 'unknown'],
      ['nodejs24.x', 'incompatible'],
    ]);
    expect(run.configurations.map(({ variant, status }) => [variant?.name, status])).toEqual([
      ['current', 'measured'],
      ['nodejs20.x', 'measured'],
      ['current', 'measured'],
      ['nodejs20.x', 'measured'],
      ['nodejs24.x', 'unmeasured'],
      ['nodejs24.x', 'unmeasured'],
    ]);
    const [page, comment] = [
      await readFile(join(folder, 'old.html'), 'utf8'),
      await readFile(join(folder, 'old.md'), 'utf8'),
    ];
    expect(page).toContain('incompatible, so it is not measured');
    expect(comment).toContain('not measured: incompatible');
    expect(accountPicture(account.endpoint.snapshot())).toEqual(picture);
    await account.lambda.send(new DeleteFunctionCommand({ FunctionName: 'old-style' }));
  });

  it('may be the other side of a check', async () => {
    const check = (...args: readonly string[]) =>
      runTuneQuickly(['check', '--function', 'orders', '--yes', '--json', ...args], account.env, { cwd: folder });
    const { code, stdout } = await check('--against-variant', 'runtime=nodejs24.x', '--memory', '1024');
    const { functions } = JSON.parse(stdout);
    expect([code, functions[0].verdict, functions[0].comparison, functions[0].comparedWith]).toEqual([
      1,
      'regressed',
      'against',
      ['orders with nodejs24.x'],
    ]);
    const better = await check('--against-variant', 'env:LEAN=no', '--memory', '1024');
    expect([better.code, JSON.parse(better.stdout).functions[0].verdict]).toEqual([0, 'passed']);
    const several = await check('--against-variant', 'runtime=nodejs20.x,nodejs24.x');
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('compares with one variant')]);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('are asked for where there are many', async () => {
    const many = Array.from({ length: 13 }, (_, index) => index).join(',');
    const { code, stderr } = await runTuneQuickly(
      ['--function', 'orders', '--architecture', 'x86_64', '--memory', '512,1024', '--vary', `env:MODE=${many}`],
      account.env,
      { cwd: folder },
    );
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toContain('Nothing was created. These are 28 configurations, more than 24.');
  });

  it('are raced size by size where no list is given', async () => {
    const run = await tuned('--runtime', 'nodejs24.x', '--memory', 'auto');
    expect(run.answer).toMatchObject({ kind: 'change', configuration: { variant: { name: 'nodejs24.x' } } });
  });
});
