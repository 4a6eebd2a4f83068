import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { atTraffic } from '../../src/advice/atTraffic.ts';
import { runApply } from '../../src/commands/apply/apply.ts';
import { applicationSchema } from '../../src/model/application.ts';
import { type TuningResult, tuningResultSchema } from '../../src/model/run.ts';
import { parseRate } from '../../src/traffic/traffic.ts';
import { type FakeProcess, fakeIo } from '../support/fakeIo.ts';

const saved: TuningResult = tuningResultSchema.parse(
  JSON.parse(readFileSync(fileURLToPath(new URL('../../fixtures/runs/aws.json', import.meta.url)), 'utf8')),
);

const folders: string[] = [];
let root: string;
const git = (...args: readonly string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' });

function put(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function commit(): void {
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
}

/** The answer of the fixture is 1,769 MB on arm64, in place of 1,024 MB on x86_64. */
function putRun(change: Partial<TuningResult> = {}): void {
  put('run.json', JSON.stringify({ ...saved, ...change }));
}

async function apply(flags: Readonly<Record<string, unknown>> = {}, process_: FakeProcess = {}) {
  const fake = fakeIo({
    cwd: root,
    env: { PATH: process.env.PATH },
    now: () => new Date('2026-03-05T09:00:00Z'),
    ...process_,
  });
  try {
    const code = await runApply('run.json', flags, fake.io);
    return { code, stdout: fake.stdout(), error: '', questions: fake.questions };
  } catch (error) {
    return {
      code: undefined,
      stdout: fake.stdout(),
      error: error instanceof Error ? error.message : '',
      questions: fake.questions,
    };
  }
}

const template = (name: string, memoryMb: number) => `  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: ${name.toLowerCase()}.handler
      MemorySize: ${memoryMb}
      Architectures: [x86_64]
`;
const head = 'Transform: AWS::Serverless-2016-10-31\nResources:\n';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'apply-'));
  folders.push(root);
  git('init', '-q');
  putRun();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const named = (functionName: string, memoryMb = 1024) =>
  `${head}${template('Thumbnails', memoryMb)}      FunctionName: ${functionName}\n${template('Other', 512)}`;

