import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FunctionFacts } from '../../src/domain/model.ts';
import { actionsOf, permissions } from '../../src/lambda/permissions.ts';
import { policyFor } from '../../src/lambda/policy.ts';

const folder = fileURLToPath(new URL('../../src/lambda/', import.meta.url));
const services: Readonly<Record<string, string>> = {
  '@aws-sdk/client-lambda': 'Lambda',
  '@aws-sdk/client-cloudwatch-logs': 'CloudWatchLogs',
  '@aws-sdk/client-s3': 'S3',
  '@aws-sdk/client-sts': 'STS',
  '@aws-sdk/client-ecr': 'ECR',
};

/** Every `…Command` that a file of the folder gets from the SDK, statically or by `await import`. */
function operationsUsed(): readonly string[] {
  const found = new Set<string>();
  for (const file of readdirSync(folder)) {
    // It makes the target of a path, which exists on the embedded endpoint alone.
    if (file === 'pathTarget.ts') continue;
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
  it('finds the calls of this folder', () => {
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
      ['TuneShadow', ['arn:aws:lambda:*:*:function:tune-*']],
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

  it('stands in the README as it is printed', () => {
    const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
    const block = /```json\n(\{ "Version".*?)```/s.exec(readme)?.[1] ?? '';
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
    for (let chosen = 0; chosen < 2 ** features.length; chosen += 1) {
      const policy = policyFor(facts, {
        features: features.filter((_, index) => (chosen >> index) % 2 === 1),
        stagingBucket: 'builds',
      });
      const onTarget = policy.Statement.filter(({ Resource }) =>
        Resource.some((arn) => arn.includes(':function:orders')),
      );
      expect(onTarget.flatMap(({ Action }) => Action).filter((action) => !/:(Get|List)/.test(action))).toEqual([]);
      const anywhere = policy.Statement.filter(({ Resource }) => Resource.includes('*'));
      expect(anywhere.flatMap(({ Action }) => Action).filter((action) => !/:(Get|List|Describe)/.test(action))).toEqual(
        [],
      );
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
});
