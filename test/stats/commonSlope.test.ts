import { describe, expect, it } from 'vitest';
import { commonSlope as fitted, type MeasuredPair } from '../../src/stats/commonSlope.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

const commonSlope = (groups: readonly (readonly MeasuredPair[])[]) => fitted(groups).slope;

/** Groups with levels of their own, in which y follows x by `slope`, but for the noise. */
function groupsOf(slope: number, noise: number, seed: number, count = 20): readonly (readonly MeasuredPair[])[] {
  const random = seededRandom(seed);
  return [0, 5, -3].map((level) =>
    Array.from({ length: count }, () => {
      const x = 0.2 * normalDraw(random);
      return { x, y: level + slope * x + noise * normalDraw(random) };
    }),
  );
}

describe('the common slope', () => {
  it('is found exactly where y follows x exactly, whatever the levels of the groups', () => {
    const exact = [
      [0.1, 0.2, 0.3, 0.4].map((x) => ({ x, y: 10 + 0.5 * x })),
      [0.1, 0.2, 0.3, 0.4].map((x) => ({ x, y: -7 + 0.5 * x })),
    ];
    expect(commonSlope(exact)).toBeCloseTo(0.5, 9);
  });

  it('is found nearly in noise', () => {
    const found = [1, 2, 3, 4, 5].map((seed) => commonSlope(groupsOf(0.9, 0.05, seed)));
    for (const slope of found) expect(Math.abs(slope - 0.9)).toBeLessThan(0.15);
  });

  it('is 0 where there is too little to tell', () => {
    expect(commonSlope([])).toBe(0);
    expect(commonSlope([[{ x: 1, y: 1 }]])).toBe(0);
    expect(
      commonSlope([
        [
          { x: 1, y: 1 },
          { x: 2, y: 2 },
        ],
      ]),
    ).toBe(0);
    expect(commonSlope([[1, 2, 3, 4, 5, 6, 7].map((y) => ({ x: 3, y }))])).toBe(0);
  });

  it('comes with its standard error: what is found lies within two of them, and too little to tell has no bound', () => {
    const found = Array.from({ length: 40 }, (_, seed) => fitted(groupsOf(0.9, 0.05, seed + 50)));
    const within = found.filter(({ slope, error }) => Math.abs(slope - 0.9) <= 2 * error);
    expect(within.length).toBeGreaterThanOrEqual(34);
    for (const { error } of found) expect(error).toBeLessThan(0.08);
    expect(fitted([[{ x: 1, y: 1 }]])).toMatchObject({ slope: 0, error: Number.POSITIVE_INFINITY });
    expect(fitted([[1, 2, 3, 4, 5, 6, 7].map((y) => ({ x: 3, y }))]).error).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not flattened by errors of x that are known, and is where they are not', () => {
    const noisy = (isKnown: boolean) =>
      Array.from({ length: 30 }, (_, seed) => {
        const random = seededRandom(seed + 7);
        const groups = groupsOf(1, 0.02, seed + 900).map((group) =>
          group.map(({ x, y }) => ({ x: x + 0.1 * normalDraw(random), y, ...(isKnown ? { error: 0.1 } : {}) })),
        );
        return commonSlope(groups);
      }).reduce((sum, slope) => sum + slope / 30, 0);
    expect(noisy(false)).toBeLessThan(0.85);
    expect(Math.abs(noisy(true) - 1)).toBeLessThan(0.08);
  });

  it('lies within two standard errors of 0 nineteen times in twenty where nothing is explained', () => {
    const found = Array.from({ length: 200 }, (_, seed) => fitted(groupsOf(0, 0.1, seed + 100)));
    expect(found.filter(({ slope, error }) => Math.abs(slope) > 2 * error).length).toBeLessThanOrEqual(16);
    for (const { slope } of found) expect(Math.abs(slope)).toBeLessThan(0.25);
  });

  it('does not take two things that drift by themselves for one that follows the other', () => {
    const walk = (seed: number) => {
      const random = seededRandom(seed);
      let at = 0;
      return Array.from({ length: 60 }, () => {
        at += 0.1 * normalDraw(random);
        return at;
      });
    };
    const found = Array.from({ length: 100 }, (_, run) => {
      const [xs, ys] = [walk(2 * run + 1), walk(2 * run + 2)];
      return fitted([xs.map((x, index) => ({ x, y: ys[index] ?? 0 }))]);
    });
    // Without the allowance for neighbours that are alike it is three quarters of them.
    expect(found.filter(({ slope, error }) => Math.abs(slope) > 2 * error).length).toBeLessThanOrEqual(45);
  });

  it('is not made by one value far out', () => {
    const groups = groupsOf(0, 0.05, 7).map((group, index) =>
      index === 0 ? [...group, { x: 3, y: 9 }, { x: 0, y: 0 }] : group,
    );
    expect(Math.abs(commonSlope(groups))).toBeLessThan(0.35);
  });
});
