import { analyze } from '../../src/analysis/analyze.ts';
import { type Compared, compare } from '../../src/analysis/compared.ts';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { successesOf } from '../../src/analysis/rows.ts';
import { type Architecture, type Configuration, keyOf } from '../../src/model/configuration.ts';
import type { CostModel } from '../../src/model/costModel.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import type { TuningResult } from '../../src/model/run.ts';
import type { Variant } from '../../src/model/variant.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';
import { run } from '../reporters/buildRun.ts';

/** A function whose true durations are known, and how it is measured. */
export interface Truth {
  readonly meanMs: (configuration: Configuration, payload: string) => number;
  readonly memoryMb?: readonly number[];
  readonly architectures?: readonly Architecture[];
  /** The function as it is among them. */
  readonly variants?: readonly Variant[];
  readonly payloads?: readonly { readonly name: string; readonly weight: number }[];
  /** Calls of each configuration, dealt in turn to its environments and payloads. */
  readonly calls?: number;
  readonly environments?: number;
  /** Relative standard deviations within an environment and between them. */
  readonly withinCv?: number;
  readonly betweenCv?: number;
  /** Calls that take several times as long, as recorded ones now and then do. */
  readonly outliers?: { readonly share: number; readonly times: number };
  /** Cold starts of each configuration, each in an environment of its own. */
  readonly coldStarts?: {
    readonly count: number;
    readonly cv: number;
    readonly initMs: (one: Configuration) => number;
  };
  readonly current: Configuration;
  readonly tolerance?: number;
}

const costModel: CostModel = {
  region: 'us-east-1',
  gbSecondUsd: { x86_64: 0.0000166667, arm64: 0.0000133334 },
  requestUsd: { x86_64: 2e-7, arm64: 2e-7 },
  source: 'table',
  asOf: '2026-11-23',
  confidence: 'published',
};

export function trueMs(truth: Truth, configuration: Configuration): number {
  const payloads = payloadsOf(truth);
  const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
  return payloads.reduce((sum, { name, weight }) => sum + (weight / total) * truth.meanMs(configuration, name), 0);
}

export function trueUsd(truth: Truth, configuration: Configuration): number {
  return (
    (configuration.memoryMb / 1024) *
      (trueMs(truth, configuration) / 1000) *
      costModel.gbSecondUsd[configuration.architecture] +
    2e-7
  );
}

/** All sizes and architectures that are measured of it. */
export function configurationsOf({
  memoryMb = [128, 256, 512, 1024, 1769, 3008],
  architectures = ['x86_64'],
  variants = [],
}: Truth): readonly Configuration[] {
  return architectures.flatMap((architecture) =>
    memoryMb.flatMap((size): readonly Configuration[] =>
      variants.length === 0
        ? [{ memoryMb: size, architecture }]
        : variants.map((variant) => ({ memoryMb: size, architecture, variant })),
    ),
  );
}

function lanesOf(truth: Truth, seed: number) {
  const random = seededRandom(seed);
  return configurationsOf(truth).map((configuration) => ({
    configuration,
    measurements: measurementsOf(truth, configuration, random),
  }));
}

/** What the answer is made from, of the same calls as `simulatedRun`. */
export function simulatedComparison(truth: Truth, seed: number): Compared {
  return compare(
    lanesOf(truth, seed).map((lane) => ({
      configuration: lane.configuration,
      calls: successesOf(lane),
      status: 'measured',
      latency: undefined,
    })),
    { payloads: payloadsOf(truth), tolerance: truth.tolerance ?? 0.03, priors: awsHosts },
  );
}

/** One run of it, as it would be saved. */
export function simulatedRun(truth: Truth, seed: number, given: Partial<TuningResult> = {}): TuningResult {
  const { tolerance = 0.03 } = truth;
  const lanes = lanesOf(truth, seed);
  const payloads = payloadsOf(truth);
  const analysis = analyze({
    lanes,
    projected: [],
    current: truth.current,
    payloads,
    maxErrorShare: 0.1,
    tolerance,
    costModel,
    ephemeralStorageMb: 512,
    ...(given.emulation === undefined ? {} : { emulation: given.emulation }),
  });
  const base = run({ configurations: [...analysis.configurations] });
  return run({
    ...given,

    configurations: base.configurations,
    target: { ...base.target, ...truth.current, ...given.target },
    options: {
      ...base.options,
      tolerance,
      variants: truth.variants && [...truth.variants],
      payloads: payloads.map((one) => ({ ...one, sha256: 'a'.repeat(64), bytes: 2 })),
      ...given.options,
    },
    cheapest: analysis.cheapest,
    fastest: analysis.fastest,
    balanced: analysis.balanced,
  });
}

function payloadsOf({ payloads = [{ name: 'payload', weight: 1 }] }: Truth) {
  return payloads;
}

function measurementsOf(truth: Truth, configuration: Configuration, random: Random): Measurement[] {
  const { calls = 10, environments = 2, withinCv = 0.05, betweenCv = 0.01, outliers } = truth;
  const payloads = payloadsOf(truth);
  const factors = Array.from({ length: environments }, () => Math.exp(betweenCv * normalDraw(random)));
  const warm = Array.from({ length: calls }, (_, index): Measurement => {
    const environment = index % environments;
    const payload = payloads[Math.floor(index / environments) % payloads.length];
    const level = truth.meanMs(configuration, payload?.name ?? 'payload') * (factors[environment] ?? 1);
    const times = outliers !== undefined && random() < outliers.share ? outliers.times : 1;
    const durationMs = times * level * Math.exp(withinCv * normalDraw(random) - withinCv ** 2 / 2);
    const billedDurationMs = Math.ceil(durationMs);
    return {
      requestId: `${keyOf(configuration)}-${index}`,
      startedAt: new Date(Date.UTC(2026, 10, 1) + 1000 * index).toISOString(),
      environment: `${keyOf(configuration)}-e${environment}`,
      ...(payloads.length > 1 && payload ? { payload: payload.name } : {}),
      start: 'warm',
      outcome: 'succeeded',
      durationMs,
      billedDurationMs,
      maxMemoryUsedMb: 60,
      costUsd:
        (configuration.memoryMb / 1024) *
          (billedDurationMs / 1000) *
          costModel.gbSecondUsd[configuration.architecture] +
        2e-7,
    };
  });
  return [...warm, ...coldStartsOf(truth, configuration, random)];
}

function coldStartsOf(truth: Truth, configuration: Configuration, random: Random): readonly Measurement[] {
  const { coldStarts: { count, cv, initMs } = { count: 0, cv: 0, initMs: () => 0 }, betweenCv = 0.01 } = truth;
  return Array.from({ length: count }, (_, index): Measurement => {
    const host = Math.exp(betweenCv * normalDraw(random));
    const initDurationMs = initMs(configuration) * host * Math.exp(cv * normalDraw(random));
    const durationMs = truth.meanMs(configuration, 'payload') * host;
    const billedDurationMs = Math.ceil(initDurationMs + durationMs);
    return {
      requestId: `${keyOf(configuration)}-cold-${index}`,
      startedAt: new Date(Date.UTC(2026, 10, 2) + 1000 * index).toISOString(),
      environment: `${keyOf(configuration)}-c${index}`,
      start: 'cold',
      outcome: 'succeeded',
      initDurationMs,
      durationMs,
      billedDurationMs,
      maxMemoryUsedMb: 60,
      costUsd:
        (configuration.memoryMb / 1024) *
          (billedDurationMs / 1000) *
          costModel.gbSecondUsd[configuration.architecture] +
        2e-7,
    };
  });
}
