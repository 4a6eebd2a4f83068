import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  PublishLayerVersionCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../src/aws/policy/policy.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { packageOf, role, zipOf } from '../local/lab.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, runTune, savedRun, startTune } from './support.ts';

/** Everything that tune does, under exactly the policy that `tune policy` prints: nothing more is allowed to anybody. */
describe('under the policy of `tune policy`', () => {
  let account: Account;
  let before: unknown;
  let folder: string;
  beforeEach(async () => {
    account = await openAccount({
      executor: scriptedExecutor(({ invocation }) => ({
        durationMs: 40 + (invocation % 3),
        initDurationMs: 200,
        maxMemoryUsedMb: 70,
      })),
    });
    folder = await mkdtemp(join(tmpdir(), 'policy-'));
  });
  afterEach(async () => {
    await account.close();
    await rm(folder, { recursive: true, force: true });
  });
  const picture = () => accountPicture(account.endpoint.snapshot());
  const tune = (...args: readonly string[]) => runTuneQuickly(args, account.env, { cwd: folder });
  const tuneProcess = (...args: readonly string[]) => runTune(args, account.env, folder);

  async function installed(...flags: readonly string[]): Promise<PolicyDocument> {
    const printed = await tune('policy', ...flags);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    const policy = JSON.parse(printed.stdout) as PolicyDocument;
    account.under({ allow: policy.Statement });
    before = picture();
    return policy;
  }

  async function withLayer(): Promise<void> {
    const layer = await account.lambda.send(
      new PublishLayerVersionCommand({ LayerName: 'lib', Content: { ZipFile: await zipOf({ 'lib.txt': 'x' }) } }),
    );
    await createOrders(account, { Layers: [layer.LayerVersionArn ?? ''] });
  }

  const sweep = ['--function', 'orders:live', '--memory', '256,512', '--invocations', '4', '--yes', '--json'];

  it('a run of an alias with a layer, throttled and with REPORTs that only the logs have, measures and leaves nothing', async () => {
    await withLayer();
    const policy = await installed('--function', 'orders:live');
    account.under({ allow: policy.Statement, throttleEveryNthInvoke: 5, report: 'onlyInLogs' });
    const finished = await tune(...sweep);
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(run.configurations.map(({ status, warm }) => [status, warm?.count])).toEqual(
      Array.from({ length: 4 }, () => ['measured', 4]),
    );
    expect(run.warnings.map(({ code }) => code)).not.toContain('codeSigningUnreadable');
    expect(run.spend.throttles).toBeGreaterThan(0);
    expect(picture()).toEqual(before);
    const denied = account.endpoint.calls().filter(({ status }) => status === 403);
    expect(denied).toEqual([]);
  });

  it('a clean-up after a kill', async () => {
    await withLayer();
    await installed('--function', 'orders:live');
    const run = startTune(
      [...sweep.slice(0, -2), '--invocations', '2000', '--yes', '--run-id', 'gone'],
      account.env,
      folder,
    );
    while (!account.endpoint.calls().some(({ operation }) => operation === 'Invoke')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    run.kill('SIGKILL');
    await run.finished;
    expect(picture()).not.toEqual(before);
    const cleaned = await tuneProcess('cleanup', '--run', 'gone', '--yes');
    expect(cleaned.code).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('a package of more than 10 MB, and one that goes through the staging bucket', async () => {
    for (const Bucket of ['owner', 'staging']) await account.s3.send(new CreateBucketCommand({ Bucket }));
    for (const megabytes of [11, 51]) {
      const Key = `${megabytes}.zip`;
      await account.s3.send(new PutObjectCommand({ Bucket: 'owner', Key, Body: await packageOf(megabytes) }));
      await account.create({ FunctionName: `model-${megabytes}`, Code: { S3Bucket: 'owner', S3Key: Key } });
      const target = ['--function', `model-${megabytes}`, ...(megabytes > 50 ? ['--staging-bucket', 'staging'] : [])];
      await installed(...target);
      const finished = await tuneProcess(...target, '--memory', '256,512', '--invocations', '2', '--yes', '--json');
      expect(finished.code).toBe(0);
      expect(savedRun(finished).configurations.every(({ status }) => status === 'measured')).toBe(true);
      expect(picture()).toEqual(before);
      account.under({});
    }
  });

  it('an image with another build for arm64, without a word in any repository’s policy', async () => {
    const uri = (name: string) => `000000000000.dkr.ecr.us-east-1.amazonaws.com/${name}:1`;
    account.under({ images: true });
    await account.lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'picture',
        Role: role,
        PackageType: 'Image',
        Code: { ImageUri: uri('picture') },
        Timeout: 5,
      }),
    );
    const policy = await installed('--function', 'picture', '--arm64-image', uri('picture-arm'));
    expect(policy.Statement.flatMap(({ Action }) => Action)).not.toContain('ecr:SetRepositoryPolicy');
    account.under({ images: true, allow: policy.Statement });
    const sizes = ['--memory', '256', '--invocations', '2', '--arm64-image', uri('picture-arm')];
    const finished = await tune('--function', 'picture', ...sizes, '--yes', '--json');
    expect(finished.code).toBe(0);
    expect(savedRun(finished).configurations.map(({ status }) => status)).toEqual(['measured', 'measured']);
    expect(picture()).toEqual(before);
  });

  it('nothing of a function of the user’s that is called tune-…', async () => {
    await createOrders(account);
    await account.create({ FunctionName: 'tune-up' });
    const { Statement } = await installed('--function', 'orders');
    account.under({ allow: Statement });
    const caller = new LambdaClient({
      endpoint: account.endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await expect(caller.send(new DeleteFunctionCommand({ FunctionName: 'tune-up' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    caller.destroy();
  });

  it('tune check and tune migrate', async () => {
    await createOrders(account);
    await installed('--function', 'orders');
    const against = ['--function', 'orders', '--against', 'orders:live', '--max-invocations', '16'];
    expect((await tune('check', ...against, '--yes')).code).toBeOneOf([0, 4]);
    const migrate = ['--function', 'orders', '--memory', '512', '--invocations', '4', '--yes', '--json'];
    expect((await tune('migrate', ...migrate)).code).toBe(0);
    expect(picture()).toEqual(before);
    expect(account.endpoint.calls().filter(({ status }) => status === 403)).toEqual([]);
  });

  it.each([
    ['lambda:CreateFunction', 3],
    ['iam:PassRole', 3],
    ['lambda:TagResource', 3],
    ['lambda:InvokeFunction', 3],
    ['logs:CreateLogGroup', 0],
    ['lambda:GetFunction', 3],
    ['lambda:DeleteFunction', 5],
  ])('without %s the run ends with %i, names it, and removes what it may', async (action, code) => {
    await createOrders(account);
    const policy = await installed('--function', 'orders');
    const allow = policy.Statement.map((statement) => ({
      ...statement,
      Action: statement.Action.filter((each) => each !== action),
    }));
    account.under({ allow });
    const finished = await tune(...sweep.map((flag) => (flag === 'orders:live' ? 'orders' : flag)));
    expect([finished.code, action]).toEqual([code, action]);
    expect(finished.stderr + finished.stdout).toContain(action);
    if (code !== 5) expect(picture()).toEqual(before);
  });

  it('names a layer that a variant adds', async () => {
    const layer = 'arn:aws:lambda:eu-west-1:123456789012:layer:insights:38';
    const { code, stdout } = await runTuneQuickly(['policy', '--vary', `layer:${layer}=with,without`], account.env);
    const { Statement }: PolicyDocument = JSON.parse(stdout);
    expect([code, Statement.find(({ Action }) => Action.includes('lambda:GetLayerVersion'))?.Resource]).toEqual([
      0,
      [layer],
    ]);
  });

  it('is printed for Terraform and CloudFormation with the same actions, and for any function without a call', async () => {
    await createOrders(account);
    const policy = await installed('--function', 'orders');
    account.under({});
    const actions = policy.Statement.flatMap(({ Action }) => Action);
    for (const format of ['terraform', 'cloudformation']) {
      const { code, stdout } = await tune('policy', '--function', 'orders', '--format', format);
      expect(code).toBe(0);
      for (const action of actions) expect(stdout).toContain(`"${action}"`);
      expect(stdout).toContain('"iam:PassedToService"');
    }
    account.under({});
    const any = await tune('policy');
    expect(any.code).toBe(0);
    const chinese = await tune('policy', '--region', 'cn-north-1');
    expect(chinese.stdout).toContain('arn:aws-cn:lambda:');
    expect(chinese.stdout).not.toContain('arn:aws:');
    expect(any.stderr).toContain('for any function');
    expect(account.endpoint.calls()).toEqual([]);
    await writeFile(join(folder, 'index.mjs'), '');
    expect(await tune('policy', '--function', './here')).toMatchObject({ code: 2, stdout: '' });
    expect(await tune('policy', '--format', 'yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('must be json, terraform or cloudformation'),
    });
  });
});
