import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FunctionCodeLocation, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { partitionOf } from '../../../src/aws/client/arn.ts';
import { actionsOf, permissions } from '../../../src/aws/client/permissions.ts';
import { type PolicyDocument, policyFor, policyForTarget } from '../../../src/aws/policy/policy.ts';
import { targetSource } from '../../../src/aws/target/targetSource.ts';
import type { FunctionFacts } from '../../../src/model/functionFacts.ts';

const folder = fileURLToPath(new URL('../../../src/aws/', import.meta.url));
const services: Readonly<Record<string, string>> = {
  '@aws-sdk/client-lambda': 'Lambda',
  '@aws-sdk/client-cloudwatch-logs': 'CloudWatchLogs',
  '@aws-sdk/client-s3': 'S3',
  '@aws-sdk/client-sts': 'STS',
  '@aws-sdk/client-ecr': 'ECR',
  '@aws-sdk/client-schemas': 'Schemas',
  '@aws-sdk/client-cloudwatch': 'CloudWatch',
  '@aws-sdk/client-compute-optimizer': 'ComputeOptimizer',
  '@aws-sdk/client-xray': 'XRay',
  '@aws-sdk/client-resource-groups-tagging-api': 'Tagging',
  '@aws-sdk/client-organizations': 'Organizations',
};

/** Every `…Command` that a file of the room gets from the SDK, statically or by `await import`. */
function operationsUsed(): readonly string[] {
  const found = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    // It makes the target of a path, which exists on the embedded endpoint alone.
    if (file === 'target/pathTarget.ts') continue;
    const text = readFileSync(folder + file, 'utf8');
    const imports = text.matchAll(/(?:import|const) (?:type )?\{([^}]*)\}\s*(?:from|= await import\()\s*'([^']+)'/g);
    for (const [, names = '', from = ''] of imports) {
      const service = services[from];
      if (service === undefined) continue;
      for (const [, name] of names.replaceAll(/ as \w+/g, '').matchAll(/(?:^|[\s,])(\w+)Command(?=[\s,]|$)/g)) {
        found.add(`${service}.${name}`);
      }
    }
  }
  return [...found].sort();
}

describe('the table of permissions', () => {
  it('finds the calls of the room, in all its folders', () => {
    expect(operationsUsed()).toEqual(
      expect.arrayContaining(['Lambda.Invoke', 'CloudWatchLogs.TagResource', 'S3.PutObject', 'Lambda.TagResource']),
    );
  });

  it('has a row for every operation, and no row without one', () => {
    expect([...new Set(permissions.map(({ operation }) => operation))].sort()).toEqual(operationsUsed());
  });

  it('knows that actions are not operations', () => {
    expect(actionsOf('Lambda.Invoke')).toEqual(['lambda:InvokeFunction']);
    expect(actionsOf('Lambda.GetLayerVersionByArn')).toEqual(['lambda:GetLayerVersion']);
    expect(actionsOf('Lambda.CreateFunction')).toContain('iam:PassRole');
  });
});

