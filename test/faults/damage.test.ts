import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveRefusal } from '../../src/archive/archiveRefusal.ts';
import { bufferSource } from '../../src/archive/byteSource.ts';
import { walkZip } from '../../src/archive/zipEntries.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { root } from '../e2e/support.ts';
import { zipOf } from '../local/lab.ts';
import { fuzzFiles } from './fuzzFiles.ts';
import { fuzzReports } from './fuzzReports.ts';
import { startProgram } from './programInProcess.ts';

describe('a damaged file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'damage-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = (...args: readonly string[]) => startProgram(args, { HOME: folder }, () => 0.5).finished;

  it('that was a saved run, cut at any byte, is refused with 2, its path and the reason', async () => {
    const whole = await readFile(join(root, 'fixtures', 'runs', 'aws.json'));
    const file = join(folder, 'run.json');
    // Every byte of the beginning and the end, every 997th between.
    const cuts = [...whole.keys()].filter((at) => at < 200 || at > whole.length - 200 || at % 997 === 0);
    for (const at of cuts) {
      await writeFile(file, whole.subarray(0, at));
      const finished = await run('report', file);
      if (isWhole(whole, at)) continue;
      expect({ at, code: finished.code, stdout: finished.stdout }).toEqual({ at, code: 2, stdout: '' });
      expect(finished.stderr).toContain('run.json');
      expect(finished.stderr).not.toMatch(/\n {4}at /);
    }
  });

  it('that was a baseline, cut at any byte, is refused with 2 and the command that makes a new one', async () => {
    const whole = await readFile(join(root, 'fixtures', 'runs', 'aws.json'));
    const file = join(folder, 'baseline.json');
    const cuts = [...whole.keys()].filter((at) => at < 100 || at > whole.length - 100 || at % 1999 === 0);
    for (const at of cuts) {
      if (isWhole(whole, at)) continue;
      await writeFile(file, whole.subarray(0, at));
      const finished = await run('check', '--function', 'orders', '--baseline', file, '--update-baseline');
      expect({ at, code: finished.code, stdout: finished.stdout }).toEqual({ at, code: 2, stdout: '' });
      expect(finished.stderr).toContain('baseline.json');
      expect(finished.stderr).toContain('--allow-missing-baseline --update-baseline');
      // A damaged one is no missing one: it is never replaced without being asked.
      expect((await readFile(file)).equals(whole.subarray(0, at))).toBe(true);
    }
  });

  it('that was a configuration, cut at any byte, is refused with 2, its path and the reason', async () => {
    const whole = Buffer.from(
      JSON.stringify({
        function: 'orders',
        memory: '128,512',
        invocations: 20,
        tag: { team: 'shöp' },
        maxSpendUsd: 0.5,
      }),
    );
    const file = join(folder, 'tune.config.json');
    for (let at = 0; at < whole.length; at += 1) {
      await writeFile(file, whole.subarray(0, at));
      const finished = await run('--config', file, '--dry-run');
      expect({ at, code: finished.code, stdout: finished.stdout }).toEqual({ at, code: 2, stdout: '' });
      expect(finished.stderr).toContain('tune.config.json');
    }
  });

  it.each([
    { memory: [[{ toString: 1 }]] },
    { function: 'orders', env: [{ toString: 1 }] },
    { function: 'orders', tag: [['a=b']] },
  ])('that holds %j as a configuration is refused with 2', async (content) => {
    const file = join(folder, 'tune.config.json');
    await writeFile(file, JSON.stringify(content));
    const finished = await run('--config', file, '--dry-run');
    expect(finished).toMatchObject({ code: 2, stdout: '' });
    expect(finished.stderr).toMatch(/memory|env|tag/);
  });

  it('of any kind, with members and bytes changed, is read and shown, or refused', () => {
    for (const { kind, wrong } of fuzzFiles(0.02, 3)) expect({ kind, wrong }).toEqual({ kind, wrong: [] });
  });

  it('that was a zip, with bytes changed or cut off, is read or refused, never anything else', async () => {
    const zip = await zipOf({ 'index.mjs': 'export const handler = 1;', 'lib/a.txt': 'a'.repeat(300) });
    const random = seededRandom(5);
    const rules = { maxUnzippedBytes: 1_000_000, maxEntries: 10, sameNames: 'refused' } as const;
    const damaged = [
      ...[...zip.keys()].map((at) => zip.subarray(0, at)),
      ...Array.from({ length: 3000 }, () => {
        const copy = Buffer.from(zip);
        for (let times = 1 + random() * 4; times > 0; times -= 1) {
          copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
        }
        return copy;
      }),
    ];
    const outcomes = { read: 0, refused: 0 };
    for (const bytes of damaged) {
      try {
        await walkZip(bufferSource(bytes), rules, async () => undefined);
        outcomes.read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(ArchiveRefusal);
        outcomes.refused += 1;
      }
    }
    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(zip.length);
  });
});

/** Only whitespace is missing. */
function isWhole(whole: Buffer, at: number): boolean {
  return whole.subarray(at).toString().trim() === '';
}

describe('a log of any content', () => {
  it("gives the platform's figures of this request or none", () => {
    expect(fuzzReports(60_000, 3)).toEqual({ inputs: 60_000, wrong: [] });
  });
});
