import type { CreateFunctionCommandInput, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { type ShadowRequestInput, shadowRequest, shadowTags } from '../../../src/aws/shadow/shadowRequest.ts';
import { fieldsNotCopied } from '../../../src/aws/target/notCopied.ts';

const full: FunctionConfiguration = {
  FunctionName: 'orders',
  FunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
  Runtime: 'python3.13',
  Role: 'arn:aws:iam::123456789012:role/orders',
  Handler: 'app.handler',
  Description: 'Takes orders',
  Timeout: 12,
  MemorySize: 512,
  VpcConfig: { VpcId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], Ipv6AllowedForDualStack: false },
  PackageType: 'Zip',
  DeadLetterConfig: { TargetArn: 'arn:aws:sqs:eu-central-1:123456789012:dead' },
  Environment: { Variables: { TABLE: 'orders', DD_ENV: 'prod' } },
  KMSKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1',
  TracingConfig: { Mode: 'Active' },
  Layers: [{ Arn: 'arn:aws:lambda:eu-central-1:123456789012:layer:libs:3', CodeSize: 5 }],
  FileSystemConfigs: [
    { Arn: 'arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-1', LocalMountPath: '/mnt/data' },
  ],
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 1024 },
  SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' },
  LoggingConfig: {
    LogFormat: 'JSON',
    ApplicationLogLevel: 'DEBUG',
    SystemLogLevel: 'WARN',
    LogGroup: '/aws/lambda/orders',
  },
};

const input = (changes: Partial<ShadowRequestInput> = {}): ShadowRequestInput => ({
  snapshot: {
    configuration: full,
    code: {},
    tags: { team: 'shop' },
    codeSigningConfigArn: 'arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-1',
  },
  run: {
    id: 'k3x9',
    target: 'orders:$LATEST',
    createdAt: new Date('2026-11-23T10:00:00Z'),
    expiresAt: new Date('2026-11-23T11:00:00Z'),
  },
  changes: { env: { DD_ENV: 'tune' }, tags: { owner: 'me' }, copyTags: true },
  configuration: { memoryMb: 1769, architecture: 'arm64' },
  functionName: 'tune-k3x9-arm64-1-orders',
  logGroup: '/aws/lambda/tune-k3x9',
  code: { S3Bucket: 'staging', S3Key: 'lambda-tune/k3x9/arm64.zip' },
  ...changes,
});

