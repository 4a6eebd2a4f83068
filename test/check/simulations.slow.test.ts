import { describe, expect, it } from 'vitest';
import { gateCases, scoreGate } from '../../bench/check/simulated.ts';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { bimodal, lognormal, normal, play, shares } from './simulated.ts';

/** Error rates promised: unchanged called regressed in at most 2 %, at the limit 10 %. Bounds leave room for chance. */
const runs = 250;

describe('an unchanged function, by simulation', () => {
  it('passes with sixteen samples a side where calls scatter little', () => {
    const found = shares((seed) => play({ costUsd: normal(0.01) }, { costUsd: normal(0.01) }, seed), runs);
    expect(found).toEqual({ regressed: 0, passed: 1, samples: 16, environments: 5 });
  });

  for (const [name, costUsd] of [
    ['that scatters by 15 %', normal(0.15)],
    ['with a long tail', lognormal(0.5)],
    ['with a very long tail', lognormal(1.5)],
    ['of two speed classes', bimodal(0.3, 1.6)],
    ['of two speed classes far apart', bimodal(0.25, 3)],
    ['of whole milliseconds', (random: () => number) => (random() < 0.25 ? 2e-6 : 1e-6)],
  ] as const) {
    it(`${name} is called regressed in at most 2 %`, () => {
      const found = shares((seed) => play({ costUsd }, { costUsd }, seed), runs);
      expect(found.regressed).toBeLessThanOrEqual(0.024);
    });
  }

  it('that drifts for both sides alike is never called regressed: interleaving cancels it', () => {
    // The scatter that the drift adds within a side stays: a strong drift leaves more runs undecided.
    for (const [perRound, passed] of [
      [0.01, 0.95],
      [0.05, 0.35],
    ] as const) {
      const drift = (random: () => number, round: number) => normal(0.05)(random) * (1 + perRound * round);
      const found = shares((seed) => play({ costUsd: drift }, { costUsd: drift }, seed), runs);
      expect(found.regressed).toBe(0);
      expect(found.passed).toBeGreaterThan(passed);
    }
  });

  it('on hosts that differ by 4 % is called regressed in at most 2 %, and mostly passes thanks to new environments', () => {
    const one = { costUsd: normal(0.05), spread: 0.04 };
    const found = shares((seed) => play(one, one, seed), runs);
    expect(found.regressed).toBeLessThanOrEqual(0.024);
    expect(found.passed).toBeGreaterThan(0.8);
    expect(found.environments).toBeGreaterThan(6);
  });
});

describe('a change, by simulation', () => {
  it('to exactly the limit is called regressed in at most 10 %', () => {
    const found = shares((seed) => play({ costUsd: normal(0.1) }, { costUsd: normal(0.1, 1.05) }, seed), 400);
    // 400 runs find 10 % give or take 3.
    expect(found.regressed).toBeLessThanOrEqual(0.13);
    expect(found.passed).toBeLessThanOrEqual(0.13);
  });

  it('of +10 % is found, and hardly ever passes', () => {
    const found = shares((seed) => play({ costUsd: normal(0.1) }, { costUsd: normal(0.1, 1.1) }, seed), runs);
    expect(found.regressed).toBeGreaterThan(0.87);
    expect(found.passed).toBeLessThanOrEqual(0.012);
    expect(found.samples).toBeLessThan(50);
  });

  it('of +30 % is found at once', () => {
    const found = shares((seed) => play({ costUsd: normal(0.1) }, { costUsd: normal(0.1, 1.3) }, seed), runs);
    expect(found.regressed).toBe(1);
    expect(found.samples).toBeLessThan(14);
  });

  it('of −15 % is never called regressed', () => {
    for (const costUsd of [normal(0.2), lognormal(1), bimodal(0.3, 1.6)]) {
      const cheaper = (random: () => number) => 0.85 * costUsd(random);
      const found = shares((seed) => play({ costUsd }, { costUsd: cheaper }, seed), 100);
      expect(found.regressed).toBe(0);
    }
  });

  it('of a fifth of the calls to four times as slow is found, which no trimmed mean sees', () => {
    const found = shares((seed) => play({ costUsd: normal(0.05) }, { costUsd: bimodal(0.2, 4) }, seed), runs);
    expect(found.regressed).toBeGreaterThan(0.9);
    // Sixteen calls miss all of a fifth in 2.8 % of runs.
    expect(found.passed).toBeLessThanOrEqual(0.05);
  });

  it('of +10 % on hosts that differ by 4 % is found in most runs', () => {
    const [costUsd, dearer] = [normal(0.05), normal(0.05, 1.1)];
    const found = shares((seed) => play({ costUsd, spread: 0.04 }, { costUsd: dearer, spread: 0.04 }, seed), runs);
    expect(found.regressed).toBeGreaterThan(0.8);
    expect(found.passed).toBeLessThanOrEqual(0.02);
  });
});

describe('lines that no check of unchanged code used to decide, by simulation', () => {
  const rowOf = (name: string) => {
    const row = gateCases.find((one) => one.name === name);
    if (row === undefined) throw new Error(`there is no row ${name}`);
    return row;
  };

  it('p95 of weighted payloads passes where calls scatter little, and lets nothing through that is 10 % dearer', () => {
    const row = rowOf('payloads, p95 line');
    // None of 200 passed while the interval reached from payload to payload.
    expect(scoreGate(row, 0.03, 0, 30).passed).toBeGreaterThanOrEqual(0.7);
    expect(scoreGate(row, 0.03, 0.1, 30).passed).toBe(0);
  });

  it('code whose first calls are slower is mostly decided, since environments are opened again once it is steady', () => {
    const row = rowOf('first calls slower');
    // 40 of 100 stayed open while four environments were all that was looked at.
    expect(scoreGate(row, 0.03, 0, 40).inconclusive).toBeLessThanOrEqual(0.3);
    expect(scoreGate(row, 0.03, 0.1, 40).regressed).toBeGreaterThanOrEqual(0.7);
  });
});

describe('several judged lines, by simulation', () => {
  it('do not alarm more often together: unchanged is called regressed in at most 2 % with five of them', () => {
    const options = {
      limits: {
        cost: { max: 0.05 },
        duration: { max: 0.05 },
        p95: { max: 0.1 },
        init: { max: 0.1 },
        errors: { max: 0.05 },
      },
      strict: true,
      maxSamples: 60,
      minEnvironments: 4,
      maxEnvironments: 16,
      payloads: [],
      memoryMb: 512,
      hosts: awsHosts.x86_64,
      hostsMayBeOfTwoKinds: true,
    };
    const one = { costUsd: lognormal(0.3), failShare: 0.05, initMs: normal(0.1, 2e8) };
    const found = shares((seed) => play(one, one, seed, options), 150);
    expect(found.regressed).toBeLessThanOrEqual(0.02);
  });
});
