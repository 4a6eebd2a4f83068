import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTune, savedRun } from './support.ts';

const ownMajor = Number(process.versions.node.split('.')[0]);
const otherMajor = [24, 22, 20].find(
  (major) => major !== ownMajor && versionOf(`node${major}`).startsWith(`v${major}.`),
);

/** What the embedded endpoint finds: a program of that name in PATH. `npm run test:nodes` puts them there. */
function versionOf(program: string): string {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** Two versions of Node.js in one run; without `node20`, `node22` or `node24` in PATH there is one only, and this is skipped. */
describe.skipIf(otherMajor === undefined)(
  `Node.js ${ownMajor} and ${otherMajor ?? 'no other in PATH: skipped'}`,
  () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'two-nodes-'));
      await writeFile(join(folder, 'index.mjs'), 'export const handler = async () => ({ version: process.version });');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('both run on the embedded endpoint, each its own copies, and answer with their own version', async () => {
      const env = {
        PATH: [process.env.PATH ?? '', '/usr/bin', '/bin'].join(delimiter),
        HOME: folder,
        TUNE_STATE_DIR: folder,
      };
      const runtimes = `nodejs${ownMajor}.x,nodejs${otherMajor}.x`;
      const finished = await runTune(
        ['--function', './index.mjs', '--runtime', runtimes, '--memory', '1769', '-n', '3', '--json'],
        env,
        folder,
      );
      expect([finished.code, finished.stderr.match(/^tune: .*fail.*/m)]).toEqual([0, null]);
      const run = savedRun(finished);
      expect(run.responses).toMatchObject([
        {
          variant: `nodejs${otherMajor}.x`,
          different: 1,
          differences: [
            {
              pointer: '/version',
              current: process.version,
              variant: expect.stringMatching(new RegExp(`^v${otherMajor}\\.`)),
            },
          ],
        },
      ]);
      expect(run.warnings.map(({ code }) => code)).not.toContain('runtime-differs');
    });
  },
);

it('a source file is looked through as the folder that it stands for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'source-file-'));
  try {
    await writeFile(join(folder, 'index.js'), 'exports.handler = (event, context, callback) => callback(null, 1);');
    const env = { PATH: '/usr/bin:/bin', HOME: folder, TUNE_STATE_DIR: folder };
    const args = ['--function', './index.js', '--runtime', 'nodejs22.x,nodejs24.x', '--dry-run'];
    const { code, stderr } = await runTune(args, env, folder);
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining('nodejs24.x: incompatible, so it is not measured. index.js takes a third parameter'),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
