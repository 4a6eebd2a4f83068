import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { choose } from '../../src/apply/choose.ts';
import type { Definition } from '../../src/apply/definition/definition.ts';
import { followUps } from '../../src/apply/follow.ts';
import { readSource } from '../../src/apply/readFile.ts';
import { type SoughtFunction, type Wish, wishOfMigration, wishOfRun } from '../../src/apply/wish.ts';
import type { MigrationResult } from '../../src/model/migration.ts';
import { tuningResultSchema } from '../../src/model/run.ts';

const run = tuningResultSchema.parse(
  JSON.parse(readFileSync(new URL('../../fixtures/runs/aws.json', import.meta.url), 'utf8')),
);

const finding = {
  where: 'function package',
  path: 'node_modules/sharp/sharp.node',
  kind: 'nodeAddon',
  architecture: 'x86_64',
  cure: 'npm install --cpu=arm64 --os=linux sharp',
  blocking: true,
} as const;

function migration(verdict: MigrationResult['verdict']): MigrationResult {
  return {
    schemaVersion: 2,
    verdict,
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: 'abc',
    function: 'arn:aws:lambda:eu-west-1:123456789012:function:orders:live',
    current: { memoryMb: 512, architecture: 'x86_64' },
    preflight: {
      wanted: 'arm64',
      verdict: 'incompatible',
      findings: [finding],
      findingsLeftOut: 0,
      files: 3,
      note: '',
    },
    steps: [],
  };
}

function wishIn(result: ReturnType<typeof wishOfRun>): Wish {
  if (result.kind !== 'wish') throw new Error(result.kind);
  return result.wish;
}

describe('what an answer wants of a file', () => {
  it('is what it changes, and nothing else', () => {
    expect(wishIn(wishOfRun(run, undefined)).changes).toEqual([
      { property: 'memoryMb', value: '1769', measured: '1024' },
      { property: 'architecture', value: 'arm64', measured: 'x86_64' },
    ]);
    const configuration = {
      memoryMb: 1024,
      architecture: 'x86_64',
      variant: { name: 'v', changes: { runtime: 'nodejs24.x', snapStart: 'on' } },
    } as const;
    expect(
      wishIn(wishOfRun({ ...run, answer: { kind: 'change', configuration, because: 'cheaper' } }, undefined)).changes,
    ).toEqual([
      { property: 'runtime', value: 'nodejs24.x', measured: 'nodejs22.x' },
      { property: 'snapStart', value: 'on' },
    ]);
  });

  it('of a migration that moves is its architecture, with what the package needs', () => {
    const moved = migration({
      kind: 'move',
      because: 'cheaper',
      configuration: { memoryMb: 512, architecture: 'arm64' },
      reason: '',
    });
    expect(wishIn(wishOfMigration(moved))).toMatchObject({
      subject: { functionName: 'orders' },
      changes: [{ property: 'architecture', value: 'arm64', measured: 'x86_64' }],
      findings: [finding],
    });
  });

  it('of a variant whose package was looked into is what that found, on the architecture of the answer', () => {
    const configuration = {
      memoryMb: 1024,
      architecture: 'arm64',
      variant: { name: 'bundled', changes: { code: 'bundled.zip' } },
    } as const;
    const preflight = {
      ...migration({ kind: 'cannot', because: 'notReady', reason: '' }).preflight,
      variant: 'bundled',
    };
    const answered = { ...run, answer: { kind: 'change', configuration, because: 'cheaper' } } as const;
    const onOther = { ...preflight, wanted: 'x86_64', findings: [] } as const;
    expect(wishIn(wishOfRun({ ...answered, preflights: [onOther, preflight] }, undefined)).findings).toEqual([finding]);
    expect(wishIn(wishOfRun({ ...answered, preflights: [onOther] }, undefined)).findings).toEqual([]);
  });

  it('of a migration without a build that works is nothing, with the cure', () => {
    const refused = wishOfMigration(migration({ kind: 'cannot', because: 'notReady', reason: '' }));
    expect(refused).toEqual({
      kind: 'none',
      why: 'The function cannot move to arm64: there is no build for it that works.',
      hint: 'npm install --cpu=arm64 --os=linux sharp',
    });
  });

  it('of a run on this machine says where it was measured', () => {
    expect(wishIn(wishOfRun({ ...run, backend: 'local' }, undefined)).notes).toEqual([
      'The answer was measured on this machine, not on Lambda.',
    ]);
  });
});

