import { describe, expect, it } from 'vitest';
import { checkShares } from '../../bench/statistics/check.ts';
import { chosenAmongEqual } from '../../bench/statistics/chosen.ts';
import { kindsMet, migrationCoverage, rowCoverage, twoKinds } from '../../bench/statistics/hosts.ts';
import { payloadBounds, payloadMixes } from '../../bench/statistics/payloads.ts';
import { limitStandings, percentileCoverage } from '../../bench/statistics/percentiles.ts';
import { widthBesideOracle } from '../../bench/statistics/width.ts';

/** Seeded, so the figures are the same every time; `npm run bench:statistics` prints them for more cells and runs. */
describe('hosts of two kinds, 22 % apart, 35 % of them the slower ones', () => {
  it('are in the intervals of rows and of the ratio of a migration', () => {
    for (const [environments, calls, configurations] of [
      [1, 10, 6],
      [2, 10, 6],
      [8, 40, 2],
    ] as const) {
      const { coverage } = rowCoverage('arm64', twoKinds, { environments, calls, configurations }, 100);
      expect(coverage, `${environments}`).toBeGreaterThanOrEqual(0.93);
    }
    expect(migrationCoverage(twoKinds, 8, 300).coverage).toBeGreaterThanOrEqual(0.93);
  });

  it('are met where calls scatter little, and not where hosts are of one kind', () => {
    const sweep = { environments: 4, calls: 40, configurations: 6 };
    expect(kindsMet({ spread: 0.08 }, sweep, 40)).toBeLessThanOrEqual(0.05);
    expect(kindsMet(twoKinds, { ...sweep, calls: 160 }, 20)).toBeGreaterThan(0.8);
    // Of sixteen environments one may lie between the kinds; in 13 of 100 runs they were told while none might.
    const many = { environments: 16, calls: 64, configurations: 2 };
    expect(kindsMet(twoKinds, many, 40)).toBeGreaterThan(0.5);
    expect(kindsMet({ spread: 0.08 }, many, 40)).toBeLessThanOrEqual(0.05);
  });

  it('let an unchanged function pass, and are not taken for a regression', () => {
    const unchanged = checkShares('arm64', twoKinds, 0.03, 0, 60);
    expect(unchanged.passed).toBeGreaterThanOrEqual(0.8);
    expect(unchanged.regressed).toBeLessThanOrEqual(0.02);
    expect(checkShares('arm64', twoKinds, 0.03, 0.1, 30).regressed).toBeGreaterThan(0.8);
  });

  it('cost nothing where hosts are of one kind: rows hold the truth, unchanged functions pass', () => {
    const oneKind = { spread: 0.02 };
    const { coverage } = rowCoverage('arm64', oneKind, { environments: 4, calls: 20, configurations: 6 }, 60);
    expect(coverage).toBeGreaterThanOrEqual(0.93);
    const unchanged = checkShares('arm64', oneKind, 0.03, 0, 30);
    expect(unchanged.passed).toBeGreaterThanOrEqual(0.9);
    expect(unchanged.regressed).toBeLessThanOrEqual(0.02);
  });

  it('accuse nobody where calls scatter so much that the kinds cannot be told', () => {
    // 4 % before what may be unseen was counted.
    expect(checkShares('arm64', twoKinds, 0.1, 0, 200).regressed).toBeLessThanOrEqual(0.025);
  });
});

describe('percentiles, environments as clusters', () => {
  const run = { architecture: 'x86_64', shape: 'lognormal 0.2', configurations: 6, calls: 100 } as const;

  it('are held by their intervals in 92 % at spreads between hosts of 0 to 8 %', () => {
    for (const spread of [0, 0.03, 0.08]) {
      for (const p of [0.5, 0.95]) {
        const { coverage } = percentileCoverage({ ...run, hosts: { spread }, environments: 4 }, p, 40);
        expect(coverage, `p${p} ${spread}`).toBeGreaterThanOrEqual(0.92);
      }
    }
  });

  it('keep a limit falsely in at most 5 %, and never with fewer than four environments', () => {
    for (const spread of [0, 0.03, 0.08]) {
      const { kept } = limitStandings({ ...run, hosts: { spread }, environments: 4 }, 0.001, 60);
      expect(kept, `${spread}`).toBeLessThanOrEqual(0.05);
    }
    expect(limitStandings({ ...run, hosts: { spread: 0 }, environments: 3 }, -0.5, 10).kept).toBe(0);
    expect(limitStandings({ ...run, hosts: { spread: 0 }, environments: 4 }, -0.5, 10).kept).toBe(1);
  });
});

describe('p95 of weighted payloads', () => {
  it('lies within its bounds, which are as wide as the payload that it lies in needs', () => {
    const [mix] = payloadMixes;
    if (mix === undefined) throw new Error('there is none');
    const { below, above, width } = payloadBounds(mix, 100, 0.03, 400);
    // 5 % each are promised, in steps of whole calls; as one payload the interval would reach from 100 to 400 ms.
    expect(Math.max(below, above)).toBeLessThanOrEqual(0.1);
    expect(width).toBeLessThan(0.06);
  });
});

describe('what is chosen among twelve that are equal', () => {
  it('calls hardly any of them worse, promises no saving, and prints a saving that is nearer to the truth', () => {
    const { calledWorse, currentDearer, saving } = chosenAmongEqual(100);
    expect(calledWorse).toBeLessThanOrEqual(0.07);
    expect(currentDearer).toBeLessThanOrEqual(0.01);
    expect(saving.measured).toBeGreaterThan(saving.truth);
    expect(Math.abs(saving.printed - saving.truth)).toBeLessThan(Math.abs(saving.measured - saving.truth));
  });
});

describe('ten values that scatter by 60 %', () => {
  it('have an interval at most 1.4 times as wide as with a known spread, and it holds', () => {
    for (const spread of [0, 0.03]) {
      const { coverage, width } = widthBesideOracle(spread, 100);
      expect(width).toBeLessThanOrEqual(1.4);
      expect(coverage).toBeGreaterThanOrEqual(0.93);
    }
  });
});
