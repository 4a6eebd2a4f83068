import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkResultSchema } from '../../src/model/check.ts';
import { canary, root, runTune, savedRun } from './support.ts';

/** Functions that a template defines, measured here by the real program. */
describe('tune --function template.yaml#Function', () => {
  let folder: string;
  let env: Readonly<Record<string, string>>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tune-templates-'));
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    env = { PATH: process.env.PATH ?? '', HOME: folder, TUNE_STATE_DIR: join(folder, 'state'), TMPDIR: temporary };
  });
  afterEach(async () => {
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }

  const tune = (...args: readonly string[]) => runTune(args, env, folder);

  const template = `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs20.x, Timeout: 9 } }
Parameters: { Memory: { Type: Number, Default: 256 } }
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: orders/
      Handler: app.handler
      MemorySize: !Ref Memory
      EphemeralStorage: { Size: 600 }
      Layers: [!Ref Common]
      Environment: { Variables: { TABLE: !Ref Table, TOKEN: ${canary} } }
  Mail: { Type: AWS::Serverless::Function, Properties: { CodeUri: mail/, Handler: app.handler } }
  Common: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: common/ } }
`;
  /** Fails for each thing that it must have of the template. */
  const handler = `import { existsSync } from 'node:fs';
export const handler = async () => {
  const { TABLE, TOKEN } = process.env;
  if (TABLE !== 'orders' || TOKEN !== '${canary}') throw new Error('environment');
  if (!existsSync('/opt/nodejs/shared.txt')) throw new Error('layer');
  return { fine: true };
};`;

  it('measures it with the code, settings and environment of the template, whose memory size is the current one', async () => {
    await write({ 'template.yaml': template, 'orders/app.mjs': handler, 'common/nodejs/shared.txt': 'x' });
    const finished = await tune(
      '-f',
      'template.yaml#Orders',
      '--env',
      'TABLE=orders',
      '-m',
      '256,512',
      '-n',
      '3',
      '--json',
    );
    expect(finished.code).toBe(0);
    expect(finished.stdout + finished.stderr).not.toContain(canary);
    const run = savedRun(finished);
    expect(run.target).toMatchObject({
      path: 'template.yaml#Orders',
      template: { file: 'template.yaml', function: 'Orders', architecture: 'x86_64' },
      runtime: 'nodejs20.x',
      memoryMb: 256,
      timeoutS: 9,
      ephemeralStorageMb: 600,
    });
    const measured = run.configurations.filter(({ status }) => status === 'measured');
    expect(measured.map(({ memoryMb }) => memoryMb)).toEqual([256, 512]);
  });

  it('lists what the template does not tell, and starts nothing', async () => {
    await write({ 'template.yaml': template, 'orders/app.mjs': handler, 'common/nodejs/shared.txt': 'x' });
    const finished = await tune('-f', 'template.yaml#Orders');
    expect(finished).toMatchObject({ code: 2, stdout: '' });
    expect(finished.stderr).toContain('template.yaml#Orders: TABLE is !Ref Table.');
    expect(finished.stderr).toContain('Give it by --env TABLE=…');
    expect(finished.stderr).not.toContain(canary);
  });

  it.each([
    ['template.yaml', 'template.yaml has 2 functions: say which one.'],
    ['template.yaml#Order', 'template.yaml has no function "Order".'],
  ])('lists the functions for %s', async (target, message) => {
    await write({ 'template.yaml': template });
    const finished = await tune('-f', target);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain(message);
    expect(finished.stderr).toContain('It has: Orders, Mail.');
  });

  const stack = (id: string, code: string) =>
    JSON.stringify({
      Resources: {
        [id]: {
          Type: 'AWS::Lambda::Function',
          Properties: { Code: code, Handler: 'app.handler', Runtime: 'nodejs20.x' },
          Metadata: { 'aws:cdk:path': `Shop/${id}/Resource` },
        },
      },
    });

  it('finds the function in the one of several templates that has it', async () => {
    await write({
      'cdk.out/One.template.json': stack('Orders', 'asset.1'),
      'cdk.out/Two.template.json': stack('Mail', 'asset.1'),
      'cdk.out/asset.1/app.js': 'exports.handler = async () => 1;',
    });
    const finished = await tune('-f', 'cdk.out/*.template.json#Shop/Mail', '--dry-run', '--json');
    expect(finished.code).toBe(0);
    expect(savedRun(finished).target.template).toMatchObject({ file: 'cdk.out/Two.template.json', function: 'Mail' });
  });

  it.each([
    ['cdk.out/*.template.json#Order', 'None of the 2 templates cdk.out/*.template.json has a function "Order".'],
    ['cdk.out/*.template.json', '2 of the templates cdk.out/*.template.json have functions: say which one.'],
    ['cdk.out/*.yaml#Orders', 'There is no template cdk.out/*.yaml.'],
    [
      'cdk.out/One.template.json',
      'The code of cdk.out/One.template.json#Orders is not where the template says: asset.1.',
    ],
  ])('says what is wrong with %s', async (target, message) => {
    await write({
      'cdk.out/One.template.json': stack('Orders', 'asset.1'),
      'cdk.out/Two.template.json': stack('Mail', 'asset.2'),
    });
    const finished = await tune('-f', target);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain(message);
    if (target.includes('*.template')) {
      expect(finished.stderr).toContain('They have: cdk.out/One.template.json#Orders, cdk.out/Two.template.json#Mail.');
    }
  });

  it.each([
    ['B', 'template.yaml#F names a variable that Lambda does not take: B.'],
    ['AWS_REGION', 'template.yaml#F names a variable that is set by Lambda itself: AWS_REGION.'],
  ])('refuses a variable named %s as Lambda does, also in a dry run', async (variable, message) => {
    const properties = `{ CodeUri: fn, Handler: app.handler, Runtime: nodejs20.x, Environment: { Variables: { ${variable}: x } } }`;
    await write({
      'template.yaml': `Resources: { F: { Type: AWS::Serverless::Function, Properties: ${properties} } }`,
      'fn/app.js': 'exports.handler = async () => 1;',
    });
    const finished = await tune('-f', 'template.yaml#F', '--dry-run');
    expect(finished).toMatchObject({ code: 2, stdout: '' });
    expect(finished.stderr).toContain(message);
    const ofFolder = await tune('-f', './fn', '--handler', 'app.handler', '--env', `${variable}=x`, '--dry-run');
    expect(ofFolder.code).toBe(2);
    expect(ofFolder.stderr).toContain(message.replace('template.yaml#F', '--env'));
  });

  const typescript = {
    'template.json': JSON.stringify({
      Resources: {
        F: {
          Type: 'AWS::Serverless::Function',
          Properties: { CodeUri: 'src', Handler: 'app.handler', Runtime: 'nodejs20.x', MemorySize: 1024 },
        },
      },
    }),
    'src/app.ts': "import { answer } from './answer.ts';\nexport const handler = async (): Promise<number> => answer;",
    'src/answer.ts': 'export const answer: number = 42;',
  };

  it('bundles TypeScript with the esbuild of the tree that it is in, also for both sides of a check', async () => {
    await write(typescript);
    await mkdir(join(folder, 'node_modules'));
    await symlink(join(root, 'node_modules', 'esbuild'), join(folder, 'node_modules', 'esbuild'));
    const [f, other] = ['template.json', './src/app.ts'];
    const finished = await tune('check', '-f', f, '--against', other, '--max-invocations', '12', '--json');
    const { functions } = checkResultSchema.parse(JSON.parse(finished.stdout));
    // A machine that is busy decides nothing, but it has measured.
    expect(functions[0]).toMatchObject({ function: 'template.json', memoryMb: 1024 });
    expect(functions[0]?.spend.invocations).toBeGreaterThanOrEqual(24);
  });

  it('says which command brings esbuild where there is none', async () => {
    await write(typescript);
    const finished = await tune('-f', 'template.json');
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(/src\/app\.ts is TypeScript, and from there no esbuild is found/);
    expect(finished.stderr).toContain('npm i -D esbuild');
  });

  it('says where esbuild cannot read the code', async () => {
    await write({ ...typescript, 'src/app.ts': 'export const handler = async () => {' });
    await mkdir(join(folder, 'node_modules'));
    await symlink(join(root, 'node_modules', 'esbuild'), join(folder, 'node_modules', 'esbuild'));
    const finished = await tune('-f', 'template.json');
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(/esbuild cannot bundle .*src\/app\.ts: Unexpected end of file \(app\.ts:1\)\./);
  });

  it('looks through its package before a migration', async () => {
    await write({ 'template.yaml': template, 'mail/app.mjs': 'export const handler = async () => 1;' });
    const finished = await tune('migrate', '-f', 'template.yaml#Mail', '--preflight-only', '--json');
    const document = JSON.parse(finished.stdout);
    expect(document).toMatchObject({ function: 'template.yaml#Mail', current: { memoryMb: 128 } });
  });
});
