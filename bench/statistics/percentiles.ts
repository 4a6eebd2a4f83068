import { awsHosts } from '../../src/analysis/hosts.ts';
import { type LatencyStanding, latencyStandingOf } from '../../src/analysis/latencyStanding.ts';
import type { Succeeded } from '../../src/analysis/summarize.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import { percentileEstimate } from '../../src/stats/percentiles.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { type Sample, valuesOf } from '../../src/stats/samples.ts';
import { runSpread } from '../../src/stats/spread.ts';
import { hostFactor, type Shape, shapes, simulate } from '../simulation.ts';
import type { Hosts } from './hosts.ts';

export interface PercentileRun {
  readonly architecture: Architecture;
  readonly hosts: Hosts;
  readonly shape: Shape;
  readonly configurations: number;
  readonly environments: number;
  readonly calls: number;
}

/** Of six configurations a run, as a sweep has them; the truth is that of all calls on all hosts. */
export function percentileCoverage(run: PercentileRun, p: number, runs: number): { coverage: number; width: number } {
  const random = seededRandom(6);
  const truth = truePercentile(run, p);
  let [inside, bounded, width] = [0, 0, 0];
  for (let index = 0; index < runs; index++) {
    for (const { sample, spread } of scattered(run, random)) {
      const { low, high } = percentileEstimate(sample, p, spread) ?? { low: null, high: null };
      if (low === null || high === null) continue;
      bounded += 1;
      width += high / low - 1;
      if (low <= truth && truth <= high) inside += 1;
    }
  }
  return { coverage: inside / bounded, width: width / bounded };
}

/** How often a limit that truly lies `beyond` (0.01: 1 %) below p95 is called kept, one that lies above it broken. */
export function limitStandings(
  run: PercentileRun,
  beyond: number,
  runs: number,
): Readonly<Record<LatencyStanding, number>> {
  const random = seededRandom(8);
  const maxP95Ms = truePercentile(run, 0.95) / (1 + beyond);
  const found = { kept: 0, broken: 0, undecided: 0 };
  let all = 0;
  for (let index = 0; index < runs; index++) {
    for (const { sample, spread } of scattered(run, random)) {
      const measurements = callsOf(sample);
      const configuration = { memoryMb: 512, architecture: run.architecture };
      found[latencyStandingOf({ configuration, measurements }, { maxP95Ms }, () => spread)] += 1;
      all += 1;
    }
  }
  return { kept: found.kept / all, broken: found.broken / all, undecided: found.undecided / all };
}

function scattered({ architecture, hosts, shape, configurations, environments, calls }: PercentileRun, random: Random) {
  const means = Array.from({ length: configurations }, () => 1);
  const samples = simulate({ shape, count: calls, environments, ...hosts, means }, random);
  const spread = runSpread(samples, awsHosts[architecture]);
  return samples.map((sample) => ({ sample, spread }));
}

function truePercentile({ hosts, shape }: PercentileRun, p: number): number {
  const random = seededRandom(1);
  const factor = hostFactor(hosts);
  const values = Float64Array.from({ length: 200_000 }, () => factor(random) * shapes[shape](random)).sort();
  return values[Math.floor(p * values.length)] ?? Number.NaN;
}

function callsOf(sample: Sample): readonly Succeeded[] {
  const [stratum] = sample;
  if (stratum === undefined || valuesOf(stratum).length === 0) return [];
  return stratum.clusters.flatMap(({ environment, values }) =>
    values.map((durationMs, index) => ({
      requestId: `${environment}-${index}`,
      startedAt: '2026-11-23T00:00:00Z',
      environment,
      start: 'warm' as const,
      outcome: 'succeeded' as const,
      durationMs,
      billedDurationMs: Math.ceil(durationMs),
      maxMemoryUsedMb: 60,
      costUsd: 1e-6,
    })),
  );
}
