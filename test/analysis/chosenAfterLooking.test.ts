import { describe, expect, it } from 'vitest';
import { type SimulatedRun, simulate } from '../../bench/simulation.ts';
import { differenceOf, surenessAmong } from '../../src/analysis/difference.ts';
import { studentTQuantile } from '../../src/stats/quantiles.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { runSpread } from '../../src/stats/spread.ts';
import { meanEstimate } from '../../src/stats/statistics.ts';

const twelveAlike: SimulatedRun = {
  shape: 'normal 0.1',
  count: 20,
  environments: 2,
  spread: 0.02,
  means: Array.from({ length: 12 }, () => 1),
};

/** In how many of the runs the least of twelve that are equal has another one called worse. */
function calledWorse(runs: number, confidence: number): number {
  const random = seededRandom(3);
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const samples = simulate(twelveAlike, random);
    const spread = runSpread(samples);
    const means = samples.map((sample) => meanEstimate(sample, spread)?.mean ?? Number.NaN);
    const best = samples[means.indexOf(Math.min(...means))] ?? [];
    const isWorse = samples.some(
      (sample) => differenceOf(sample, best, spread, { tolerance: 0.03, confidence }).kind === 'more',
    );
    if (isWorse) found += 1;
  }
  return found / runs;
}

describe('what is said of the best of twelve, which was picked by the same data', () => {
  it('is of the sureness that the number of them asks for', () => {
    // Dunnett's two-sided 5 % points with many degrees of freedom.
    const points = [1, 2, 3, 6, 11, 13].map((among) => studentTQuantile((1 + surenessAmong(among)) / 2, 1e6));
    for (const [index, point] of [1.96, 1.96, 2.21, 2.51, 2.72, 2.77].entries()) {
      expect(Math.abs((points[index] ?? 0) - point)).toBeLessThan(0.02);
    }
  });

  it('calls one of equal ones worse in at most 7 % of the runs', () => {
    expect(calledWorse(150, surenessAmong(12))).toBeLessThanOrEqual(0.07);
    expect(calledWorse(30, 0.95)).toBeGreaterThan(0.2);
  });
});
