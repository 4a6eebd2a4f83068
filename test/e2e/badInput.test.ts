import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { runTuneQuickly, type Surroundings } from './quickly.ts';
import { type Account, createOrders, type Finished, openAccount, runTune, savedRun } from './support.ts';

/**
 * What a user can give wrong: a clear error, exit code 2, nothing printed on stdout and nothing created. In this process,
 * because nothing here depends on one; a few rows go through the binary at the end.
 */
describe('bad input', () => {
  let account: Account;
  let folder: string;
  beforeAll(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 1 }), { waiting: 'none' }) });
    await createOrders(account);
    folder = await mkdtemp(join(tmpdir(), 'bad-input-'));
    await mkdir(join(folder, 'a-folder'));
    await Promise.all(
      Object.entries({
        'large.json': JSON.stringify('x'.repeat(6 * 1024 * 1024)),
        'latin1.json': Buffer.from([0x22, 0xe9, 0x22]),
        'zero.json': '[{"payload": {}, "weight": 0}]',
        'negative.json': '[{"payload": {}, "weight": 1}, {"payload": {}, "weight": -2}]',
        'object.json': '{"payload": {}, "weight": 1}',
        'none.json': '[]',
        'extra.json': '[{"payload": {}, "weight": 1, "wieght": 2}]',
        'twice.json': '[{"payload": 1, "weight": 1, "name": "a"}, {"payload": 2, "weight": 1, "name": "a"}]',
        'unknownKey.json': '{"memroy": "128"}',
        'wrongType.json': '{"invocations": "many"}',
        'broken.json': '{"memory": ',
      }).map(([name, content]) => writeFile(join(folder, name), content)),
    );
  });
  afterEach(() => account.under({}));
  afterAll(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });

  const writes = () =>
    account.endpoint.calls().filter(({ operation }) => !/^(Get|List|Describe|Filter)/.test(operation));

  async function refused(
    args: readonly string[],
    said: RegExp | string,
    code = 2,
    { env = {}, ...where }: Surroundings & { readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<Finished> {
    const finished = await runTuneQuickly(args, { ...account.env, ...env }, { cwd: folder, ...where });
    expect(finished.stderr).toMatch(said);
    expect(finished.stderr).not.toMatch(/this is a bug|\n {4}at /);
    expect(finished).toMatchObject({ code, stdout: '' });
    expect(writes()).toEqual([]);
    expect(await account.journals()).toEqual([]);
    return finished;
  }

  const orders = ['--function', 'orders', '--memory', '128,512', '--yes'];

  describe('in the options', () => {
    it.each([
      ['127', '127 MB is outside 128 to 10240 MB'],
      ['128,10241', '10241 MB is outside 128 to 10240 MB'],
      ['0', '0 MB is outside 128 to 10240 MB'],
      ['abc', '"abc" is not a whole number in decimal digits'],
      ['1e3', '"1e3" is not a whole number in decimal digits'],
      ['0x200', '"0x200" is not a whole number'],
      ['512.5', '"512.5" is not a whole number'],
      ['-512', '"-512" is not a whole number'],
      ['', 'a size is empty'],
      ['128,,512', 'a size is empty'],
    ])('--memory %j', async (memory, said) => {
      await refused(['--function', 'orders', '--memory', memory, '--yes'], said);
    });

    it.each([
      [['--architecture', 'x86'], '--architecture must be x86_64 or arm64'],
      [['--architecture', ''], '--architecture must be x86_64 or arm64'],
      [['--invocations', '0'], '--invocations must be a whole number from 1 to 100000'],
      [['--invocations', '1e2'], '--invocations must be a whole number'],
      [['--concurrency', '0'], '--concurrency must be a whole number'],
      [['--max-in-flight', '0'], '--max-in-flight must be a whole number'],
      [['--max-error-share', '10'], '--max-error-share must be a share such as 10% or 0.1'],
      [['--max-spend-usd', '0'], '--max-spend-usd'],
      [['--max-spend-usd', 'much'], '--max-spend-usd must be an amount of US$'],
      [['--run-id', 'Build 7'], '--run-id must be 1 to 24 lower-case letters'],
      [['--run-id', 'a-arm64-1'], '--run-id must not hold "-arm64-"'],
      [['--endpoint-url', 'localhost'], '--endpoint-url'],
      [['--price', 'x86_64=1'], /--price|price/i],
      [['--report', 'josn=x.json'], /"josn" is not a format here.\n +Did you mean "json"/],
      [['--report', 'csv', '--report', 'markdown'], 'only one format can be printed'],
      [['--memroy', '128'], /unknown option '--memroy'\n\(Did you mean --memory\?\)/],
      [['--invocation', '3'], /unknown option '--invocation'\n\(Did you mean --invocations\?\)/],
      [['--run'], /unknown option '--run'/],
      [['--report', 'html=-'], /--report: "-" is no file here\.\n +To print it, leave out the file: --report html/],
      [['--report'], /--report needs a value\.\n +--report <format\[=file\]>: table, html/],
      [['--report', '--json'], '--report needs a value.'],
      [['clenup'], /"clenup" is not a command of tune/],
    ])('%j', async (more, said) => {
      await refused([...orders, ...more], said);
    });

    it.each([
      [['chekc', '--against', 'orders:live'], /"chekc" is not a command of tune\.\n +Did you mean: tune check\n/],
      [['help', 'chekc'], /Did you mean: tune check\n/],
      [['a-folder'], /There is \.\/a-folder here: to measure it, tune --function \.\/a-folder /],
      [['./a-folder'], 'To measure what is there: tune --function ./a-folder'],
      [['deploy', '--against', 'orders'], /"deploy" is not a command of tune\.\n +Commands: check, baseline, migrate/],
      [
        ['check', '--function', 'orders', '--report'],
        /--report needs a value\.\n +--report <format\[=file\]>: table, html, markdown/,
      ],
    ])('%j', async (args, said) => {
      await refused(args, said);
    });

    it.each([
      [['help'], 'Usage: tune [options]'],
      [['help', 'check'], 'Usage: tune check [options]'],
      [['check', 'help'], 'Usage: tune check [options]'],
    ])('%j is answered with the help', async (args, usage) => {
      const finished = await runTuneQuickly(args, account.env, { cwd: folder });
      expect(finished).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(usage) });
    });

    it('a secret given without a name is not repeated', async () => {
      const { stderr } = await refused([...orders, '--env', '=hunter2'], '--env must be given as NAME=value');
      expect(stderr).not.toContain('hunter2');
    });

    it.each([
      [[], 'No function is given'],
      [['--function', 'orders', '--memory', '512'], 'neither --yes nor --max-spend-usd is given'],
    ])('what is needed is missing: %j', async (args, said) => {
      await refused(args, said);
    });

    it.each([
      ['unknownKey.json', /Config file unknownKey.json: "memroy" is not an option.\n +Did you mean "memory"/],
      ['wrongType.json', 'Config file wrongType.json: invocations must be a whole number'],
      ['broken.json', 'Config file broken.json is not JSON'],
      ['missing.json', 'Cannot read the config file missing.json (ENOENT)'],
    ])('--config %s', async (file, said) => {
      await refused([...orders, '--config', file], said);
    });
  });

  describe('in the payload', () => {
    it.each([
      [['--payload', '{"a":'], '--payload is not valid JSON'],
      [['--payload', '2024.json'], 'Cannot read the payload file 2024.json (ENOENT)'],
      [['--payload', '1.2.3'], '--payload is not valid JSON'],
      [['--payload', 'not-there.json'], 'Cannot read the payload file not-there.json (ENOENT)'],
      [['--payload', ''], '--payload is empty'],
      [['--payload', 'large.json'], 'large.json is 6291458 bytes long; Lambda takes at most 6291456'],
      [['--payload', 'latin1.json'], 'latin1.json is not UTF-8 text'],
      [['--payload', 'a-folder'], 'a-folder holds no JSON file'],
      [['--payload', '-'], 'standard input is empty'],
      [['--payloads', 'zero.json'], 'zero.json: entry 1, weight must be above 0'],
      [['--payloads', 'negative.json'], 'negative.json: entry 2, weight must be above 0'],
      [['--payloads', 'object.json'], 'object.json'],
      [['--payloads', 'none.json'], 'must hold at least one payload'],
      [['--payloads', 'extra.json'], 'extra.json: entry 1'],
      [['--payloads', 'twice.json'], 'two payloads named "a"'],
      [['--payload', '{}', '--payloads', 'zero.json'], 'cannot be given together'],
    ])('%j', async (more, said) => {
      await refused([...orders, ...more], said);
    });
  });

  describe('for the reports, found before the run starts', () => {
    it.each([
      ['not-there/run.json', 'its folder does not exist'],
      ['a-folder', 'it is a folder'],
      ['large.json/run.json', 'its folder does not exist'],
    ])('--report json=%s', async (file, said) => {
      await refused([...orders, '--report', `json=${file}`], said);
    });
  });

  describe('as the target', () => {
    it.each([
      ['nobody', 'There is no function nobody in us-east-1', 2],
      ['orders:nobody', /orders exists in us-east-1, but it has no alias nobody\.\n +Its aliases: live\./, 2],
      ['orders:7', /orders exists in us-east-1, but it has no version 7\.\n/, 2],
      ['nobody:live', 'There is no function nobody in us-east-1', 2],
      ['a-folder', /no function a-folder in us-east-1\.\n +There is \.\/a-folder here: .*--function \.\/a-folder /, 2],
      ['index.ts', 'There is no file or folder', 2],
      ['a b', '"a b" is neither a function name nor a Lambda function ARN', 2],
      ['arn:aws:lambda:us-east-1:123:function:orders', 'neither a function name nor a Lambda function ARN', 2],
      ['arn:aws:lambda:us-east-1:000000000000:function:', 'neither a function name', 2],
      ['arn:aws:s3:::bucket', 'neither a function name', 2],
      ['arn:aws:lambda-web:us-east-1:000000000000:function:shop', 'Lambda Web Functions have no memory setting', 2],
      [
        'arn:aws:lambda:us-east-1:999999999999:function:orders',
        /Not allowed: lambda:GetFunction on \S*999999999999:function:orders/,
        3,
      ],
    ])('%s', async (target, said, code) => {
      await refused(['--function', target, '--memory', '512', '--yes'], said, code);
    });

    it('an ARN of another region than the one asked for', async () => {
      const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:orders';
      await refused(
        ['--function', arn, '--memory', '512', '--region', 'us-east-1', '--yes'],
        'Give --region eu-west-1',
      );
    });

    it.each([
      ['being created', { State: 'Pending', StateReasonCode: 'Creating' }, 'is still being created'],
      ['failed', { State: 'Failed', StateReason: 'its VPC is gone' }, 'is in state Failed: its VPC is gone'],
      [
        'on managed instances',
        { CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: {} } },
        'Lambda Managed Instances',
      ],
      ['durable', { DurableConfig: { RetentionPeriodInDays: 14, ExecutionTimeout: 900 } }, 'is a durable function'],
      ['isolating tenants', { TenancyConfig: { TenantIsolationMode: 'PER_TENANT' } }, 'isolates tenants'],
      [
        'whose environment cannot be decrypted',
        { Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'kms' } } },
        'its environment variables cannot be decrypted',
      ],
      ['whose code is too large to be sent', { CodeSize: 60 * 1024 * 1024 }, '--staging-bucket'],
      ['of a runtime that cannot be created any more', { Runtime: 'nodejs12.x' }, 'creates no new ones'],
    ])('a function %s', async (_, members, said) => {
      account.under({
        rewrite: ({ operation }, answer) => (operation === 'GetFunction' ? withConfiguration(answer, members) : answer),
      });
      await refused(orders, said);
    });

    it('a function that somebody switched off', async () => {
      account.under({
        rewrite: ({ operation }, answer) =>
          operation === 'GetFunction' && isRecord(answer)
            ? { ...answer, Concurrency: { ReservedConcurrentExecutions: 0 } }
            : answer,
      });
      await refused(orders, '--ignore-reserved-concurrency');
    });
  });

  describe('as the region', () => {
    it.each([
      ['moon-north-1', 'Cannot price Lambda in region moon-north-1: it is not in the price table'],
      ['cn-north-1', 'Cannot price Lambda in region cn-north-1'],
    ])('%s', async (region, said) => {
      const { stderr } = await refused([...orders, '--region', region], said);
      expect(stderr).toContain('--price x86_64=');
    });

    it('with a profile that is in no file', async () => {
      const config = join(folder, 'aws-config');
      await writeFile(config, '[profile prod]\nregion = us-east-1\n[sso-session it]\nsso_region = us-east-1\n');
      const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
      const said = /There is no AWS profile "prdo"\.\n +Profiles here: prod\. Name one with --profile\./;
      await refused([...orders, '--profile', 'prdo'], said, 3, { env });
    });

    it('none at all', async () => {
      await refused(orders, 'No AWS region is set', 2, { env: { AWS_REGION: '', AWS_CONFIG_FILE: '/nowhere' } });
    });
  });

  describe('where no journal can be kept', () => {
    const unwritable = () => join(folder, 'large.json', 'state');

    it('goes to the temporary directory, and says so', async () => {
      const temporary = join(folder, 'a-folder');
      const env = { ...account.env, TUNE_STATE_DIR: unwritable(), TMPDIR: temporary };
      const finished = await runTune([...orders, '--invocations', '1', '--json'], env);
      expect(finished.code).toBe(0);
      const { warnings } = savedRun(finished);
      expect(warnings.find(({ code }) => code === 'STATE_DIRECTORY')?.text).toContain(`kept in ${temporary}`);
    });

    it('nor there, nothing is created', async () => {
      const env = { TUNE_STATE_DIR: unwritable(), TMPDIR: join(folder, 'large.json') };
      const { stderr } = await refused(orders, 'No folder for the journal', 2, { env });
      expect(stderr).toContain('Nothing was created');
    });
  });

  it('ends the process with its code', async () => {
    const bad = [...orders.slice(0, 3), '127'];
    expect(await runTune(bad, account.env)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^tune: --memory/),
    });
    expect(await runTune(['--nonsense'], account.env)).toMatchObject({ code: 2, stdout: '' });
  });
});

function withConfiguration(answer: unknown, members: object): unknown {
  return isRecord(answer) && isRecord(answer.Configuration)
    ? { ...answer, Configuration: { ...answer.Configuration, ...members } }
    : answer;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
