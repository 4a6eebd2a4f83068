import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetPolicyCommand,
  GetRuntimeManagementConfigCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type Lab, role, settled, startLab, zipOf } from '../lab.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
const FunctionName = 'orders';
let lab: Lab;
afterEach(() => lab.close());

describe('CreateFunction', () => {
  it('gives back every member that it was given', async () => {
    lab = await startLab({ testing: settled });
    const layer = await lab.lambda.send(
      new PublishLayerVersionCommand({ LayerName: 'lib', Content: { ZipFile: lab.zip } }),
    );
    const given = {
      Description: 'the shop',
      Timeout: 30,
      MemorySize: 1769,
      EphemeralStorage: { Size: 1024 },
      TracingConfig: { Mode: 'Active' },
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
      FileSystemConfigs: [{ Arn: 'arn:aws:elasticfilesystem:x', LocalMountPath: '/mnt/x' }],
      KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/k',
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: '/own/group' },
      SnapStart: { ApplyOn: 'PublishedVersions' },
    } as const;
    const created = await lab.create({
      ...given,
      DeadLetterConfig: given.DeadLetterConfig,
      FileSystemConfigs: [...given.FileSystemConfigs],
      Environment: { Variables: { TABLE_NAME: 'orders' } },
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      Layers: [layer.LayerVersionArn ?? ''],
      Architectures: ['x86_64'],
      CodeSigningConfigArn: 'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-1',
    });
    expect(created).toMatchObject({
      ...given,
      LoggingConfig: { ...given.LoggingConfig, ApplicationLogLevel: 'INFO' },
      SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' },
      FunctionArn: arn,
      Version: '$LATEST',
      Runtime: 'nodejs22.x',
      Role: role,
      Architectures: ['x86_64'],
      PackageType: 'Zip',
      Environment: { Variables: { TABLE_NAME: 'orders' } },
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-0123456789abcdef0' },
      Layers: [{ Arn: layer.LayerVersionArn, CodeSize: lab.zip.length }],
    });
    const signing = await lab.lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
    expect(signing.CodeSigningConfigArn).toBe('arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-1');
    const runtime = await lab.lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName }));
    expect(runtime.UpdateRuntimeOn).toBe('Auto');
  });

  it('refuses what exists, is too large or too small, or cannot run here', async () => {
    lab = await startLab({ testing: { ...settled, memoryLimitMb: 3008, blockedRuntimes: ['nodejs18.x'] } });
    await lab.create();
    await expect(lab.create()).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: orders',
      $metadata: { httpStatusCode: 409 },
    });
    const other = { FunctionName: 'other' };
    await expect(lab.create({ ...other, MemorySize: 127 })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(lab.create({ ...other, MemorySize: 3009 })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008",
    });
    await expect(lab.create({ ...other, Architectures: ['arm64'] })).rejects.toThrow(/runs x86_64 only/);
    await expect(lab.create({ ...other, Runtime: 'nodejs18.x' })).rejects.toThrow(/no longer supported/);
    await expect(lab.create({ ...other, Code: { ZipFile: Buffer.from('no zip') } })).rejects.toThrow(/Could not unzip/);
    await expect(lab.create({ ...other, Code: { ImageUri: 'x/y:z' }, PackageType: 'Image' })).rejects.toThrow();
    await expect(lab.create({ ...other, Environment: { Variables: { AWS_REGION: 'x' } } })).rejects.toThrow(
      /reserved keys/,
    );
    await expect(lab.create({ ...other, Environment: { Variables: { BIG: 'x'.repeat(4096) } } })).rejects.toThrow(
      /4KB/,
    );
    expect(lab.endpoint.snapshot().functions.map(({ functionName }) => functionName)).toEqual(['orders']);
  });

  it('takes the memory limit of ordinary functions although the API model says 32,768', async () => {
    lab = await startLab();
    await expect(lab.create({ MemorySize: 10241 })).rejects.toThrow(/less than or equal to 10240$/);
  });

  it('refuses a deleted layer, which functions that have it keep', async () => {
    lab = await startLab({ testing: settled });
    const layer = await lab.lambda.send(
      new PublishLayerVersionCommand({ LayerName: 'lib', Content: { ZipFile: lab.zip } }),
    );
    const Layers = [layer.LayerVersionArn ?? ''];
    await lab.create({ Layers });
    const found = await lab.lambda.send(new GetLayerVersionByArnCommand({ Arn: Layers[0] }));
    expect(Buffer.from(await (await fetch(found.Content?.Location ?? '')).arrayBuffer())).toEqual(lab.zip);
    await lab.lambda.send(new DeleteLayerVersionCommand({ LayerName: 'lib', VersionNumber: 1 }));
    await expect(lab.create({ FunctionName: 'copy', Layers })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(lab.lambda.send(new GetLayerVersionByArnCommand({ Arn: Layers[0] }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      lab.lambda.send(new GetLayerVersionCommand({ LayerName: 'lib', VersionNumber: 1 })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'still works', Layers }));
  });

  it('refuses when the code storage is full, in which every version counts', async () => {
    lab = await startLab({ testing: settled });
    const bytes = lab.zip.length;
    lab.endpoint.setTesting({ ...settled, codeStorageBytes: bytes * 2 });
    await lab.create({ Publish: true });
    await expect(lab.create({ FunctionName: 'other' })).rejects.toMatchObject({ name: 'CodeStorageExceededException' });
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
    await expect(lab.lambda.send(new PublishVersionCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'CodeStorageExceededException',
    });
    const { AccountLimit, AccountUsage } = await lab.lambda.send(new GetAccountSettingsCommand({}));
    expect(AccountUsage).toEqual({ TotalCodeSize: bytes * 2, FunctionCount: 1 });
    expect(AccountLimit?.TotalCodeSize).toBe(bytes * 2);
  });
});