function definitionsOf(file: string, text: string): readonly Definition[] {
  const source = readSource({ file, text, neighbours: [] });
  if (source === undefined || 'reason' in source) throw new Error('not read');
  return source.definitions;
}

function chosen(file: string, text: string, subject: SoughtFunction): string {
  const candidates = definitionsOf(file, text).map((definition) => ({ file, line: 1, definition }));
  const choice = choose(candidates, { subject, isFileGiven: false });
  return choice.kind === 'one' ? choice.candidate.definition.select : choice.kind;
}

describe('the definition of a function', () => {
  const serverless =
    'service: shop\nprovider: { name: aws }\nfunctions:\n  orders: { handler: a.b }\n  mail-out: { handler: c.d }\n';
  const terraform =
    'resource "aws_lambda_function" "one" {\n  function_name = "${var.stage}-orders"\n}\nresource "aws_lambda_function" "two" {\n  function_name = "${var.stage}-mail"\n}\n';
  const paths =
    'Transform: x\nResources:\n  A: { Type: AWS::Serverless::Function, Properties: { CodeUri: ../src/a/, Handler: app.handler } }\n  B: { Type: AWS::Serverless::Function, Properties: { CodeUri: ../src/b, Handler: app.handler } }\n';

  const other = 'resource "aws_lambda_function" "one" {\n  function_name = var.name\n  handler = "index.handler"\n}\n';

  it.each([
    [
      'the name that the Serverless Framework makes',
      'serverless.yml',
      serverless,
      { functionName: 'shop-prod-mail-out' },
      'mail-out',
    ],
    [
      'its logical id',
      'serverless.yml',
      serverless,
      { functionName: 'x', logicalId: 'MailDashoutLambdaFunction' },
      'mail-out',
    ],
    [
      'the part of its name that is written out',
      'main.tf',
      terraform,
      { functionName: 'prod-mail' },
      'aws_lambda_function.two',
    ],
    ['the folder of its code', 'infra/template.yaml', paths, { functionName: 'x', paths: ['./src/b/'] }, 'B'],
    [
      'its handler, where one has it',
      'serverless.yml',
      serverless,
      { functionName: 'shop-dev-orders', handler: 'a.b' },
      'orders',
    ],
    [
      'the same handler alone: none is chosen',
      'main.tf',
      other,
      { functionName: 'x', handler: 'index.handler' },
      'several',
    ],
    [
      'a handler that holds a path',
      'main.tf',
      other.replace('index', 'src/orders/index'),
      { functionName: 'x', handler: 'src/orders/index.handler' },
      'aws_lambda_function.one',
    ],
    [
      'a handler that two have: none',
      'infra/template.yaml',
      paths,
      { functionName: 'x', handler: 'app.handler' },
      'several',
    ],
    ['another name: none', 'main.tf', terraform, { functionName: 'bills' }, 'none'],
  ])('is known by %s', (_, file, text, subject, select) => {
    expect(chosen(file, text, subject)).toBe(select);
  });
});

describe('a new architecture', () => {
  it('names layers, image and build at their places, and what the preflight found', () => {
    const text =
      'Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Metadata: { BuildMethod: makefile }\n    Properties:\n      Layers: [!Ref Tools]\n';
    const [definition] = definitionsOf('t.yaml', text);
    const moved = migration({
      kind: 'move',
      because: 'cheaper',
      configuration: { memoryMb: 512, architecture: 'arm64' },
      reason: '',
    });
    expect(definition && followUps('t.yaml', text, definition, wishIn(wishOfMigration(moved)))).toEqual([
      'Layers have to be made for arm64, or hold no native code: t.yaml:6 Layers: [!Ref Tools]',
      'The build has to make arm64 code: t.yaml:4 BuildMethod: makefile',
      'In the function package, node_modules/sharp/sharp.node is not for arm64: npm install --cpu=arm64 --os=linux sharp',
      'Native code needs a build for arm64: sam build --use-container',
    ]);
  });
});
