import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { MigrationPlan, MigrationStep } from '../../../src/migrate/steps/migrationPlan.ts';
import { migrationSteps } from '../../../src/migrate/steps/steps.ts';

const plan: MigrationPlan = {
  functionName: 'orders',
  region: 'eu-west-1',
  qualifier: 'live',
  from: { architecture: 'x86_64', memoryMb: 1024 },
  to: { architecture: 'arm64', memoryMb: 1024 },
  code: { kind: 'zip', path: 'orders-arm64.zip' },
  oldLayers: [],
};

const layer = 'arn:aws:lambda:eu-west-1:111111111111:layer:tools-arm64:4';

function linesOf(steps: readonly MigrationStep[], tool: MigrationStep['tool']): string[] {
  return steps.filter((step) => step.tool === tool).flatMap(({ lines }) => lines);
}

describe('the steps with the AWS CLI', () => {
  it('publish a version, shift the alias that is used, and go back by it', () => {
    const steps = migrationSteps(plan).filter(({ tool }) => tool === 'AWS CLI');
    expect(steps.map(({ phase, lines }) => ({ phase, lines }))).toEqual([
      {
        phase: 'prepare',
        lines: [
          'OLD=$(aws lambda get-alias --function-name orders --region eu-west-1 --name live --query FunctionVersion --output text)',
        ],
      },
      {
        phase: 'prepare',
        lines: [
          'aws lambda update-function-code --function-name orders --region eu-west-1 --architectures arm64 --zip-file fileb://orders-arm64.zip',
          'aws lambda wait function-updated-v2 --function-name orders --region eu-west-1',
          'NEW=$(aws lambda publish-version --function-name orders --region eu-west-1 --description arm64 --query Version --output text)',
          'aws lambda wait published-version-active --function-name orders --region eu-west-1 --qualifier "$NEW"',
        ],
      },
      {
        phase: 'rollOut',
        lines: [
          'aws lambda update-alias --function-name orders --region eu-west-1 --name live --function-version "$OLD" --routing-config "AdditionalVersionWeights={$NEW=0.05}"',
          'aws lambda update-alias --function-name orders --region eu-west-1 --name live --function-version "$OLD" --routing-config "AdditionalVersionWeights={$NEW=0.5}"',
          'aws lambda update-alias --function-name orders --region eu-west-1 --name live --function-version "$NEW" --routing-config "AdditionalVersionWeights={}"',
        ],
      },
      {
        phase: 'rollBack',
        lines: [
          'aws lambda update-alias --function-name orders --region eu-west-1 --name live --function-version "$OLD" --routing-config "AdditionalVersionWeights={}"',
        ],
      },
    ]);
  });

  it('of $LATEST keep the present version first, and move callers to an alias before anything changes', () => {
    const steps = migrationSteps({ ...plan, qualifier: '$LATEST' }).filter(({ tool }) => tool === 'AWS CLI');
    expect(steps[0]?.lines).toEqual([
      'OLD=$(aws lambda publish-version --function-name orders --region eu-west-1 --query Version --output text)',
      'aws lambda create-alias --function-name orders --region eu-west-1 --name live --function-version "$OLD"',
    ]);
    expect(steps[0]?.note).toContain('two calls');
    expect(steps[1]?.lines[1]).toContain('--function-name orders:live');
    expect(steps[2]?.lines[0]).toContain('update-function-code');
  });

  it('of a numbered version make an alias of it', () => {
    expect(linesOf(migrationSteps({ ...plan, qualifier: '7' }), 'AWS CLI')[0]).toBe('OLD=7');
  });

  it('change layers and memory in a call of their own, before the version is published', () => {
    const lines = linesOf(
      migrationSteps({ ...plan, to: { architecture: 'arm64', memoryMb: 512 }, newLayers: [layer] }),
      'AWS CLI',
    );
    expect(lines.slice(1, 6).map((line) => line.split(' ')[2])).toEqual([
      'update-function-code',
      'wait',
      'update-function-configuration',
      'wait',
      'publish-version',
    ]);
    expect(lines[3]).toBe(
      `aws lambda update-function-configuration --function-name orders --region eu-west-1 --memory-size 512 --layers ${layer}`,
    );
  });

  it('provision the new version before it gets traffic, and unprovision the old one at the end', () => {
    const steps = migrationSteps({ ...plan, provisionedConcurrency: 5 }).filter(({ tool }) => tool === 'AWS CLI');
    const titles = steps.map(({ title }) => title);
    expect(titles.indexOf('Provision the new version before it gets traffic')).toBe(2);
    expect(steps[2]?.lines[0]).toBe(
      'aws lambda put-provisioned-concurrency-config --function-name orders --region eu-west-1 --provisioned-concurrent-executions 5 --qualifier "$NEW"',
    );
    expect(steps.at(-1)?.lines).toEqual([
      'aws lambda delete-provisioned-concurrency-config --function-name orders --region eu-west-1 --qualifier "$OLD"',
    ]);
  });

  it('take images and objects in S3', () => {
    const image = linesOf(
      migrationSteps({ ...plan, code: { kind: 'image', uri: '1.dkr.ecr.x/orders:arm64' } }),
      'AWS CLI',
    );
    expect(image[1]).toContain('--image-uri 1.dkr.ecr.x/orders:arm64');
    const s3 = linesOf(migrationSteps({ ...plan, code: { kind: 's3', bucket: 'b', key: 'k v.zip' } }), 'AWS CLI');
    expect(s3[1]).toContain("--s3-bucket b --s3-key 'k v.zip'");
  });

  it('are lines that a shell reads, whatever names and paths hold', () => {
    const hostile = { ...plan, qualifier: '$LATEST', provisionedConcurrency: 2, newLayers: [layer, "a'b; $(reboot)"] };
    const steps = migrationSteps({ ...hostile, code: { kind: 'zip', path: './it\'s "$HOME" `x`.zip' } });
    const script = linesOf(steps, 'AWS CLI').join('\n');
    expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0);
    const echoed = spawnSync(
      'sh',
      ['-c', `aws() { printf '%s\\n' "$@"; }; ${script.split('\n').find((line) => line.includes('--layers'))}`],
      {
        encoding: 'utf8',
      },
    );
    expect(echoed.stdout.trim().split('\n').at(-1)).toBe("a'b; $(reboot)");
  });
});

