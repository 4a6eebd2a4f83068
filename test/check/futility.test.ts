import { describe, expect, it } from 'vitest';
import { sideOf } from '../../src/check/figures.ts';
import { isHopeless } from '../../src/check/futility.ts';
import { plannedLooks } from '../../src/check/levels.ts';
import { judgedLines } from '../../src/check/metrics.ts';
import { checkDefaults, firstLook, type GateOptions } from '../../src/check/options.ts';
import { side } from './simulated.ts';

/** Two runs of which each may be off by 5 % whatever is measured: further samples hardly narrow that. */
const options: GateOptions = { ...checkDefaults, memoryMb: 512, fixedBaseline: { runCv: 0.05, runDf: 1000, runs: 1 } };
const looks = plannedLooks(firstLook, options.maxSamples);

const costs = Array.from({ length: 24 }, (_, index) => 1e-6 * (1 + 0.02 * Math.sin(2.4 * index)));
const before = sideOf(side(costs, 6));
const dearer = side(
  costs.map((cost) => 1.05 * cost),
  6,
);
const lines = judgedLines(before, sideOf(dearer), options);

describe('giving up', () => {
  it('waits for the fourth look: a handful of calls does not tell how much further ones scatter', () => {
    expect([0, 1, 2, 3, 4].map((look) => isHopeless(lines, looks, look))).toEqual([false, false, false, true, true]);
  });

  it('does not count on what hours differ by, nor on the file, to become better known', () => {
    const dearerBy = (ratio: number) => sideOf(side(costs.map((cost) => ratio * cost), 6)); // biome-ignore format: one thought
    // The interval will be wider than the limit whatever is called; an estimate far enough off would still be decided.
    const given = [1.03, 1.4].map((ratio) => isHopeless(judgedLines(before, dearerBy(ratio), options), looks, 3));
    expect(given).toEqual([true, false]);
  });

  it('is never the word of the last look', () => {
    expect(isHopeless(lines, looks, looks.length - 1)).toBe(false);
  });

  it('does not happen where the interval narrows enough to clear the limit', () => {
    const sideBySide = judgedLines(before, before, { ...checkDefaults, memoryMb: 512 });
    expect(isHopeless(sideBySide, looks, 3)).toBe(false);
  });
});