describe('the request that makes a shadow', () => {
  it('copies every field but what must differ', () => {
    expect(shadowRequest(input())).toEqual({
      FunctionName: 'tune-k3x9-arm64-1-orders',
      Role: 'arn:aws:iam::123456789012:role/orders',
      Code: { S3Bucket: 'staging', S3Key: 'lambda-tune/k3x9/arm64.zip' },
      Publish: true,
      Runtime: 'python3.13',
      Handler: 'app.handler',
      Description: 'Takes orders',
      Timeout: 12,
      MemorySize: 1769,
      Architectures: ['arm64'],
      PackageType: 'Zip',
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], Ipv6AllowedForDualStack: false },
      Environment: { Variables: { TABLE: 'orders', DD_ENV: 'tune' } },
      KMSKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1',
      TracingConfig: { Mode: 'Active' },
      Layers: ['arn:aws:lambda:eu-central-1:123456789012:layer:libs:3'],
      FileSystemConfigs: [
        { Arn: 'arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-1', LocalMountPath: '/mnt/data' },
      ],
      CodeSigningConfigArn: 'arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-1',
      EphemeralStorage: { Size: 1024 },
      SnapStart: { ApplyOn: 'PublishedVersions' },
      LoggingConfig: {
        LogFormat: 'JSON',
        ApplicationLogLevel: 'DEBUG',
        SystemLogLevel: 'INFO',
        LogGroup: '/aws/lambda/tune-k3x9',
      },
      Tags: {
        owner: 'me',
        'lambda-tune:tool': 'lambda-tune',
        'lambda-tune:run': 'k3x9',
        'lambda-tune:target': 'orders',
        'lambda-tune:created': '2026-11-23T10:00:00.000Z',
        'lambda-tune:expires': '2026-11-23T11:00:00.000Z',
        team: 'shop',
      },
    });
  });

  it('sets every member that CreateFunction has, but for those that are refused or left out on purpose', () => {
    // The API model's 28 members (client-lambda 3.1164.0). `satisfies` keeps the list complete when the model grows.
    const members = {
      FunctionName: 'set',
      Role: 'set',
      Code: 'set',
      Publish: 'set',
      Runtime: 'set',
      Handler: 'set',
      Description: 'set',
      Timeout: 'set',
      MemorySize: 'set',
      VpcConfig: 'set',
      PackageType: 'set',
      Environment: 'set',
      KMSKeyArn: 'set',
      TracingConfig: 'set',
      Tags: 'set',
      Layers: 'set',
      FileSystemConfigs: 'set',
      CodeSigningConfigArn: 'set',
      Architectures: 'set',
      EphemeralStorage: 'set',
      SnapStart: 'set',
      LoggingConfig: 'set',
      ImageConfig: 'images only',
      DeadLetterConfig: 'named as not copied',
      PublishTo: 'Managed Instances only',
      TenancyConfig: 'refused',
      CapacityProviderConfig: 'refused',
      DurableConfig: 'refused',
    } satisfies Record<keyof CreateFunctionCommandInput, string>;
    const expected = Object.entries(members)
      .filter(([, how]) => how === 'set')
      .map(([member]) => member);
    expect(Object.keys(shadowRequest(input())).sort()).toEqual(expected.sort());
  });

  it('leaves text logs without levels, which the API refuses there', () => {
    const configuration = { ...full, LoggingConfig: { LogFormat: 'Text' as const, LogGroup: '/aws/lambda/orders' } };
    expect(shadowRequest(input({ snapshot: { configuration, code: {}, tags: {} } })).LoggingConfig).toEqual({
      LogFormat: 'Text',
      LogGroup: '/aws/lambda/tune-k3x9',
    });
  });

  it('gives an image its own settings instead of runtime and handler', () => {
    const { Runtime: _runtime, Handler: _handler, Layers: _layers, ...rest } = full;
    const configuration: FunctionConfiguration = {
      ...rest,
      PackageType: 'Image',
      ImageConfigResponse: { ImageConfig: { Command: ['app'] } },
    };
    const request = shadowRequest(
      input({ snapshot: { configuration, code: {}, tags: {} }, code: { ImageUri: 'repo@sha256:1' } }),
    );
    expect(request).toMatchObject({
      PackageType: 'Image',
      ImageConfig: { Command: ['app'] },
      Code: { ImageUri: 'repo@sha256:1' },
    });
    expect(request).not.toHaveProperty('Runtime');
    expect(request).not.toHaveProperty('Handler');
  });

  it('omits what the target does not have', () => {
    const configuration: FunctionConfiguration = {
      FunctionName: 'orders',
      Role: 'r',
      Runtime: 'nodejs24.x',
      Handler: 'i.h',
      Timeout: 3,
      SnapStart: { ApplyOn: 'None' },
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: '' },
    };
    const request = shadowRequest(
      input({ snapshot: { configuration, code: {}, tags: {} }, changes: { env: {}, tags: {}, copyTags: true } }),
    );
    expect(Object.keys(request).sort()).toEqual([
      'Architectures',
      'Code',
      'FunctionName',
      'Handler',
      'LoggingConfig',
      'MemorySize',
      'PackageType',
      'Publish',
      'Role',
      'Runtime',
      'Tags',
      'Timeout',
    ]);
  });

  it('names the fields that are not copied', () => {
    expect(fieldsNotCopied(full).map(({ field }) => field)).toEqual(['dead-letter queue', 'system log level WARN']);
    expect(fieldsNotCopied({})).toEqual([]);
  });
});

describe('tags', () => {
  it('own tags first, --tag next, then the target’s until there are 50; aws:* never', () => {
    const theirs = Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`t${n}`, 'x']));
    const { tags, left } = shadowTags(
      input({ snapshot: { configuration: full, code: {}, tags: { 'aws:cloudformation:stack-name': 's', ...theirs } } }),
    );
    expect(Object.keys(tags)).toHaveLength(50);
    expect(tags.owner).toBe('me');
    expect(left).toEqual(['aws:cloudformation:stack-name', 't44', 't45', 't46', 't47']);
  });

  it("cannot be made to look like another run's", () => {
    const changes = { env: {}, tags: { 'lambda-tune:run': 'other' }, copyTags: true };
    const { tags } = shadowTags(
      input({ changes, snapshot: { configuration: full, code: {}, tags: { 'lambda-tune:expires': '2099' } } }),
    );
    expect(tags['lambda-tune:run']).toBe('k3x9');
    expect(tags['lambda-tune:expires']).toBe('2026-11-23T11:00:00.000Z');
  });

  it('copies none with --no-copy-tags', () => {
    expect(shadowTags(input({ changes: { env: {}, tags: {}, copyTags: false } })).tags).not.toHaveProperty('team');
  });
});
