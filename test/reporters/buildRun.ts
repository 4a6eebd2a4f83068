import { answerOf } from '../../src/advice/answer.ts';
import { comparedRun } from '../../src/advice/comparedRun.ts';
import { balancedOf, cheapestOf, fastestOf } from '../../src/analysis/choices.ts';
import { choicesBeside } from '../../src/analysis/savedRun/besideAnswer.ts';
import type { Architecture, Configuration } from '../../src/model/configuration.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import type { ConfigurationResult, TuningResult, Undecided } from '../../src/model/run.ts';
import type { Distribution, Summary } from '../../src/model/summary.ts';

/** Builds saved runs that look like real ones, the same on every machine: the noise is a table of a fixed generator. */

const gbSecondUsd = { x86_64: 0.0000166667, arm64: 0.0000133334 };

export interface RowSpec extends Configuration {
  readonly meanMs: number;
  /** Relative spread of the durations. */
  readonly spread?: number;
  readonly count?: number;
  readonly initMs?: number;
  readonly usedMb?: number;
  readonly environments?: number;
}

export function measuredRow(spec: RowSpec): ConfigurationResult {
  const { memoryMb, architecture, count = 20, environments = 2, usedMb = 96 } = spec;
  const noise = noiseOf(memoryMb + (architecture === 'arm64' ? 7 : 0));
  const measurement = (index: number, initMs: number | undefined): Measurement => {
    const durationMs = rounded(spec.meanMs * (1 + (spec.spread ?? 0.05) * noise()));
    const billedDurationMs = Math.ceil(durationMs + (initMs ?? 0));
    return {
      requestId: `${String(memoryMb).padStart(8, '0')}-${architecture === 'arm64' ? 'a0a0' : '8686'}-4000-8000-${String(index).padStart(12, '0')}`,
      startedAt: new Date(Date.UTC(2026, 10, 23, 9, 30, 5) + index * 700).toISOString(),
      environment: `2026/11/23/[1]${memoryMb}${architecture === 'arm64' ? 'a' : 'b'}${index % environments}`,
      start: initMs === undefined ? 'warm' : 'cold',
      outcome: 'succeeded',
      durationMs,
      billedDurationMs,
      ...(initMs === undefined ? {} : { initDurationMs: initMs }),
      maxMemoryUsedMb: usedMb,
      costUsd: costUsd(spec, billedDurationMs),
    };
  };
  const cold = Array.from({ length: environments }, (_, index) =>
    measurement(index, rounded((spec.initMs ?? 182) * (1 + 0.04 * noise()))),
  );
  const warm = Array.from({ length: count }, (_, index) => measurement(environments + index, undefined));
  return {
    memoryMb,
    architecture,
    status: 'measured',
    warm: summaryOf(warm, environments),
    cold: summaryOf(cold, environments),
    failures: { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 },
    measurements: [...cold, ...warm],
  };
}

export function emptyRow(
  configuration: Configuration,
  status: 'infeasible' | 'unmeasured',
  reason: string,
): ConfigurationResult {
  return {
    ...configuration,
    status,
    reason,
    failures: { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 },
    measurements: [],
  };
}

/** The other architecture's price for the durations of a measured row. */
export function projectedRow(row: ConfigurationResult, architecture: Architecture): ConfigurationResult {
  const ratio = gbSecondUsd[architecture] / gbSecondUsd[row.architecture];
  const meanUsd = row.warm?.costUsd.mean ?? 0;
  return {
    memoryMb: row.memoryMb,
    architecture,
    status: 'projected',
    projected: {
      durationMs: row.warm?.durationMs.mean ?? 0,
      costUsd: { mean: exact((meanUsd - 2e-7) * ratio + 2e-7) },
    },
    failures: { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 },
    measurements: [],
  };
}

/** Decided as the program decides, unless a choice is given: null is what a race was not asked for. */
export function run(given: Partial<TuningResult> & Pick<TuningResult, 'configurations'>): TuningResult {
  const undecided = { ...defaultsOf(given.configurations), ...given };
  const { candidates, judgement } = comparedRun(undecided);
  const answer = given.answer ?? answerOf(undecided);
  const choices = {
    cheapest: given.cheapest === undefined ? cheapestOf(candidates, judgement) : given.cheapest,
    fastest: given.fastest === undefined ? fastestOf(candidates, judgement) : given.fastest,
    balanced: given.balanced === undefined ? balancedOf(candidates, judgement) : given.balanced,
  };
  return { schemaVersion: 2, ...undecided, answer, ...choicesBeside(answer, choices) };
}

