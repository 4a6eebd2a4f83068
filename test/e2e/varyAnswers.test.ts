import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { checkResultSchema } from '../../src/model/check.ts';
import { zip } from '../preflight/packages.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, savedRun } from './support.ts';

/** nodejs24.x takes 20 % less time and says other words; every answer has an id and a number that no two answers share. */
describe('answers of variants', () => {
  let account: Account;
  let folder: string;
  let before: unknown;
  beforeAll(async () => {
    let answered = 0;
    account = await openAccount({
      executor: scriptedExecutor(
        ({ spec, environment, invocation }) => {
          answered += 1;
          const greeting = spec.runtime === 'nodejs24.x' ? 'good day' : 'hello';
          return {
            durationMs:
              (100_000 / Math.min(1024, spec.memoryMb)) *
              (spec.runtime === 'nodejs24.x' ? 0.8 : 1) *
              (1 + 0.02 * Math.sin(7.3 * environment + invocation)),
            initDurationMs: 150,
            maxMemoryUsedMb: 70,
            payload: {
              statusCode: 200,
              body: JSON.stringify({ greeting, drawn: `ticket ${answered}`, at: new Date().toISOString() }),
              ...(spec.environment.API_TOKEN === undefined ? {} : { token: `<${spec.environment.API_TOKEN}>` }),
            },
          };
        },
        { waiting: 'none' },
      ),
    });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'answers-'));
    before = accountPicture(account.endpoint.snapshot());
  });
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function tune(...args: readonly string[]) {
    const size = ['--architecture', 'x86_64', '--memory', '512', '-n', '10'];
    const finished = await runTuneQuickly(['--function', 'orders', '--yes', ...size, ...args], account.env, {
      cwd: folder,
    });
    expect([finished.code, finished.stderr.match(/^tune: .*fail.*/m)]).toEqual([0, null]);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    return finished;
  }
  const unwrapped = (text: string) => text.replace(/\s+/g, ' ');

  it('that differ are said, in what differs for sure, and keep a faster variant from being recommended', async () => {
    const run = savedRun(await tune('--runtime', 'nodejs24.x', '--json', '--report', 'table=run.txt'));
    expect(run.variants).toMatchObject([{ variant: 'nodejs24.x', cost: { kind: 'less' }, duration: { kind: 'less' } }]);
    expect(run.responses).toMatchObject([
      {
        variant: 'nodejs24.x',
        compared: 1,
        different: 1,
        differences: [
          { memoryMb: 512, pointer: '/body/greeting', current: 'hello', variant: 'good day', looksVolatile: false },
          { pointer: '/body/drawn', looksVolatile: true },
          { pointer: '/body/at', looksVolatile: true },
        ],
        differencesLeftOut: 0,
      },
    ]);
    expect(run.answer).toMatchObject({ kind: 'stay', configuration: { memoryMb: 512 } });
    const told = unwrapped(await readFile(join(folder, 'run.txt'), 'utf8'));
    expect(told).toContain(
      'Answers nodejs24.x answers otherwise than the function as it is in 1 of 1 pair of answers: /body/greeting is hello and becomes good day. So it is not recommended',
    );
    expect(told).toContain('nothing else measured is surely better (nodejs24.x is, and answers otherwise)');
  });

  it('may differ where that was allowed', async () => {
    const finished = await tune('--runtime', 'nodejs24.x', '--ignore', '/body/greeting', '--json');
    const run = savedRun(finished);
    expect(run.responses).toMatchObject([{ different: 0, ignored: ['/body/greeting'] }]);
    expect(run.answer).toMatchObject({ kind: 'change', configuration: { variant: { name: 'nodejs24.x' } } });
    const refused = await runTuneQuickly(['--function', 'orders', '--ignore', 'greeting'], account.env, {
      cwd: folder,
    });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is no JSON pointer')]);
  });

  it('that are alike are said to be, and never quote a value of a variable', async () => {
    const alike = await tune('--vary', 'env:LEAN=yes', '-n', '4');
    expect(unwrapped(alike.stdout)).toContain(
      'LEAN=yes answers as the function as it is does (1 pair of answers compared)',
    );
    const secret = await tune('--vary', 'env:API_TOKEN=hunter2,hunter3', '-n', '4', '--json');
    expect(secret.stdout + secret.stderr).not.toMatch(/hunter/);
    expect(savedRun(secret).responses?.map(({ different, differences }) => [different, differences[0]])).toEqual([
      [1, expect.objectContaining({ pointer: '/token', variant: '<***>' })],
      [1, expect.objectContaining({ pointer: '/token', variant: '<***>' })],
    ]);
  });

  it('are compared by a check, too, whose verdict is of the figures', async () => {
    const args = [
      'check',
      '--function',
      'orders',
      '--yes',
      '--memory',
      '1024',
      '--against-variant',
      'runtime=nodejs24.x',
    ];
    const { code, stdout } = await runTuneQuickly([...args, '--json'], account.env, { cwd: folder });
    const [checked] = checkResultSchema.parse(JSON.parse(stdout)).functions;
    expect([code, checked?.verdict]).toEqual([1, 'regressed']);
    expect(checked?.responses).toMatchObject({ variant: 'nodejs24.x', compared: 1, different: 1 });
    expect(checked?.preflight).toMatchObject({ variant: 'nodejs24.x', verdict: 'compatible' });
    expect(checked?.notes).toContain(
      'nodejs24.x answers otherwise than the function as it is in 1 of 1 pair of answers: /body/greeting is hello and becomes good day.',
    );
    const ignoring = await runTuneQuickly([...args, '--ignore', '/body/greeting'], account.env, { cwd: folder });
    expect(unwrapped(ignoring.stdout)).toContain('nodejs24.x answers as the function as it is does');
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });

  it('are not asked for where a check reads that the variant cannot run: nothing is measured, and the report is written', async () => {
    const code = await zip({ 'index.js': 'exports.handler = (event, context, callback) => callback(null, 1);' });
    await account.create({ FunctionName: 'old', MemorySize: 512, Runtime: 'nodejs22.x', Code: { ZipFile: code } });
    const picture = accountPicture(account.endpoint.snapshot());
    const args = ['check', '--function', 'old', '--yes', '--against-variant', 'runtime=nodejs24.x', '--json'];
    const finished = await runTuneQuickly([...args, '--report', 'markdown=check.md'], account.env, { cwd: folder });
    const [checked] = checkResultSchema.parse(JSON.parse(finished.stdout)).functions;
    expect([finished.code, checked?.verdict, checked?.error?.code, checked?.comparedWith]).toEqual([
      3,
      null,
      'NOT_MEASURED',
      ['old with nodejs24.x'],
    ]);
    expect(checked?.preflight?.verdict).toBe('incompatible');
    expect(checked?.spend.invocations).toBe(0);
    expect(checked?.error?.message).toContain('incompatible, so it is not measured');
    expect(await readFile(join(folder, 'check.md'), 'utf8')).toContain('takes a third parameter');
    expect(accountPicture(account.endpoint.snapshot())).toEqual(picture);
    await account.lambda.send(new DeleteFunctionCommand({ FunctionName: 'old' }));
  });
});
