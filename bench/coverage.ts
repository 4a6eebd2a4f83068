import type { Random } from '../src/stats/random.ts';
import type { Sample } from '../src/stats/samples.ts';
import { runSpread } from '../src/stats/spread.ts';
import { meanEstimate, ratioEstimate } from '../src/stats/statistics.ts';
import { type SimulatedRun, simulate } from './simulation.ts';

/** Shares of simulated runs. */
export interface CoverageRow {
  /** The true mean lies inside its interval. */
  readonly coverage: number;
  /** Two equal configurations: the interval of their ratio leaves 1 out. */
  readonly toldApart: number;
  /** A configuration 30 % above another: the interval of their ratio lies above 1. */
  readonly power: number;
}

const means = [1, 1, 1.1, 1.3] as const;

export function coverageOf(run: Omit<SimulatedRun, 'means'>, runs: number, random: Random): CoverageRow {
  let inside = 0;
  let toldApart = 0;
  let found = 0;
  for (let index = 0; index < runs; index++) {
    const samples = simulate({ ...run, means }, random);
    const spread = runSpread(samples);
    for (const [place, trueMean] of means.entries()) {
      const estimate = meanEstimate(samples[place] ?? [], spread);
      if (estimate && estimate.low <= trueMean && trueMean <= estimate.high) inside += 1;
    }
    const [first, twin, , dearer] = samples as [Sample, Sample, Sample, Sample];
    const equal = ratioEstimate(first, twin, spread);
    if (equal && (equal.low > 1 || equal.high < 1)) toldApart += 1;
    const more = ratioEstimate(dearer, first, spread);
    if (more && more.low > 1) found += 1;
  }
  return { coverage: inside / runs / means.length, toldApart: toldApart / runs, power: found / runs };
}
