import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ForgeDouble, openForge } from '../action/forgeDouble.ts';
import { root } from './support.ts';

/** In place of measuring, which needs an account: a saved run under the name of the function. All else is the real program. */
const measuring = (answer: object | undefined) => `
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
const args = process.argv.slice(2);
if (args[0] !== '--config') process.exit(spawnSync(process.execPath, [${JSON.stringify(join(root, 'bin/tune.js'))}, ...args], { stdio: 'inherit' }).status);
const config = JSON.parse(readFileSync(args[1], 'utf8'));
const run = JSON.parse(readFileSync(${JSON.stringify(join(root, 'fixtures/runs/aws.json'))}, 'utf8'));
run.target.functionName = config.function;
run.answer = ${JSON.stringify(answer)} ?? run.answer;
for (const text of args.filter((_, index) => args[index - 1] === '--report')) {
  const [format, file] = text.split('=');
  writeFileSync(file, format === 'json' ? JSON.stringify(run) : '| the | table |\\n');
}
writeFileSync('measured.log', \`\${args.slice(2).join(' ')} \${JSON.stringify(config)}\\n\`, { flag: 'a' });
`;

const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Thumbnails:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: thumbnails
      MemorySize: 1024
      Architectures: [x86_64]
`;

describe('the action that proposes', () => {
  let workspace: string;
  let double: ForgeDouble;
  const base = 'a'.repeat(40);
  beforeEach(async () => {
    workspace = mkdtempSync(join(tmpdir(), 'propose-'));
    mkdirSync(join(workspace, 'infra'));
    writeFileSync(join(workspace, 'infra/template.yaml'), template);
    writeFileSync(
      join(workspace, 'tune.config.json'),
      JSON.stringify({
        maxSpendUsd: 1,
        functions: [{ function: 'thumbnails', against: 'thumbnails:live', payload: { a: 1 } }],
      }),
    );
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x'],
    ]) {
      execFileSync('git', ['-C', workspace, ...args]);
    }
    double = await openForge(base);
  });
  afterEach(async () => {
    await double.close();
    rmSync(workspace, { recursive: true, force: true });
  });

  async function propose(answer?: object): Promise<{ readonly code: number | null; readonly output: string }> {
    writeFileSync(join(workspace, '.git/cli.mjs'), measuring(answer));
    const child = spawn(process.execPath, [join(root, 'action/main.mjs')], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: workspace,
        GITHUB_WORKSPACE: workspace,
        GITHUB_API_URL: double.url,
        GITHUB_REPOSITORY: 'shop/orders',
        GITHUB_SHA: base,
        GITHUB_REF_NAME: 'main',
        RUNNER_TEMP: tmpdir(),
        INPUT_CLI: join(workspace, '.git/cli.mjs'),
        INPUT_MODE: 'tune-and-propose',
        INPUT_TOKEN: 't',
        INPUT_ARGS: '--invocations 40 --function=thumbnails --config tune.config.json',
      },
      cwd: workspace,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, output };
  }

  it('opens a pull request with the answer, the diff, a figure, the table and the command; the checkout stays as it was', async () => {
    const { code, output } = await propose();
    expect([code, output]).toEqual([0, '::notice title=tune::thumbnails: opened https://example.com/pull/1\n']);
    const [pull] = double.pulls;
    expect(pull?.title).toBe('thumbnails: 1769 MB on arm64');
    expect(pull?.body).toContain('Change to 1,769 MB on arm64');
    expect(pull?.body).toContain('```diff\n--- a/infra/template.yaml\n+++ b/infra/template.yaml\n');
    expect(pull?.body).toContain('+      MemorySize: 1769\n+      Architectures: [arm64]\n```');
    expect(pull?.body).toContain('```mermaid\nxychart-beta\n  x-axis [512, 1024, 1769, 3008]\n');
    expect(pull?.body).toContain('| the | table |');
    expect(pull?.body).toContain('```sh\ntune --invocations 40 --function thumbnails\n```');
    expect(pull?.body).toContain('do not start on it by themselves');
    expect([...double.files.values()]).toEqual([
      { path: 'infra/template.yaml', text: template.replace('1024', '1769').replace('x86_64', 'arm64') },
    ]);
    expect(readFileSync(join(workspace, 'infra/template.yaml'), 'utf8')).toBe(template);
    expect(readFileSync(join(workspace, 'measured.log'), 'utf8')).toMatch(
      /^--invocations 40 --run-id gh-[0-9a-f]{10}-p1 --report json=\S+ --report markdown=\S+ \{"maxSpendUsd":1,"function":"thumbnails","payload":\{"a":1\}\}\n$/,
    );
  });

  it('opens nothing for an answer to stay, and closes what an earlier answer had opened', async () => {
    const stay = {
      kind: 'stay',
      configuration: { memoryMb: 1024, architecture: 'x86_64' },
      because: 'nothingSurelyBetter',
    };
    expect((await propose(stay)).output).toBe('::notice title=tune::thumbnails: stays as it is\n');
    expect(double.pulls).toEqual([]);
    await propose();
    const { code, output } = await propose(stay);
    expect([code, output]).toEqual([
      0,
      '::notice title=tune::thumbnails: stays as it is; closed https://example.com/pull/1\n',
    ]);
    expect(double.pulls[0]?.state).toBe('closed');
    expect(double.comments[0]?.body).toMatch(/^This no longer holds\. /);
  });

  it('opens nothing where nothing was told', async () => {
    const { code } = await propose({ kind: 'unanswered', because: 'nothingMeasured' });
    expect([code, double.pulls, double.writes]).toEqual([0, [], []]);
  });

  it('closes what it had opened where the file no longer has a literal for the answer', async () => {
    await propose();
    const path = join(workspace, 'infra/template.yaml');
    writeFileSync(path, template.replace('MemorySize: 1024', 'MemorySize: !If [Big, 1024, 512]'));
    const { code, output } = await propose();
    expect([code, output]).toEqual([
      0,
      '::warning title=tune::thumbnails: the answer cannot be proposed (refused); closed https://example.com/pull/1. See: tune apply run.json\n',
    ]);
    expect(double.pulls.map(({ state }) => state)).toEqual(['closed']);
    expect(double.comments[0]?.body).toMatch(/^The answer can no longer be written into the file /);
  });

  it('says what the repository does not allow, and ends with 3', async () => {
    double.faults.push({
      of: 'POST /pulls',
      status: 403,
      message: 'GitHub Actions is not permitted to create or approve pull requests.',
      times: 9,
    });
    const { code, output } = await propose();
    expect(code).toBe(3);
    expect(output).toContain(
      '::error title=tune::thumbnails: This repository does not let Actions create pull requests.',
    );
  });
});
