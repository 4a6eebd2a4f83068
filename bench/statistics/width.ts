import { seededRandom } from '../../src/stats/random.ts';
import { runSpread } from '../../src/stats/spread.ts';
import { meanEstimate } from '../../src/stats/statistics.ts';
import { simulate } from '../simulation.ts';

/**
 * Rows of six configurations with ten lognormal values each (CV 60 %) in two environments: coverage, and how many times as wide
 * the interval is as that of an oracle who knows both parts of the spread (normal, 1.96 standard errors).
 */
export function widthBesideOracle(spread: number, runs: number): { readonly coverage: number; readonly width: number } {
  const random = seededRandom(7);
  const oracle = 2 * 1.96 * Math.sqrt(0.6 ** 2 / 10 + spread ** 2 / 2);
  let [inside, rows, width] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const means = [1, 1, 1, 1, 1, 1];
    const samples = simulate({ shape: 'lognormal 0.6', count: 10, environments: 2, spread, means }, random);
    const known = runSpread(samples);
    for (const sample of samples) {
      const estimate = meanEstimate(sample, known);
      if (estimate === undefined) continue;
      rows += 1;
      width += (estimate.high - estimate.low) / oracle;
      if (estimate.low <= 1 && 1 <= estimate.high) inside += 1;
    }
  }
  return { coverage: inside / rows, width: width / rows };
}