describe('the policy', () => {
  it('writes only to shadows and their log groups, and passes roles to Lambda alone', () => {
    const policy = policyFor(undefined);
    const writes = policy.Statement.filter(({ Action }) =>
      Action.some((action) => /:(Create|Delete|Update|Publish|Put|Tag|Invoke)/.test(action)),
    );
    expect(writes.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ['TuneShadow', ['arn:aws:lambda:*:*:function:tune-*-x86_64-*', 'arn:aws:lambda:*:*:function:tune-*-arm64-*']],
      ['TuneLogGroup', ['arn:aws:logs:*:*:log-group:/aws/lambda/tune-*']],
    ]);
    expect(policy.Statement.find(({ Sid }) => Sid === 'TuneRole')).toEqual({
      Sid: 'TuneRole',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: ['arn:aws:iam::*:role/*'],
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    });
  });

  it('stands in docs/aws.md as it is printed', () => {
    const page = readFileSync(fileURLToPath(new URL('../../../docs/aws.md', import.meta.url)), 'utf8');
    const block = /```json\n(\{ "Version".*?)```/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(block)).toEqual(policyFor(undefined, { features: ['cleanup'] }));
  });

  it('grants no write on the target, whatever it uses', () => {
    const facts = {
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
      functionName: 'orders',
      region: 'eu-central-1',
      accountId: '123456789012',
      packageType: 'Zip',
    } as FunctionFacts;
    const features = [...new Set(permissions.map(({ feature }) => feature))];
    // A statement is made of the rows of features: what two of them do not bring about together, more do not.
    const pairs = features.flatMap((one) => features.map((other) => [...new Set([one, other])]));
    for (const chosen of [[], ...pairs, features]) {
      const policy = policyFor(facts, { features: chosen, stagingBucket: 'builds' });
      const onTarget = policy.Statement.filter(({ Resource }) =>
        Resource.some((arn) => arn.includes(':function:orders')),
      );
      expect(onTarget.flatMap(({ Action }) => Action).filter((action) => !/:(Get|List)/.test(action))).toEqual([]);
      const anywhere = policy.Statement.filter(({ Resource }) => Resource.includes('*'));
      expect(
        anywhere.flatMap(({ Action }) => Action).filter((action) => !/:(Get|List|Describe|BatchGet)/.test(action)),
      ).toEqual([]);
    }
  });

  it('adds what the options ask for', () => {
    const policy = policyFor(undefined, { stagingBucket: 'staging', features: ['layers'] });
    expect(policy.Statement.find(({ Sid }) => Sid === 'TuneStagedObject')?.Resource).toEqual([
      'arn:aws:s3:::staging/lambda-tune/*',
    ]);
    expect(policy.Statement.some(({ Sid }) => Sid === 'TuneLayer')).toBe(true);
    expect(policyFor(undefined).Statement.some(({ Sid }) => Sid === 'TuneLayer')).toBe(false);
  });

  it('changes the policy of a repository only when asked to, and then of those named alone', () => {
    const imageUris = [
      '123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders/api:1',
      `123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders/api@sha256:${'a'.repeat(64)}`,
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/arm:1',
    ];
    const repository = (policy: PolicyDocument) => policy.Statement.find(({ Sid }) => Sid === 'TuneRepository');
    expect(repository(policyFor(undefined, { imageUris }))).toMatchObject({
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetRepositoryPolicy'],
      Resource: [
        'arn:aws:ecr:eu-central-1:123456789012:repository/orders/api',
        'arn:aws-cn:ecr:cn-north-1:123456789012:repository/arm',
      ],
    });
    expect(repository(policyFor(undefined, { imageUris, features: ['repositoryPolicy'] }))?.Action).toContain(
      'ecr:SetRepositoryPolicy',
    );
  });

  it('has the ARNs of the partition, in every statement', () => {
    const features = [...new Set(permissions.map(({ feature }) => feature))];
    for (const [partition, region] of [
      ['aws-us-gov', 'us-gov-west-1'],
      ['aws-cn', 'cn-north-1'],
      ['aws-eusc', 'eusc-de-east-1'],
    ] as const) {
      expect(partitionOf(region)).toBe(partition);
      const facts = {
        functionArn: `arn:${partition}:lambda:${region}:123456789012:function:orders`,
        functionName: 'orders',
        region,
        accountId: '123456789012',
      } as FunctionFacts;
      const more = { features, stagingBucket: 'staging', ownersCode: { bucket: 'b', key: 'k' } };
      for (const policy of [policyFor(facts, more), policyFor(undefined, { ...more, partition })]) {
        const arns = policy.Statement.flatMap(({ Resource }) => Resource).filter((arn) => arn !== '*');
        expect(arns.length).toBeGreaterThan(10);
        expect(arns.filter((arn) => !arn.startsWith(`arn:${partition}:`))).toEqual([]);
      }
    }
  });

  describe('for a target', () => {
    const policyOf = (configuration: FunctionConfiguration, code: FunctionCodeLocation, options = {}) =>
      policyForTarget(
        {
          facts: {
            functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
            functionName: 'orders',
            region: 'eu-central-1',
            accountId: '123456789012',
          } as FunctionFacts,
          source: targetSource({ configuration, code, tags: {} }),
        },
        options,
      );
    const statement = (policy: PolicyDocument, sid: string) => policy.Statement.find(({ Sid }) => Sid === sid);

    it('includes the layers that a run is to use in place of its own', () => {
      const layer = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:layer:${name}:1`;
      const policy = policyOf({ Layers: [{ Arn: layer('own') }] }, { Location: 'x' }, { layerArns: [layer('arm')] });
      expect(statement(policy, 'TuneLayer')?.Resource).toEqual([layer('own'), layer('arm')]);
    });

    it('reads code that Lambda runs from the owner’s bucket', () => {
      const policy = policyOf({}, { ResolvedS3Object: { S3Bucket: 'builds', S3Key: 'orders.zip' } });
      expect(statement(policy, 'TuneOwnersCode')).toMatchObject({
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: ['arn:aws:s3:::builds/orders.zip'],
      });
      expect(statement(policyOf({}, { Location: 'x' }), 'TuneOwnersCode')).toBeUndefined();
    });

    it('asks EFS or S3 Files, whichever it mounts', () => {
      const actions = (arn: string) =>
        policyOf({ FileSystemConfigs: [{ Arn: arn, LocalMountPath: '/mnt/x' }] }, { Location: 'x' }).Statement.flatMap(
          ({ Action }) => Action.filter((action) => /^(elasticfilesystem|s3files):/.test(action)),
        );
      expect(actions('arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0')).toEqual([
        'elasticfilesystem:DescribeMountTargets',
      ]);
      expect(actions('arn:aws:s3files:eu-central-1:123456789012:file-system/fs-0/access-point/fsap-0')).toEqual([
        's3files:GetAccessPoint',
        's3files:ListMountTargets',
      ]);
    });
  });
});