describe('tune apply', () => {
  it('shows the diff, which git takes, and writes nothing', async () => {
    put('infra/template.yaml', named('thumbnails'));
    commit();
    const { code, stdout } = await apply();
    expect(code).toBe(0);
    expect(stdout).toBe(`thumbnails: 1,769 MB on arm64, 2 edits of Thumbnails in infra/template.yaml:3

--- a/infra/template.yaml
+++ b/infra/template.yaml
@@ -4,8 +4,8 @@
     Type: AWS::Serverless::Function
     Properties:
       Handler: thumbnails.handler
-      MemorySize: 1024
-      Architectures: [x86_64]
+      MemorySize: 1769
+      Architectures: [arm64]
       FunctionName: thumbnails
   Other:
     Type: AWS::Serverless::Function

With the architecture:
  - Native code needs a build for arm64: sam build --use-container

Roll out:
  - AutoPublishAlias: live, AutoPublishAliasAllProperties: true and DeploymentPreference: { Type: Canary10Percent5Minutes } in the function shift an alias step by step
  - sam build && sam deploy

Back:
  - While traffic shifts: aws deploy stop-deployment --auto-rollback-enabled --deployment-id DEPLOYMENT_ID
  - After that: git revert, then sam build && sam deploy

After the deployment, with its date, where that is another day:
  tune observe --function thumbnails --region us-east-1 --since-change 2026-03-05
`);
    expect(git('status', '--porcelain')).toBe('');
    put('printed.txt', stdout);
    git('apply', 'printed.txt');
    expect(git('diff', '--stat')).toContain('1 file changed, 2 insertions(+), 2 deletions(-)');
  });

  it('writes with --write --yes, keeps the mode of the file, and --check agrees before and after', async () => {
    const path = put('template.yaml', named('thumbnails'));
    chmodSync(path, 0o640);
    commit();
    expect((await apply({ check: true })).code).toBe(1);
    const { code, stdout } = await apply({ write: true, yes: true });
    expect([code, stdout.endsWith('\nWritten: template.yaml\n')]).toEqual([0, true]);
    expect(readFileSync(path, 'utf8')).toBe(named('thumbnails').replace('1024', '1769').replace('x86_64', 'arm64'));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect((await apply({ check: true })).code).toBe(0);
    expect((await apply({ write: true, yes: true })).stdout).toBe(
      'Thumbnails in template.yaml:3 has 1,769 MB on arm64 already.\n',
    );
    expect(git('status', '--porcelain')).toBe(' M template.yaml\n');
  });

  it('asks on a terminal after the diff, and writes only after a yes', async () => {
    const path = put('template.yaml', named('thumbnails'));
    commit();
    const no = await apply({ write: true }, { answer: false });
    expect([no.error, no.questions]).toEqual([
      'Not confirmed; nothing was written.',
      ['Write this to template.yaml? [y/N] '],
    ]);
    expect(readFileSync(path, 'utf8')).toBe(named('thumbnails'));
    expect((await apply({ write: true }, { answer: true })).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('MemorySize: 1769');
  });

  it('writes nothing where nobody can be asked', async () => {
    put('template.yaml', named('thumbnails'));
    commit();
    expect((await apply({ write: true })).error).toBe('Nobody can be asked here, and --yes is not given.');
    expect(git('status', '--porcelain')).toBe('');
  });

  it('is one document with --json, of the published schema', async () => {
    put('template.yaml', named('thumbnails', 512));
    commit();
    const { stdout } = await apply({ json: true, write: true, yes: true });
    const document = applicationSchema.parse(JSON.parse(stdout));
    expect(document).toMatchObject({
      outcome: 'written',
      functionName: 'thumbnails',
      definition: { file: 'template.yaml', line: 3, format: 'SAM', select: 'Thumbnails' },
      edits: [
        {
          property: 'memoryMb',
          before: '512',
          after: '1769',
          line: 7,
          notes: [
            'The file has 512; the function had 1024 when it was measured. One of them changed since, or the file is not deployed.',
          ],
        },
        { property: 'architecture', before: 'x86_64', after: 'arm64', line: 8 },
      ],
    });
  });
});

describe('the definition of the function', () => {
  const withDefinition = (definition: TuningResult['target']['definition']) =>
    putRun({ target: { ...saved.target, definition } });

  it('is found by the logical id of its tags, whatever its name is', async () => {
    put('a.yaml', `${head}${template('One', 512)}`);
    put('b.yaml', `${head}${template('Two', 512)}`);
    commit();
    withDefinition({ stackName: 'shop', logicalId: 'Two' });
    const { stdout } = await apply({ json: true });
    expect(applicationSchema.parse(JSON.parse(stdout)).definition).toMatchObject({ file: 'b.yaml', select: 'Two' });
  });

  it('is found by the name that CloudFormation gave', async () => {
    put('a.yaml', `${head}${template('One', 512)}${template('Two', 512)}`);
    commit();
    putRun({ target: { ...saved.target, functionName: 'shop-Two-QX91ZTFFRW5A' } });
    expect((await apply({ json: true })).stdout).toContain('"select": "Two"');
  });

  it('is found by the construct that cdk synth named', async () => {
    put(
      'lib/stack.ts',
      "import * as lambda from 'aws-cdk-lib/aws-lambda';\nnew lambda.Function(this, 'Handler', { memorySize: 512 });\nnew lambda.Function(this, 'Mail', { memorySize: 512 });\n",
    );
    put('.gitignore', 'cdk.out\nnode_modules\n');
    commit();
    put(
      'cdk.out/S.template.json',
      JSON.stringify({
        Resources: { ShopHandler12345678: { Metadata: { 'aws:cdk:path': 'S/Shop/Handler/Resource' } } },
      }),
    );
    withDefinition({ stackName: 'S', logicalId: 'ShopHandler12345678' });
    const { code, stdout } = await apply();
    expect(code).toBe(2);
    expect(stdout).toContain('Handler in lib/stack.ts:2 is not edited');
    // No TypeScript is installed in that repository.
    expect(stdout).toContain(
      'a CDK application in TypeScript is read with its own TypeScript, which is not installed here',
    );
    expect(stdout).toContain('  write:      memorySize: 1769,');
  });

  it('that two files could be is not guessed: both are listed, exit code 2, and --select decides', async () => {
    put('a.yaml', named('thumbnails'));
    put('old/a.yaml', named('thumbnails'));
    commit();
    const { code, stdout } = await apply();
    expect([code, stdout]).toEqual([
      2,
      `2 definitions may be that of thumbnails. Choose one with --select, or with --file:

  a.yaml:3  --select a.yaml:Thumbnails  (SAM)
  old/a.yaml:3  --select old/a.yaml:Thumbnails  (SAM)
`,
    ]);
    expect((await apply({ select: 'old/a.yaml:Thumbnails' })).code).toBe(0);
    expect((await apply({ file: 'a.yaml' })).code).toBe(0);
  });

  it('is found by the template that it was measured from, also when that names it otherwise', async () => {
    put('infra/template.yaml', `${head}${template('One', 512)}${template('Two', 512)}      FunctionName: shop-two\n`);
    put('old/infra.yaml', `${head}${template('Two', 512)}`);
    commit();
    const from = { file: 'infra/template.yaml', function: 'Two', architecture: 'x86_64' } as const;
    putRun({ target: { ...saved.target, functionName: 'Two', path: 'infra/template.yaml#Two', template: from } });
    const { stdout } = await apply({ json: true });
    expect(applicationSchema.parse(JSON.parse(stdout)).definition).toMatchObject({
      file: 'infra/template.yaml',
      select: 'Two',
    });
  });

  it('of two templates with one logical id is that of its stack, where samconfig names it', async () => {
    for (const name of ['shop', 'mail']) {
      put(`${name}/template.yaml`, `${head}${template('Fn', 512)}`);
      put(`${name}/samconfig.toml`, `[default.deploy.parameters]\nstack_name = "${name}"\n`);
    }
    commit();
    withDefinition({ stackName: 'mail', logicalId: 'Fn' });
    const { stdout } = await apply({ json: true });
    expect(applicationSchema.parse(JSON.parse(stdout)).definition).toMatchObject({ file: 'mail/template.yaml' });
  });

  it('of two in one file with one id is chosen by its line', async () => {
    put(
      'stack.py',
      'from aws_cdk import aws_lambda\naws_lambda.Function(a, "Fn", memory_size=512)\naws_lambda.Function(b, "Fn", memory_size=512)\n',
    );
    commit();
    withDefinition({ stackName: 'S', logicalId: 'Fn12345678' });
    const { code, stdout } = await apply();
    expect(code).toBe(2);
    expect(stdout).toContain('  stack.py:3  --select stack.py:3  (CDK (Python))');
    expect((await apply({ select: 'stack.py:3', json: true })).stdout).toContain('"line": 3');
  });

  it('is found through the module of the repository that gives its name, and says who gives its size', async () => {
    put('main.tf', 'module "t" {\n  source = "./fn"\n  name   = "thumbnails"\n  memory = 512\n}\n');
    put(
      'fn/main.tf',
      'variable "name" {}\nvariable "memory" {}\nresource "aws_lambda_function" "this" {\n  function_name = var.name\n  memory_size   = var.memory\n  architectures = [ # one\n    "x86_64", # intel\n  ]\n}\n',
    );
    commit();
    const { code, stdout } = await apply();
    expect(code).toBe(2);
    expect(stdout).toContain(
      'Memory size, fn/main.tf:5: it is an expression\n  written:    var.memory\n  comes from: var.memory, line 2; module.t, main.tf:4 gives 512\n  write:      memory = 1769 in module.t, main.tf:4; or here: memory_size = 1769\n',
    );
    expect(stdout).toContain('Architecture, fn/main.tf:7: could be edited to arm64');
  });

  it('that a comprehension or an id that is computed makes is not edited', async () => {
    put(
      'stack.py',
      'from aws_cdk import aws_lambda\nfs = [aws_lambda.Function(a, "Thumbs", memory_size=512) for n in names]\naws_lambda.Function(a, f"Mail{n}", memory_size=512)\n',
    );
    commit();
    expect((await apply({ select: 'Thumbs' })).stdout).toContain(
      'Memory size, stack.py:2: a loop makes several functions of it\n  written:    for n in names\n',
    );
    expect((await apply({ select: 'Mail{n}' })).stdout).toContain(
      'Memory size, stack.py:3: the id of the construct is an expression, so that it may make several functions\n',
    );
  });

  it('of version 2 of SST is found by the logical id of its CDK, with the words of that version', async () => {
    put(
      'stacks/A.ts',
      'import { Function } from "sst/constructs";\nnew Function(stack, "Thumbs", { memorySize: 512 });\n',
    );
    commit();
    withDefinition({ stackName: 'dev-shop-A', logicalId: 'Thumbs1234ABCD' });
    const { code, stdout } = await apply();
    expect(code).toBe(2);
    expect(stdout).toContain('  write:      memorySize: 1769,\n');
    expect(stdout).toContain('  write:      architecture: "arm_64",\n');
  });

  it('is not taken where its name is written out and is another one', async () => {
    put('template.yaml', `${head}${template('Thumbnails', 512)}      FunctionName: resizer\n`);
    commit();
    const { code, stdout } = await apply();
    expect([code, stdout.split('\n')[0]]).toEqual([
      2,
      'No definition is known to be that of thumbnails. If it is one of these, choose it with --select:',
    ]);
  });

  it('is looked for in files that git tracks alone', async () => {
    put('README.md', 'x');
    commit();
    put('template.yaml', named('thumbnails'));
    expect((await apply()).stdout).toBe('No definition of a function was found. Name the file with --file.\n');
    const { code, stdout } = await apply({ file: 'template.yaml' });
    expect(code).toBe(0);
    expect(stdout).toContain('  - template.yaml has changes that are not committed.');
  });
});

describe('what is not edited', () => {
  it('is refused as a whole, with the expression as written and what to write', async () => {
    put('template.yaml', `${head}${template('Thumbnails', 1024).replace('1024', '!If [IsProd, 1024, 256]')}`);
    commit();
    const { code, stdout } = await apply({ select: 'Thumbnails', write: true, yes: true });
    expect([code, stdout]).toEqual([
      2,
      `Thumbnails in template.yaml:3 is not edited: a part of the answer would be a configuration that was not measured.

Memory size, template.yaml:7: it is an expression
  written:    !If [IsProd, 1024, 256]
  write:      MemorySize: 1769
Architecture, template.yaml:8: could be edited to arm64

With the architecture:
  - Native code needs a build for arm64: sam build --use-container
`,
    ]);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('is a symbolic link', async () => {
    put('real.yaml', named('thumbnails'));
    symlinkSync('real.yaml', join(root, 'template.yaml'));
    commit();
    expect((await apply({ file: 'template.yaml' })).error).toBe(
      'template.yaml is a symbolic link, which is not edited.',
    );
  });

  it('is a file outside of the repository', async () => {
    put('inner/x', '');
    put('template.yaml', named('thumbnails'));
    execFileSync('git', ['-C', join(root, 'inner'), 'init', '-q']);
    put('inner/run.json', JSON.stringify(saved));
    const outside = await apply({ file: '../template.yaml' }, { cwd: join(root, 'inner') });
    expect(outside.error).toBe('../template.yaml lies outside of this repository, where nothing is edited.');
  });

  it('is anything in a folder without git', async () => {
    const path = put('template.yaml', named('thumbnails'));
    rmSync(join(root, '.git'), { recursive: true });
    expect((await apply({ file: 'template.yaml' })).code).toBe(0);
    expect((await apply({ file: 'template.yaml', write: true, yes: true })).error).toContain(
      'in no git repository, so nothing is written',
    );
    expect(readFileSync(path, 'utf8')).toBe(named('thumbnails'));
    expect((await apply()).error).toBe('This folder is in no git repository, so there is nothing to search.');
  });

  it('is a file that changed while the question was open', async () => {
    const path = put('template.yaml', named('thumbnails'));
    commit();
    const io = fakeIo({ cwd: root, env: { PATH: process.env.PATH }, terminal: true }).io;
    const asked = {
      ...io,
      ask: async () => {
        writeFileSync(path, `${named('thumbnails')}# mine\n`);
        return true;
      },
    };
    await expect(runApply('run.json', { write: true }, asked)).rejects.toThrow(
      'template.yaml was changed while the diff was shown.',
    );
    expect(readFileSync(path, 'utf8')).toBe(`${named('thumbnails')}# mine\n`);
  });

  it('are layers, variables and code of a variant: the whole answer is for the hand then', async () => {
    put('template.yaml', named('thumbnails'));
    commit();
    const variant = { name: 'flag', changes: { environment: { FLAG: null }, runtime: 'nodejs24.x' } };
    const configuration = { memoryMb: 1024, architecture: 'x86_64', variant } as const;
    putRun({ answer: { kind: 'change', configuration, because: 'cheaper' } });
    const { code, stdout } = await apply();
    expect(code).toBe(2);
    expect(stdout).toContain(
      'Besides, template.yaml:3: it is more than one literal\n  write:      environment variable FLAG: the value that was measured\n',
    );
    expect(stdout).toContain('Runtime, template.yaml:7: could be edited to nodejs24.x');
  });
});

describe('an answer', () => {
  it('to stay changes nothing, and is in the file for --check', async () => {
    commit_();
    putRun({
      answer: {
        kind: 'stay',
        configuration: { memoryMb: 1024, architecture: 'x86_64' },
        because: 'nothingSurelyBetter',
      },
    });
    const { code, stdout } = await apply({ check: true });
    expect([code, stdout]).toEqual([0, 'thumbnails stays at 1,024 MB on x86_64: nothing to apply.\n']);
  });

  it('that is none is an error', async () => {
    commit_();
    putRun({ answer: { kind: 'unanswered', because: 'nothingMeasured' } });
    expect((await apply()).error).toBe('The saved run has no answer that could be applied.');
  });

  it('with a variant that the run does not have is an error with those that it has', async () => {
    commit_();
    expect((await apply({ variant: 'node 24' })).error).toBe(
      'The run did not measure the variant "node 24" at 1,769 MB on arm64.',
    );
  });

  function commit_(): void {
    put('template.yaml', named('thumbnails'));
    commit();
  }
});

describe('an answer at a traffic', () => {
  const traffic = parseRate('rps=50');
  if (traffic === undefined) throw new Error('a rate');
  const billed = atTraffic(saved, { given: 'rps=50', kind: 'rate', traffic });
  const provisioned = (executions: number, memoryMb = 1024) =>
    `${head}${template('Thumbnails', memoryMb)}      FunctionName: thumbnails
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig:
        ProvisionedConcurrentExecutions: ${executions}
`;
  const stay = {
    kind: 'stay',
    configuration: { memoryMb: 1024, architecture: 'x86_64' },
    because: 'nothingSurelyBetter',
  } as const;

  it('edits how many environments are provisioned, with where the number comes from', async () => {
    put('template.yaml', provisioned(20));
    commit();
    putRun(billed);
    const { code, stdout } = await apply({ write: true, yes: true });
    expect(code).toBe(0);
    expect(readFileSync(join(root, 'template.yaml'), 'utf8')).toBe(provisioned(8, 1769).replace('[x86_64]', '[arm64]'));
    expect(stdout).toContain(
      '8 provisioned environments at all times are the cheapest number at the traffic of the run (rps=50): by its replay, not by a measurement.',
    );
  });

  it('writes the rest where the file has no place for it, and says what to write', async () => {
    put('template.yaml', named('thumbnails'));
    commit();
    putRun(billed);
    const { code, stdout } = await apply({ write: true, yes: true });
    expect(code).toBe(0);
    expect(readFileSync(join(root, 'template.yaml'), 'utf8')).toBe(
      named('thumbnails', 1769).replace('[x86_64]', '[arm64]'),
    );
    expect(stdout).toContain(
      'Provisioned concurrency, template.yaml:3: no alias of it is written here, and it takes one\n  write:      AutoPublishAlias: live, and ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 8 }',
    );
  });

  it('to stay edits what the file provisions, and nothing where it provisions nothing', async () => {
    put('template.yaml', provisioned(20));
    commit();
    putRun({ ...billed, answer: stay });
    const { code, stdout } = await apply({ check: true });
    expect(code).toBe(1);
    expect(stdout).toContain(
      '-        ProvisionedConcurrentExecutions: 20\n+        ProvisionedConcurrentExecutions: 13\n',
    );
    expect(stdout).not.toContain('MemorySize: 1769');
    put('template.yaml', named('thumbnails'));
    const without = await apply({ check: true });
    expect(without.code).toBe(0);
    expect(without.stdout).toContain(
      'thumbnails stays at 1,024 MB on x86_64.\n\nProvisioned concurrency, template.yaml:3:',
    );
  });

  it('to stay needs no file', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    putRun({ ...billed, answer: stay });
    const { code, stdout } = await apply();
    expect([code, stdout]).toEqual([
      0,
      'thumbnails stays at 1,024 MB on x86_64.\n\nNotes:\n  - 13 provisioned environments at all times are the cheapest number at the traffic of the run (rps=50): by its replay, not by a measurement.\n',
    ]);
  });

  it('by the clock is no literal, and none at all is left to people', async () => {
    put('template.yaml', provisioned(20));
    commit();
    const { traffic: record } = billed;
    const [first, ...rest] = record?.provisioned ?? [];
    if (record === undefined || first?.constant === undefined) throw new Error('a plan');
    const scheduled = { ...first.constant, schedule: [{ from: '08:00', environments: 8 }] };
    putRun({
      ...billed,
      traffic: { ...record, provisioned: [{ ...first, cheapest: 'scheduled', scheduled }, ...rest] },
    });
    const byClock = await apply();
    expect(byClock.stdout).not.toContain('-        ProvisionedConcurrentExecutions');
    expect(byClock.stdout).toContain(
      'Provisioned concurrency by the time of day is cheapest at the traffic of the run (rps=50): 8 from 08:00 (UTC).',
    );
    putRun({ ...billed, traffic: { ...record, provisioned: [{ ...first, cheapest: 'none' }, ...rest] } });
    const none = await apply();
    expect(none.stdout).not.toContain('-        ProvisionedConcurrentExecutions');
    expect(none.stdout).toContain(
      'The file provisions 20 environments; none is cheapest at the traffic of the run (rps=50).',
    );
  });
});
