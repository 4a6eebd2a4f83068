import { awsHosts } from '../../src/analysis/hosts.ts';
import { type Configuration, keyOf } from '../../src/model/configuration.ts';
import type { Step } from '../../src/model/engine/step.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import type { SearchOptions, SizeSoFar } from '../../src/search/options.ts';
import { autoRungs } from '../../src/search/rungs.ts';
import { type SearchRound, search } from '../../src/search/search.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

/** A made-up function: how long a warm call takes, and what else is wrong with it. */
export interface Curve {
  readonly warmMs: (configuration: Configuration, random: Random, environment: number, payload?: string) => number;
  /** Added to a cold call; 100 unless said otherwise. */
  readonly initMs?: number | ((configuration: Configuration) => number);
  readonly fails?: (configuration: Configuration) => boolean;
}

export const defaults: SearchOptions = {
  ladders: { x86_64: autoRungs },
  pinned: [],
  goal: 'cheapest',
  effort: 'default',
  tolerance: 0.03,
  environments: 2,
  priors: awsHosts,
  seed: 7,
};

export function x86(memoryMb: number): Configuration {
  return { memoryMb, architecture: 'x86_64' };
}

export function arm(memoryMb: number): Configuration {
  return { memoryMb, architecture: 'arm64' };
}

/** All of the work on a CPU that grows with memory, on as many threads as it can use. */
export function cpuBound(ms1769: number, threads: number, cv = 0.02): Curve['warmMs'] {
  return ({ memoryMb }, random) => (ms1769 / Math.min(memoryMb / 1769, threads)) * (1 + cv * normalDraw(random));
}

/** Waiting for something that does not care about memory. */
export function waiting(ms: number, cv = 0.02): Curve['warmMs'] {
  return (_, random) => ms * (1 + cv * normalDraw(random));
}

export interface Played {
  readonly outcome: Extract<SearchRound, { kind: 'stop' }>;
  readonly measured: readonly SizeSoFar[];
  readonly rounds: readonly {
    readonly before: readonly SizeSoFar[];
    readonly phase: string;
    readonly steps: readonly Step[];
  }[];
  readonly calls: number;
  readonly spentUsd: number;
}

const gbSecondUsd = { x86_64: 0.0000166667, arm64: 0.0000133334 };

function costUsd({ memoryMb, architecture }: Configuration, ms: number): number {
  return (Math.ceil(ms) / 1000) * (memoryMb / 1024) * gbSecondUsd[architecture] + 0.0000002;
}

/** What a call of one millisecond costs here. */
export function leastUsd(configuration: Configuration): number {
  return costUsd(configuration, 1);
}

/** Searches a made-up function to the end, as the measuring loop would. */
export function play(curve: Curve, changes: Partial<SearchOptions> = {}, noise = 1): Played {
  const options: SearchOptions = { ...defaults, ...changes };
  const random = seededRandom(noise);
  const lanes = new Map<string, SizeSoFar>();
  const rounds: Played['rounds'][number][] = [];
  let [calls, spentUsd] = [0, 0];
  for (let round = 0; round < 1000; round++) {
    const before = [...lanes.values()];
    const leftUsd = (options.budget?.leftUsd ?? 0) - spentUsd;
    const next = search(before, options.budget ? { ...options, budget: { ...options.budget, leftUsd } } : options);
    if (next.kind === 'stop') return { outcome: next, measured: before, rounds, calls, spentUsd };
    rounds.push({ before, phase: next.phase, steps: next.steps });
    for (const step of next.steps) {
      const lane = lanes.get(keyOf(step.configuration));
      const failed = curve.fails?.(step.configuration) ?? false;
      const made = callsOf(step, lane, curve, options, random);
      calls += made.length;
      for (const call of made) spentUsd += call.outcome === 'unreported' ? 0 : call.costUsd;
      lanes.set(keyOf(step.configuration), {
        configuration: step.configuration,
        measurements: [...(lane?.measurements ?? []), ...made],
        environments: Math.max(lane?.environments ?? 0, step.environment + 1),
        ...(failed && { infeasible: 'out of memory' }),
      });
    }
  }
  throw new Error('the search did not end');
}

function callsOf(
  { configuration, environment, invocations }: Step,
  lane: SizeSoFar | undefined,
  curve: Curve,
  { payloads = [] }: SearchOptions,
  random: Random,
): Measurement[] {
  const opened = lane?.environments ?? 0;
  return Array.from({ length: invocations }, (_, index): Measurement => {
    const start = environment >= opened && index === 0 ? 'cold' : 'warm';
    const payload = payloads[((lane?.measurements.length ?? 0) + index) % Math.max(1, payloads.length)];
    const durationMs = Math.max(0.1, curve.warmMs(configuration, random, environment, payload?.name));
    const initDurationMs = typeof curve.initMs === 'function' ? curve.initMs(configuration) : (curve.initMs ?? 100);
    const billedDurationMs = Math.ceil(durationMs + (start === 'cold' ? initDurationMs : 0));
    return {
      requestId: `${keyOf(configuration)} ${environment} ${index}`,
      startedAt: '2026-11-01T00:00:00.000Z',
      environment: `${keyOf(configuration)} ${environment}`,
      ...(payload && { payload: payload.name }),
      start,
      outcome: curve.fails?.(configuration) ? 'outOfMemory' : 'succeeded',
      durationMs,
      billedDurationMs,
      ...(start === 'cold' && { initDurationMs }),
      maxMemoryUsedMb: 60,
      costUsd: costUsd(configuration, billedDurationMs),
    };
  });
}
