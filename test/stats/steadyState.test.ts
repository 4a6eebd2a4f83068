import { describe, expect, it } from 'vitest';
import { steadyShares } from '../../bench/statistics/steady.ts';
import { fallsAtFirst, steadyPartOf } from '../../src/stats/steadyState.ts';

/** Compiled while it is used: 40, then 20 for a while, then about 10. */
const compiled = [40, 31, 26, 22, 19, 16, 14, 10, 10.2, 9.9, 10.1, 10, 9.8, 10.2, 10.1, 9.9, 10, 10.2, 9.8, 10.1];

describe('the first values of environments', () => {
  it('fall where all environments begin slow, whatever their hosts', () => {
    expect(fallsAtFirst([compiled, compiled.map((value) => 1.3 * value)])).toBe(true);
    expect(fallsAtFirst([compiled.toReversed()])).toBe(false);
  });

  it('do not fall where a few are too few to tell, unless it is expected', () => {
    const few = [13, 12, 10.5, 11, 10];
    expect(fallsAtFirst([few])).toBe(false);
    expect(fallsAtFirst([few], true)).toBe(true);
  });

  it('of equal values, of none, and of one call each have no trend', () => {
    expect(fallsAtFirst([[5, 5, 5, 5, 5, 5, 5, 5]])).toBe(false);
    expect(fallsAtFirst([])).toBe(false);
    expect(fallsAtFirst([[9], [8], [7], [6], [5]])).toBe(false);
  });

  it.each([
    ['hosts that differ by 8 %, calls by 60 %', { withinCv: 0.6, hostCv: 0.08 }],
    ['two kinds of hosts and neighbours alike', { withinCv: 0.15, hostCv: 0.01, twoKinds: true, lag1: 0.7 }],
  ])('are taken to fall in at most 2 %% of runs without a trend: %s', (_name, kind) => {
    for (const layout of [
      { configurations: 12, environments: 2, calls: 10 },
      { configurations: 2, environments: 2, calls: 50 },
    ]) {
      expect(steadyShares({ ...layout, ...kind }, 200).falls).toBeLessThanOrEqual(0.02);
    }
  });

  it('are seen to fall in every run where the first call takes three times as long', () => {
    const run = { configurations: 6, environments: 2, calls: 25, withinCv: 0.1, hostCv: 0.03, fall: 2, fallsIn: 5 };
    expect(steadyShares(run, 50).falls).toBe(1);
  });
});

describe('the steady part', () => {
  it('begins behind the values that still fall', () => {
    expect(steadyPartOf([compiled])).toEqual({ after: 7, isReached: true });
  });

  it('is not reached where values fall to the end: then the later half is nearest to it', () => {
    const falling = Array.from({ length: 20 }, (_, index) => 40 - index);
    expect(steadyPartOf([falling])).toEqual({ after: 10, isReached: false });
  });

  it('is not reached by a few values', () => {
    expect(steadyPartOf([[30, 20, 10, 10, 10, 10]]).isReached).toBe(false);
  });

  it('is reached all the same where a single pause follows', () => {
    const paused = compiled.map((value, index) => (index === 12 ? 22 : value));
    expect(steadyPartOf([paused]).isReached).toBe(true);
  });
});
