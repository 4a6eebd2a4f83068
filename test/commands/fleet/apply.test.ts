import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFleetApply } from '../../../src/commands/fleet/apply.ts';
import { fleetApplicationSchema } from '../../../src/model/fleet/fleetApplication.ts';
import { tuningResultSchema } from '../../../src/model/run.ts';
import { fakeIo } from '../../support/fakeIo.ts';
import { portfolioOf } from './portfolio.ts';

/** Its answer is 1769 MB on arm64, in place of 1024 MB on x86_64. */
const saved = readFileSync(fileURLToPath(new URL('../../../fixtures/runs/aws.json', import.meta.url)), 'utf8');
const { answer = null } = tuningResultSchema.parse(JSON.parse(saved));
const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Thumbnails:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: thumbnails
      Handler: thumbnails.handler
      MemorySize: 1024
      Architectures: [x86_64]
`;

describe('fleet apply', () => {
  let folder: string;
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-apply-'));
    writeFileSync(join(folder, 'run.json'), saved);
    writeFileSync(join(folder, 'template.yaml'), template);
    writeFileSync(
      join(folder, 'portfolio.json'),
      JSON.stringify(
        portfolioOf([
          { functionName: 'thumbnails', answer },
          { functionName: 'mail', answer, runFile: 'mail.json' },
          { functionName: 'idle', answer: null },
        ]),
      ),
    );
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const apply = async (flags: Readonly<Record<string, unknown>> = {}) => {
    const { io, stdout } = fakeIo({
      cwd: folder,
      env: { PATH: process.env.PATH },
      now: () => new Date('2026-03-05T09:00:00Z'),
    });
    return { code: await runFleetApply('portfolio.json', flags, io), stdout: stdout() };
  };
  const outcomes = (stdout: string) =>
    fleetApplicationSchema
      .parse(JSON.parse(stdout))
      .functions.map(({ functionName, application, error }) => [functionName, application?.outcome ?? error?.code]);

  it('tells of each answer that changes something; one whose run is missing is a row and the exit code', async () => {
    const { code, stdout } = await apply({ json: true });
    expect([code, outcomes(stdout)]).toEqual([
      2,
      [
        ['thumbnails', 'differs'],
        ['mail', 'SAVED_RUN'],
      ],
    ]);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('shows the diffs one after another, and how many there are of what', async () => {
    const { stdout } = await apply();
    expect(stdout).toContain('-      MemorySize: 1024\n');
    expect(stdout).toContain('+      MemorySize: 1769\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('2 answers: 1 to be written, 1 failed.');
  });

  it('writes with --write --yes, and finds it there the next time', async () => {
    expect(outcomes((await apply({ write: true, yes: true, json: true })).stdout)[0]).toEqual([
      'thumbnails',
      'written',
    ]);
    expect(readFileSync(join(folder, 'template.yaml'), 'utf8')).toBe(
      template.replace('1024', '1769').replace('x86_64', 'arm64'),
    );
    expect(outcomes((await apply({ json: true })).stdout)[0]).toEqual(['thumbnails', 'present']);
  });

  it('without --yes and nobody to ask it writes nothing, and says so before the first diff', async () => {
    const { io, stdout } = fakeIo({ cwd: folder, env: { PATH: process.env.PATH } });
    await expect(runFleetApply('portfolio.json', { write: true }, io)).rejects.toMatchObject({ code: 'CONSENT' });
    expect([stdout(), git('status', '--porcelain')]).toEqual(['', '']);
  });

  it('refuses --check beside --write', async () => {
    await expect(apply({ check: true, write: true })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