describe('states', () => {
  it('refuses writes while Pending, and deletes too when the test says so', async () => {
    let nowMs = 1_000_000;
    lab = await startLab({
      clock: { now: () => nowMs },
      testing: { forTestsOnly: true, states: { pendingMs: 60_000, refuseDeleteWhilePending: true } },
    });
    expect((await lab.create()).State).toBe('Pending');
    const conflict = { name: 'ResourceConflictException', $metadata: { httpStatusCode: 409 } };
    await expect(lab.lambda.send(new PublishVersionCommand({ FunctionName }))).rejects.toMatchObject(conflict);
    await expect(
      lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 })),
    ).rejects.toMatchObject(conflict);
    await expect(lab.lambda.send(new DeleteFunctionCommand({ FunctionName }))).rejects.toMatchObject(conflict);
    nowMs += 60_000;
    const { Configuration } = await lab.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    expect(lab.endpoint.snapshot().functions).toEqual([]);
  });

  it('refuses a second write while an update is in progress', async () => {
    let nowMs = 1_000_000;
    lab = await startLab({
      clock: { now: () => nowMs },
      testing: { forTestsOnly: true, states: { pendingMs: 0, updateMs: 1000 } },
    });
    await lab.create();
    const update = new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 });
    expect((await lab.lambda.send(update)).LastUpdateStatus).toBe('InProgress');
    await expect(lab.lambda.send(new PublishVersionCommand({ FunctionName }))).rejects.toThrow(
      /An update is in progress/,
    );
    nowMs += 1000;
    expect((await lab.lambda.send(new PublishVersionCommand({ FunctionName }))).MemorySize).toBe(256);
  });

  it('becomes Active by itself, so the stock waiter ends', async () => {
    lab = await startLab();
    await lab.create();
    const { state } = await waitUntilFunctionActiveV2(
      { client: lab.lambda, maxWaitTime: 20, minDelay: 1 },
      { FunctionName },
    );
    expect(state).toBe('SUCCESS');
  });
});