/** Anew, of a run that was changed. */
export function decided({ answer: _answer, cheapest, fastest, balanced, ...rest }: TuningResult): TuningResult {
  return run({
    ...rest,
    ...(cheapest === null ? { cheapest } : {}),
    ...(fastest === null ? { fastest } : {}),
    ...(balanced === null ? { balanced } : {}),
  });
}

function defaultsOf(configurations: TuningResult['configurations']): Undecided {
  return {
    configurations,
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: '3fk29a',
    startedAt: '2026-11-23T09:30:00.000Z',
    finishedAt: '2026-11-23T09:31:12.000Z',
    ended: 'completed',
    backend: 'aws',
    target: {
      functionName: 'thumbnails',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:thumbnails',
      qualifier: '$LATEST',
      version: '$LATEST',
      runtime: 'nodejs22.x',
      packageType: 'Zip',
      codeSha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      memoryMb: 1024,
      architecture: 'x86_64',
      timeoutS: 30,
      ephemeralStorageMb: 512,
      region: 'us-east-1',
    },
    costModel: {
      region: 'us-east-1',
      gbSecondUsd,
      requestUsd: { x86_64: 2e-7, arm64: 2e-7 },
      ephemeralStorageGbSecondUsd: { x86_64: 3.09e-8, arm64: 3.09e-8 },
      source: 'table',
      asOf: '2026-11-23',
      confidence: 'published',
    },
    options: {
      memoryMb: [...new Set(configurations.map((row) => row.memoryMb))],
      architectures: ['x86_64', 'arm64'],
      invocations: 20,
      concurrency: 2,
      maxInFlight: 16,
      maxErrorShare: 0.1,
      payloadTemplate: false,
      payloads: [{ name: 'payload', sha256: 'a'.repeat(64), bytes: 2, weight: 1 }],
      envNames: [],
    },
    spend: { invocations: 176, estimatedUsd: 0.00091, worstCaseUsd: 0.0264, actualUsd: 0.000873 },
    warnings: [],
    leftBehind: [],
  };
}

function costUsd({ memoryMb, architecture }: Configuration, billedDurationMs: number): number {
  return exact((memoryMb / 1024) * (billedDurationMs / 1000) * gbSecondUsd[architecture] + 2e-7);
}

function summaryOf(measurements: readonly Measurement[], environments: number): Summary {
  const reported = measurements.filter((one) => one.outcome !== 'unreported');
  const costs = reported.map((one) => one.costUsd);
  const mean = meanOf(costs);
  const deviation = Math.sqrt(meanOf(costs.map((cost) => (cost - mean) ** 2)));
  const margin = costs.length < 2 ? 0 : (2.09 * deviation) / Math.sqrt(costs.length - 1);
  const init = reported.flatMap((one) => one.initDurationMs ?? []);
  return {
    count: reported.length,
    durationMs: distributionOf(reported.map((one) => one.durationMs)),
    billedDurationMs: { mean: exact(meanOf(reported.map((one) => one.billedDurationMs))) },
    ...(init.length === 0 ? {} : { initDurationMs: distributionOf(init) }),
    maxMemoryUsedMb: Math.max(...reported.map((one) => one.maxMemoryUsedMb)),
    costUsd: { mean: exact(mean), low: exact(mean - margin), high: exact(mean + margin) },
    environments,
  };
}

function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((one, other) => one - other);
  const percentile = (p: number) =>
    sorted.length < Math.round(1 / (1 - p)) ? null : (sorted[Math.ceil(p * sorted.length) - 1] ?? null);
  return {
    mean: exact(meanOf(values)),
    p50: percentile(0.5),
    p90: percentile(0.9),
    p95: percentile(0.95),
    p99: percentile(0.99),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
  };
}

/** Skewed as durations are: mostly a little below the mean, sometimes far above. */
function noiseOf(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return -Math.log(1 - (state / 4294967296) * 0.98) - 0.95;
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Sums of doubles may differ in their last digit between engines; twelve digits do not. */
export function exact(value: number): number {
  return Number(value.toPrecision(12));
}
