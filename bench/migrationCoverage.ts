import { percentileRatio } from '../src/migrate/percentileRatio.ts';
import type { Random } from '../src/stats/random.ts';
import { type Sample, sampleOf } from '../src/stats/samples.ts';
import { runSpread } from '../src/stats/spread.ts';
import { ratioEstimate } from '../src/stats/statistics.ts';
import { normalDraw } from '../test/normalDraw.ts';
import { type Shape, shapes } from './simulation.ts';

const trueRatio = 1.1;
const calls = 100;
const environments = 4;

/** Shares of simulated comparisons whose interval holds the truth; `p95Unbounded`: those without one. */
export interface RatioCoverage {
  readonly cost: number;
  readonly p95: number;
  readonly p95Unbounded: number;
}

/** Two sides, one 10 % above the other, each environment with a factor of its own (`spread`: its relative deviation). */
export function coverageOfRatios(
  { shape, spread, runs }: { readonly shape: Shape; readonly spread: number; readonly runs: number },
  random: Random,
): RatioCoverage {
  let cost = 0;
  let p95 = 0;
  let p95Unbounded = 0;
  for (let run = 0; run < runs; run++) {
    const x86 = simulatedSide(100, shape, spread, random);
    const arm = simulatedSide(100 * trueRatio, shape, spread, random);
    const spreads = runSpread([x86, arm]);
    const ratio = ratioEstimate(arm, x86, spreads);
    if (ratio && ratio.low <= trueRatio && trueRatio <= ratio.high) cost += 1;
    const percentile = percentileRatio({ sample: arm, spread: spreads }, { sample: x86, spread: spreads }, 0.95);
    if (percentile === null || percentile.low === null || percentile.high === null) p95Unbounded += 1;
    else if (percentile.low <= trueRatio && trueRatio <= percentile.high) p95 += 1;
  }
  return { cost: cost / runs, p95: p95 / runs, p95Unbounded: p95Unbounded / runs };
}

function simulatedSide(centre: number, shape: Shape, spread: number, random: Random): Sample {
  const sigma = Math.sqrt(Math.log(1 + spread * spread));
  const factors = Array.from({ length: environments }, () =>
    Math.exp(sigma * normalDraw(random) - (sigma * sigma) / 2),
  );
  return sampleOf(
    Array.from({ length: calls }, (_, index) => ({
      value: centre * (factors[index % environments] ?? 1) * Math.max(0.01, shapes[shape](random)),
      environment: `e${index % environments}`,
    })),
  );
}
