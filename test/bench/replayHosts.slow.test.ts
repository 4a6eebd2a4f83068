import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noHosts } from '../../bench/replay/account.ts';
import { type Replay, replay } from '../../bench/replay/replay.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

/**
 * What `npm run bench:search` prints of recorded functions, on three that are made up as those are: one with cold starts as dear as six warm calls, one with
 * cold starts as dear as twelve, one on two architectures that cost about the same. 25 runs of each. Regrets are compared run by run, with
 * room for three standard errors. The dollars are within 95 % where hosts are of two kinds, and less at all where they are of one (0.96 here), not the 85 % that are wanted: `first` shares how
 * scatter is believed and what is clipped with the rule of today, and is cheaper by that than it ever was, and the race spends what it saves on fewer mistakes.
 */
const header = 'dataset,function,architecture,memory_mb,start,duration_ms,billed_ms,init_ms,max_memory_used_mb';

let folder = '';
let hosts: Replay;
let calm: Replay;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tune-replay-'));
  const noise = seededRandom(6);
  const rows = (name: string, architecture: string, msBySize: Readonly<Record<number, number>>, coldFold: number) =>
    Object.entries(msBySize).flatMap(([memoryMb, ms]) => {
      const drawn = () => (ms * Math.exp(0.14 * normalDraw(noise))).toFixed(2);
      const warm = Array.from({ length: 100 }, () => `made,${name},${architecture},${memoryMb},warm,${drawn()},,,`);
      const cold = Array.from({ length: 20 }, () => {
        return `made,${name},${architecture},${memoryMb},cold,${(coldFold * Number(drawn())).toFixed(2)},,0,`;
      });
      return coldFold === 1 ? warm : [...warm, ...cold];
    });
  const all = [
    ...rows('thumbnails', 'x86_64', { 128: 1080, 256: 557, 512: 322, 1024: 200, 2048: 175 }, 6),
    ...rows('images', 'x86_64', { 512: 1905, 1024: 960, 1536: 620, 2048: 457, 3008: 330 }, 12),
    ...rows('unpacks', 'arm64', { 512: 196, 1024: 89, 2048: 49 }, 1),
    ...rows('unpacks', 'x86_64', { 512: 155, 1024: 75, 2048: 40 }, 1),
  ];
  writeFileSync(join(folder, 'a.csv'), [header, ...all, ''].join('\n'));
  hosts = replay(folder, 25, 1, () => {}, { spread: 0.03, armKinds: true }, ['tune', 'first']);
  calm = replay(folder, 25, 1, () => {}, noHosts, ['tune', 'first']);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the race beside the rule before it', () => {
  it.each([
    ['hosts 3 % apart, of two kinds on arm64', 0.95, () => hosts],
    ['one kind of hosts', 1, () => calm],
  ])('pays less of the dollars and misses no more: %s', (_, most, found) => {
    const { tune, first } = found().sets.made ?? {};
    if (tune === undefined || first === undefined) throw new Error('no scores');
    expect(tune.x50 / first.x50).toBeLessThan(most);
    const more = tune.moreThanFirst;
    if (more === null) throw new Error('not compared');
    expect(more.regret).toBeLessThanOrEqual(3 * more.error);
  });
});