describe('GetFunction', () => {
  it('answers tags and reserved concurrency only without a qualifier', async () => {
    lab = await startLab({ testing: settled });
    await lab.create({ Publish: true, Tags: { team: 'shop' } });
    await lab.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 7 }));
    await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    const whole = await lab.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(whole).toMatchObject({ Tags: { team: 'shop' }, Concurrency: { ReservedConcurrentExecutions: 7 } });
    for (const qualified of [{ FunctionName, Qualifier: 'live' }, { FunctionName: `${arn}:live` }]) {
      const answer = await lab.lambda.send(new GetFunctionCommand(qualified));
      expect(answer.Configuration).toMatchObject({ FunctionArn: `${arn}:live`, Version: '1' });
      expect([answer.Tags, answer.Concurrency]).toEqual([undefined, undefined]);
    }
    const { AccountLimit } = await lab.lambda.send(new GetAccountSettingsCommand({}));
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 993 });
  });

  it('links to the code for 10 minutes, under a signature of its own', async () => {
    let nowMs = Date.parse('2026-11-23T10:00:00Z');
    lab = await startLab({ clock: { now: () => nowMs }, testing: settled });
    await lab.create();
    const location = (await lab.lambda.send(new GetFunctionCommand({ FunctionName }))).Code?.Location ?? '';
    expect(Buffer.from(await (await fetch(location)).arrayBuffer())).toEqual(lab.zip);
    expect((await fetch(location.replace(/Signature=..../, 'Signature=0000'))).status).toBe(403);
    expect((await fetch(location.replace('T1000', 'T1009'))).status).toBe(403);
    nowMs += 600_000;
    const expired = await fetch(location);
    expect([expired.status, await expired.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  it('names the ARN of what does not exist, and the action that another account does not allow', async () => {
    lab = await startLab();
    await expect(lab.lambda.send(new GetFunctionCommand({ FunctionName, Qualifier: '9' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${arn}:9`,
      $metadata: { httpStatusCode: 404 },
    });
    const foreign = 'arn:aws:lambda:us-east-1:123456789012:function:orders';
    await expect(lab.lambda.send(new GetFunctionCommand({ FunctionName: foreign }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`is not authorized to perform: lambda:GetFunction on resource: ${foreign}`),
    });
  });
});

describe('versions and aliases', () => {
  it('publishes only what changed, and keeps published versions as they were', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    const publish = () => lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    expect((await publish()).Version).toBe('1');
    expect((await publish()).Version).toBe('1');
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }));
    expect((await publish()).Version).toBe('2');
    await lab.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await zipOf({ 'index.mjs': '//' }), Publish: true }),
    );
    const { Versions } = await lab.lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions?.map(({ Version, MemorySize, State }) => [Version, MemorySize, State])).toEqual([
      ['$LATEST', 512, undefined],
      ['1', 128, undefined],
      ['2', 512, undefined],
      ['3', 512, undefined],
    ]);
    const first = await lab.lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '1' }));
    expect([first.MemorySize, first.CodeSha256 === Versions?.[2]?.CodeSha256]).toEqual([128, true]);
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '2' }));
    await expect(
      lab.lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '2' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('creates, changes, lists and deletes aliases, and keeps a version that one refers to', async () => {
    lab = await startLab({ testing: settled });
    await lab.create({ Publish: true });
    const alias = { FunctionName, Name: 'live' };
    await lab.lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' }));
    await expect(lab.lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' }))).rejects.toThrow(
      /already exists/,
    );
    await expect(lab.lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: '5' }))).rejects.toThrow(
      `${arn}:5`,
    );
    await lab.lambda.send(new UpdateAliasCommand({ ...alias, Description: 'now' }));
    expect(await lab.lambda.send(new GetAliasCommand(alias))).toMatchObject({
      Description: 'now',
      FunctionVersion: '1',
    });
    expect((await lab.lambda.send(new ListAliasesCommand({ FunctionName }))).Aliases).toHaveLength(1);
    await expect(lab.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '1' }))).rejects.toThrow(/live/);
    await lab.lambda.send(new DeleteAliasCommand(alias));
    await expect(lab.lambda.send(new GetAliasCommand(alias))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('lists', () => {
  it('answers 50 functions a page, without tags and states', async () => {
    lab = await startLab({ testing: settled });
    for (let index = 0; index < 51; index += 1) {
      await lab.create({ FunctionName: `f-${String(index).padStart(2, '0')}`, Tags: { a: 'b' } });
    }
    const first = await lab.lambda.send(new ListFunctionsCommand({}));
    expect(first.Functions).toHaveLength(50);
    expect(first.Functions?.[0]).not.toHaveProperty('Tags');
    expect(first.Functions?.[0]?.State).toBeUndefined();
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName: 'f-49' }));
    const second = await lab.lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect(second.Functions?.map((each) => each.FunctionName)).toEqual(['f-50']);
    expect(second.NextMarker).toBeUndefined();
  });
});

describe('tags and policy', () => {
  it('tags, untags and lists by ARN', async () => {
    lab = await startLab({ testing: settled });
    await lab.create({ Tags: { a: '1' } });
    await lab.lambda.send(new TagResourceCommand({ Resource: arn, Tags: { b: '2' } }));
    await lab.lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: ['a'] }));
    expect((await lab.lambda.send(new ListTagsCommand({ Resource: arn }))).Tags).toEqual({ b: '2' });
  });

  it('has a policy once a permission was added', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    await expect(lab.lambda.send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const permission = {
      FunctionName,
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
    };
    await lab.lambda.send(new AddPermissionCommand(permission));
    const { Policy } = await lab.lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy ?? '').Statement).toEqual([
      {
        Sid: 's3',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn,
      },
    ]);
  });

  it('shows a permission as AWS does: of everybody for a URL, of an account, of an organization', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    const added = async (more: Partial<AddPermissionCommandInput>) => {
      const permission = { FunctionName, StatementId: String(Math.random()).slice(2), Action: 'lambda:InvokeFunction' };
      const { Statement } = await lab.lambda.send(new AddPermissionCommand({ ...permission, Principal: '*', ...more }));
      const { Principal, Condition } = JSON.parse(Statement ?? '');
      return { Principal, Condition };
    };
    expect(await added({ FunctionUrlAuthType: 'NONE' })).toEqual({
      Principal: '*',
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    });
    expect(await added({ PrincipalOrgID: 'o-a1b2c3d4e5' })).toEqual({
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
    expect(await added({ Principal: '123456789012' })).toEqual({
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Condition: undefined,
    });
  });
});

it('takes images only for tests, and answers the digest of their tag', async () => {
  lab = await startLab({ testing: { ...settled, images: true } });
  await lab.lambda.send(
    new CreateFunctionCommand({ FunctionName, Role: role, PackageType: 'Image', Code: { ImageUri: 'r.ecr/a/b:tag' } }),
  );
  const { Code } = await lab.lambda.send(new GetFunctionCommand({ FunctionName }));
  expect(Code).toMatchObject({ RepositoryType: 'ECR', ImageUri: 'r.ecr/a/b:tag' });
  expect(Code?.ResolvedImageUri).toMatch(/^r\.ecr\/a\/b@sha256:[0-9a-f]{64}$/);
});