describe('the steps with the other tools', () => {
  const steps = migrationSteps({
    ...plan,
    to: { architecture: 'arm64', memoryMb: 512 },
    newLayers: [layer],
    provisionedConcurrency: 3,
  });

  it('SAM publishes on every change and shifts by CodeDeploy', () => {
    expect(linesOf(steps, 'SAM').slice(0, -1)).toEqual([
      'MemorySize: 512',
      'Architectures: [arm64]',
      'Layers:',
      `  - ${layer}`,
      'AutoPublishAlias: live',
      'AutoPublishAliasAllProperties: true',
      'DeploymentPreference:',
      '  Type: Canary10Percent5Minutes',
      'ProvisionedConcurrencyConfig:',
      '  ProvisionedConcurrentExecutions: 3',
    ]);
  });

  it('Serverless Framework, CDK and Terraform in their own words', () => {
    expect(linesOf(steps, 'Serverless Framework')).toContain('architecture: arm64');
    expect(linesOf(steps, 'CDK').slice(0, 5)).toEqual([
      'memorySize: 512,',
      'architecture: lambda.Architecture.ARM_64,',
      'layers: [',
      `  lambda.LayerVersion.fromLayerVersionArn(this, 'Layer1', "${layer}"),`,
      '],',
    ]);
    expect(linesOf(steps, 'Terraform').slice(0, 4)).toEqual([
      'memory_size = 512',
      'architectures = ["arm64"]',
      `layers = ["${layer}"]`,
      'publish = true',
    ]);
  });

  it('each has a way back, and names only what changes', () => {
    for (const tool of ['AWS CLI', 'SAM', 'Serverless Framework', 'CDK', 'Terraform'] as const) {
      expect(
        steps.some((step) => step.tool === tool && step.phase === 'rollBack'),
        tool,
      ).toBe(true);
    }
    const plain = migrationSteps({
      ...plan,
      from: { architecture: 'arm64', memoryMb: 1024 },
      to: { architecture: 'x86_64', memoryMb: 1024 },
    });
    expect(linesOf(plain, 'CDK')[0]).toBe('architecture: lambda.Architecture.X86_64,');
    expect(linesOf(plain, 'Terraform')[0]).toBe('architectures = ["x86_64"]');
    expect(plain.flatMap(({ lines }) => lines).join('\n')).not.toMatch(/emory|ayers|rovisioned/);
  });

  it('keeps names out of templates', () => {
    const lines = linesOf(migrationSteps({ ...plan, newLayers: [`$\{danger}`, 'yes'] }), 'Terraform').join('\n');
    expect(lines).toContain(`"$$\{danger}"`);
    expect(linesOf(migrationSteps({ ...plan, newLayers: ['yes', 'a: b'] }), 'SAM')).toEqual(
      expect.arrayContaining(['  - "yes"', '  - "a: b"']),
    );
  });
});
