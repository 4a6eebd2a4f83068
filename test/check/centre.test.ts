import { describe, expect, it } from 'vitest';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { centreOf } from '../../src/check/centre.ts';
import { figuresOf, sideOf } from '../../src/check/figures.ts';
import { hostsOf } from '../../src/check/hosts.ts';
import { boundsOf, ratioOf } from '../../src/check/ratio.ts';
import { side, succeeded } from './simulated.ts';

const noStrata = { payloads: [] };

function centre(costs: readonly number[], environments: number, trim = 0.2) {
  const figures = figuresOf(sideOf(side(costs, environments)), (call) => call.costUsd, noStrata);
  const found = figures && centreOf(figures, trim);
  if (found === undefined) throw new Error('no centre');
  return found;
}

describe('trimmed mean of one side', () => {
  const costs = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 90];

  it("has Yuen's variance", () => {
    const found = centre(costs, 4);
    // 2, 3, 3, 4, 5, 5, 5, 6 are kept; the two on each side become 2 and 6.
    expect(found.centre).toBeCloseTo(33 / 8, 12);
    const squaredDeviations = 229 - 49 ** 2 / 12;
    expect(found.variance).toBeCloseTo(squaredDeviations / (8 * 7) / 4.125 ** 2, 12);
    expect(found.df).toBeCloseTo(7, 9);
  });

  it('counts environments: four that served alike add a fourth of their variance, less what is counted already', () => {
    expect(centre(costs, 4).clustering).toBeCloseTo(1 / 4 - 1 / 12, 12);
    expect(centre(costs, 12).clustering).toBeCloseTo(0, 12);
  });

  it('of weighted payloads is the weighted mean of theirs', () => {
    const calls = [1, 1, 1, 3, 3].map((cost, index) =>
      succeeded(cost, `e${index % 2}`, { payload: cost === 1 ? 'small' : 'large' }),
    );
    const payloads = [
      { name: 'small', weight: 1 },
      { name: 'large', weight: 3 },
    ];
    const figures = figuresOf(sideOf(calls), (call) => call.costUsd, { payloads });
    expect(figures && centreOf(figures, 0.2)?.centre).toBeCloseTo(2.5, 12);
  });

  it('with a cold share blends cold calls in', () => {
    const calls = [...side([1, 1, 1, 1], 2), ...side([11, 11], 2).map((call) => ({ ...call, start: 'cold' as const }))];
    const figures = figuresOf(sideOf(calls), (call) => call.costUsd, { payloads: [], coldShare: 0.1 });
    expect(figures && centreOf(figures, 0.2)?.centre).toBeCloseTo(2, 12);
  });

  it('is not known of a payload with a single call', () => {
    const calls = [
      succeeded(1, 'e0', { payload: 'a' }),
      succeeded(1, 'e0', { payload: 'a' }),
      succeeded(1, 'e0', { payload: 'b' }),
    ];
    const payloads = [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 1 },
    ];
    expect(figuresOf(sideOf(calls), (call) => call.costUsd, { payloads })).toBeUndefined();
  });
});

describe('spread between environments', () => {
  it('is believed to be 3 % on x86_64 where each environment served once', () => {
    expect(hostsOf([centre([1, 2, 3], 3, 0)], awsHosts.x86_64)).toEqual({
      variance: 0.03 ** 2,
      df: 3,
      within: 0,
      unseen: 0,
    });
  });

  it('falls below the belief where environments agree', () => {
    const alike = [1, 1, 1, 1, 1.1, 1.1, 1.1, 1.1, 0.9, 0.9, 0.9, 0.9];
    expect(hostsOf([centre(alike, 4, 0), centre(alike, 4, 0)], awsHosts.x86_64).variance).toBeLessThan(0.03 ** 2);
  });

  it('is found where they differ: 0.9 and 1.1 in turn', () => {
    const apart = [0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 1.1];
    const found = hostsOf([centre(apart, 4, 0), centre(apart, 4, 0)], awsHosts.x86_64);
    expect(Math.sqrt(found.variance)).toBeGreaterThan(0.08);
    expect(found.df).toBe(9);
  });
});

describe('ratio of two sides', () => {
  it('of identical constant costs is 1 within the rounding floor', () => {
    const one = centre(
      Array.from({ length: 12 }, () => 2),
      12,
    );
    const bounds = boundsOf(ratioOf(one, one, 1.05, awsHosts.x86_64), 0.975);
    expect(bounds.low).toBeCloseTo(0.9902, 3);
    expect(bounds.high).toBeCloseTo(1.0099, 3);
  });

  it('has no upper bound where the baseline may be 0', () => {
    const unknown = centre([0.01, 100, 0.01, 100, 0.01, 100], 6, 0);
    expect(boundsOf(ratioOf(unknown, unknown, 1.05, awsHosts.x86_64), 0.999).high).toBe(Number.POSITIVE_INFINITY);
  });

  it('is wider by the noise of runs where the baseline comes from a file', () => {
    const one = centre(
      Array.from({ length: 12 }, () => 2),
      12,
    );
    const apart = boundsOf(ratioOf(one, one, 1.05, awsHosts.x86_64, { variance: 2 * 0.02 ** 2, df: 1000 }), 0.975);
    expect(apart.low).toBeLessThan(0.95);
    expect(apart.high).toBeGreaterThan(1.05);
  });
});
