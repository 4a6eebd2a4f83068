import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noHosts, openAccount } from '../../bench/replay/account.ts';
import { asTable } from '../../bench/replay/asTable.ts';
import { chargeUsd } from '../../bench/replay/charge.ts';
import { powerTuning } from '../../bench/replay/fixedRules.ts';
import { inOwnOrder, ownOrderTable } from '../../bench/replay/ownOrder.ts';
import { readRecords } from '../../bench/replay/records.ts';
import { replay } from '../../bench/replay/replay.ts';
import { judge, score } from '../../bench/replay/score.ts';
import { seededRandom } from '../../src/stats/random.ts';

const header = 'dataset,function,architecture,memory_mb,start,duration_ms,billed_ms,init_ms,max_memory_used_mb';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tune-replay-'));
  const waits = [128, 256, 512].flatMap((memoryMb) => [
    `made,waits,x86_64,${memoryMb},cold,100.2,101,200.5,60`,
    ...Array.from({ length: 12 }, (_, index) => `made,waits,x86_64,${memoryMb},warm,${99.5 + index * 0.1},100,,60`),
  ]);
  const alone = ['made,alone,x86_64,128,warm,5,5,,60'];
  writeFileSync(join(folder, 'a.csv.gz'), gzipSync([header, ...waits, ...alone, ''].join('\n')));
  const computes = (['arm64', 'x86_64'] as const).flatMap((architecture) =>
    [128, 256].flatMap((memoryMb) =>
      Array.from({ length: 10 }, () => `other,computes,${architecture},${memoryMb},warm,${25600 / memoryMb},,,`),
    ),
  );
  writeFileSync(join(folder, 'b.csv'), [header, ...computes, ''].join('\n'));
  writeFileSync(join(folder, 'README.md'), 'not a CSV file');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the replay bench', () => {
  it('reads every CSV file of a folder, packed or not, and leaves out functions of one size', () => {
    const functions = readRecords(folder);
    expect(functions.map(({ dataset, name }) => `${dataset} ${name}`)).toEqual(['made waits', 'other computes']);
    expect(functions[0]?.configurations.map(({ memoryMb }) => memoryMb)).toEqual([128, 256, 512]);
  });

  it('bills a cold start with its init, and a warm call where no cold one was recorded', () => {
    const [waits, computes] = readRecords(folder);
    expect(waits?.configurations[0]?.coldMs).toEqual([300.7]);
    expect(computes?.configurations[0]?.coldMs).toHaveLength(10);
    expect(chargeUsd({ memoryMb: 1024, architecture: 'x86_64' }, 300.7)).toBeCloseTo(5.2166767e-6, 12);
  });

  it('draws windows in the recorded order, round and round', () => {
    const [waits] = readRecords(folder);
    const size = waits?.configurations[0];
    if (waits === undefined || size === undefined) throw new Error('no records');
    const account = openAccount(waits, 'windows', seededRandom(3));
    const drawn = Array.from({ length: 13 }, () => account.call(size, 'warm'));
    const first = size.warmMs.indexOf(drawn[0] ?? 0);
    expect(drawn).toEqual(Array.from({ length: 13 }, (_, index) => size.warmMs[(first + index) % 12]));
    expect(account.invocations).toBe(13);
  });

  it('power tuning in series makes one cold call per size and the rest warm', () => {
    const [waits] = readRecords(folder);
    if (waits === undefined) throw new Error('no records');
    const account = openAccount(waits, 'iid', seededRandom(1));
    const outcome = judge(waits, powerTuning(10)(waits, account), account);
    expect(outcome).toMatchObject({ invocations: 30, regret: 0, tieHit: true, tieSize: 1 });
  });

  it('scores shares and regrets as fractions, dollars against the reference', () => {
    const of = (spentUsd: number, regret: number) => ({
      spentUsd,
      invocations: 5,
      regret,
      tieHit: true,
      tieSize: 2,
      partsUsd: new Map([['race', spentUsd / 4]]),
    });
    expect(score([[of(1, 0), of(3, 0.1)]], [[of(8, 0)]])).toEqual({
      x50: 0.25,
      invocations: 5,
      regretMean: 0.05,
      regretError: 0.05,
      regretP95: 0.1,
      regretP99: 0.1,
      regretMax: 0.1,
      over5: 0.5,
      pickRegretMean: null,
      tieHit: 1,
      tieSize: 2,
      coverage: null,
      moreThanFirst: null,
      parts: { race: 0.0625 },
    });
  });

  it('runs every rule on every set, and the same seed gives the same figures', () => {
    const found = replay(folder, 3, 5, () => {});
    expect(Object.keys(found.sets)).toEqual(['made', 'other']);
    expect(Object.keys(found.sets.made ?? {})).toEqual([
      'tune',
      'tune, one environment',
      'tune --effort quick',
      'tune --effort careful',
      'mean 10',
      'ALPT 10',
      'ALPT 50',
      'Parrotfish',
      'first',
    ]);
    expect(found.sets.made?.['ALPT 50']).toMatchObject({ x50: 1, invocations: 150, regretMean: 0 });
    expect(found.sets.made?.tune).toMatchObject({ regretMean: 0, over5: 0, tieHit: 1 });
    expect(replay(folder, 3, 5, () => {})).toEqual(found);
    expect(asTable(found)).toContain('| made | ALPT 50 | 100.0 % | 150 |');
    expect(found.sets.made?.['ALPT 50']?.parts).toEqual({});
  });

  it('tells where the dollars of the race go, in parts that make up the whole', () => {
    const { tune } = replay(folder, 3, 5, () => {}, noHosts, ['tune']).sets.made ?? {};
    const parts = Object.values(tune?.parts ?? {});
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(tune?.x50 ?? 0, 12);
    expect(asTable(replay(folder, 3, 5, () => {}, noHosts, ['tune']))).toMatch(
      /- made: cold starts of the climb \d+\.\d\d, its warm calls \d+\.\d\d, the race \d+\.\d\d, the winner’s check \d+\.\d\d/,
    );
  });

  it('scores a race by what it advises: where times scatter, a faster size that is 12 % dearer is hardly ever advised', () => {
    const dearer = mkdtempSync(join(tmpdir(), 'tune-replay-'));
    const noise = seededRandom(4);
    const rows = [
      [512, 200],
      [1024, 112],
      [1769, 73],
    ].flatMap(([memoryMb = 0, ms = 0]) =>
      Array.from(
        { length: 200 },
        () => `dear,work,x86_64,${memoryMb},warm,${(ms * (0.7 + 0.6 * noise())).toFixed(2)},,,`,
      ),
    );
    writeFileSync(join(dearer, 'a.csv'), [header, ...rows, ''].join('\n'));
    const { tune } = replay(dearer, 40, 1, () => {}, noHosts, ['tune']).sets.dear ?? {};
    rmSync(dearer, { recursive: true, force: true });
    expect(tune?.regretMean).toBeLessThanOrEqual(0.009);
    expect(tune?.over5).toBeLessThanOrEqual(0.05);
    expect(tune?.pickRegretMean).toBeLessThanOrEqual(0.009);
  });

  it('judges what is advised by the steady part, as the product does', () => {
    const compiled = mkdtempSync(join(tmpdir(), 'tune-replay-'));
    const rows = Array.from({ length: 60 }, (_, index) => [
      `made,java-jar,x86_64,256,warm,${40 + (index % 3)},,,`,
      `made,java-jar,x86_64,512,warm,${(index < 20 ? 60 - 2 * index : 16) + (index % 3)},,,`,
    ]).flat();
    writeFileSync(join(compiled, 'a.csv'), [header, ...rows, ''].join('\n'));
    const [found] = inOwnOrder(readRecords(compiled), 20, 1);
    rmSync(compiled, { recursive: true, force: true });
    expect(found?.regretOfMeans).toBeGreaterThan(0);
    expect(found?.best).toBeGreaterThanOrEqual(0.9);
  });

  it('says of the recorded Java functions together how often the best is named, and in the hardest one', () => {
    const row = { within1: 1, regretMean: 0, regretOfMeans: 0, invocations: 100 };
    const printed = ownOrderTable([
      { ...row, name: 'made java-jar', best: 0.92 },
      { ...row, name: 'made kotlin-jar-snapstart', best: 1 },
      { ...row, name: 'made kotlin-js', best: 0.1 },
    ]);
    expect(printed).toContain(
      'Java (2 functions): the best in 96.0 % of all runs, in 92.0 % of those of the hardest one; within 1 % in 100.0 %.',
    );
    expect(ownOrderTable([{ ...row, name: 'made kotlin-js', best: 0.1 }])).not.toContain('Java');
  });

  it('gives an environment one host, and those of arm64 two kinds where that is asked for', () => {
    const [, computes] = readRecords(folder);
    const arm = computes?.configurations.find(({ architecture }) => architecture === 'arm64');
    const x86 = computes?.configurations.find(({ architecture }) => architecture === 'x86_64');
    if (computes === undefined || arm === undefined || x86 === undefined) throw new Error('no records');
    const account = openAccount(computes, 'iid', seededRandom(2), { spread: 0, armKinds: true });
    const drawn = Array.from({ length: 40 }, (_, environment) => [
      account.call(arm, 'warm', environment),
      account.call(arm, 'warm', environment),
    ]);
    expect(drawn.every(([one, other]) => one === other)).toBe(true);
    // 200 ms on average: 35 % of the hosts are slower by 22 %.
    expect([...new Set(drawn.map(([ms = 0]) => ms.toFixed(1)))].sort()).toEqual(['185.7', '226.6']);
    expect(account.call(x86, 'warm', 0)).toBe(200);
  });

  it('prints what the rule costs beside the one before it, and by how much their regrets differ', () => {
    const found = replay(folder, 3, 5, () => {}, { spread: 0.03, armKinds: true }, ['tune', 'first']);
    const printed = asTable(found);
    expect(printed).toContain(
      'Records drawn one by one, hosts 3 %, of two kinds on arm64, 3 runs per function, seed 5:',
    );
    expect(printed).toMatch(/- made: \d+ % of its dollars, regret [+−]\d+\.\d\d ± \d+\.\d\d points/);
    expect(asTable(replay(folder, 3, 5, () => {}, noHosts, ['tune']))).not.toContain('beside the first rule');
  });

  it('replays one drawing alone where that is asked for', () => {
    const found = replay(folder, 2, 5, () => {}, noHosts, ['tune'], ['windows']);
    expect(found.sets).toEqual({});
    expect(Object.keys(found.windows)).toEqual(['made', 'other']);
    expect(asTable(found)).not.toContain('drawn one by one');
  });

  it('says so when a folder holds nothing to replay', () => {
    const empty = mkdtempSync(join(tmpdir(), 'tune-replay-'));
    expect(() => replay(empty, 1, 1, () => {})).toThrow('holds no recorded function with two sizes or more');
    rmSync(empty, { recursive: true, force: true });
  });
});
