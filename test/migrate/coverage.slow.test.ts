import { describe, expect, it } from 'vitest';
import { coverageOfRatios } from '../../bench/migrationCoverage.ts';
import { seededRandom } from '../../src/stats/random.ts';

/** Seeded: the figures are the same every time; the bench prints more of them. */
describe('coverage by simulation at nominal 95 %', () => {
  const cells = (['normal 0.1', 'lognormal 0.5', 'lognormal 1.5', 'bimodal', 'outliers 3 %'] as const).flatMap(
    (shape) => [0, 0.03].map((spread) => ({ shape, spread })),
  );

  it.each(cells)('holds for $shape with a spread of $spread between four environments a side', ({ shape, spread }) => {
    const { cost, p95, p95Unbounded } = coverageOfRatios({ shape, spread, runs: 500 }, seededRandom(7));
    expect(cost, 'mean cost').toBeGreaterThanOrEqual(0.93);
    expect(p95, 'p95').toBeGreaterThanOrEqual(0.93);
    expect(p95Unbounded).toBe(0);
  });
});
