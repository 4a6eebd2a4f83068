import { isSucceeded, type Succeeded } from '../analysis/summarize.ts';
import type { Measurement } from '../model/measurement.ts';
import type { GateOptions } from './options.ts';

/** Where a drift was taken off (blocks.ts): what is left of the degrees of freedom and of what hosts add to the squares between environments, 0 … 1. */
export interface KeptShares {
  readonly between: number;
  readonly within: number;
  readonly load: number;
  /** Of all degrees of freedom of the side. */
  readonly total: number;
}

/** Values of one figure on one side. Environments are numbered 0 … environments − 1. */
export interface Figures {
  readonly strata: readonly FigureStratum[];
  readonly environments: number;
  readonly count: number;
  /** Where a drift was taken off. */
  readonly kept?: KeptShares | undefined;
}

interface FigureStratum {
  /** Sum to 1 over the strata. */
  readonly weight: number;
  readonly values: readonly number[];
  /** Beside each value. */
  readonly environments: readonly number[];
}

/** One side's calls, told apart once. Unreported ones are in none of the lists: nothing is known of them. */
export interface Side {
  readonly warm: readonly Succeeded[];
  /** Beside each warm call: how many trials of the side came before it. */
  readonly trialOf: readonly number[];
  readonly cold: readonly Succeeded[];
  readonly failures: number;
  /** Samples as looks count them: warm successes and failures. */
  readonly trials: number;
  /** Environments that served them. */
  readonly environments: number;
  /** Highest memory mark in MB over all reported calls; 0 where there are none. */
  readonly maxMemoryUsedMb: number;
  /** A drift that both sides had was taken off the warm calls (blocks.ts). */
  readonly kept?: KeptShares | undefined;
}

export function sideOf(measurements: readonly Measurement[]): Side {
  const warm: Succeeded[] = [];
  const trialOf: number[] = [];
  const cold: Succeeded[] = [];
  const environments = new Set<string>();
  let failures = 0;
  let maxMemoryUsedMb = 0;
  for (const measurement of measurements) {
    if (measurement.outcome === 'unreported') continue;
    maxMemoryUsedMb = Math.max(maxMemoryUsedMb, measurement.maxMemoryUsedMb);
    if (!isSucceeded(measurement)) failures += 1;
    else if (measurement.start === 'warm') {
      trialOf.push(warm.length + failures);
      warm.push(measurement);
    } else {
      cold.push(measurement);
      continue;
    }
    environments.add(measurement.environment);
  }
  return {
    warm,
    trialOf,
    cold,
    failures,
    trials: warm.length + failures,
    environments: environments.size,
    maxMemoryUsedMb,
  };
}

/**
 * Undefined where a stratum has fewer than two values. A cold share makes the cold calls a stratum of their own (payloads
 * are not told apart in it: one call an environment would be too few).
 */
export function figuresOf(
  side: Side,
  figure: (call: Succeeded) => number,
  { payloads, coldShare }: Pick<GateOptions, 'payloads' | 'coldShare'>,
): Figures | undefined {
  const parts: { weight: number; calls: readonly Succeeded[] }[] = [];
  const warmShare = 1 - (coldShare ?? 0);
  if (payloads.length < 2) parts.push({ weight: warmShare, calls: side.warm });
  else {
    const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, weight } of payloads) {
      parts.push({ weight: (warmShare * weight) / total, calls: side.warm.filter(({ payload }) => payload === name) });
    }
  }
  if (coldShare) parts.push({ weight: coldShare, calls: side.cold });
  const figures = numbered(
    parts.filter(({ weight }) => weight > 0),
    figure,
  );
  return figures && side.kept ? { ...figures, kept: side.kept } : figures;
}

/** Calls of one stratum, such as cold starts alone. */
export function plainFigures(calls: readonly Succeeded[], figure: (call: Succeeded) => number): Figures | undefined {
  return numbered([{ weight: 1, calls }], figure);
}

function numbered(
  parts: readonly { readonly weight: number; readonly calls: readonly Succeeded[] }[],
  figure: (call: Succeeded) => number,
): Figures | undefined {
  const numbers = new Map<string, number>();
  let count = 0;
  const strata: FigureStratum[] = [];
  for (const { weight, calls } of parts) {
    if (calls.length < 2) return undefined;
    const values: number[] = [];
    const environments: number[] = [];
    for (const call of calls) {
      let environment = numbers.get(call.environment);
      if (environment === undefined) {
        environment = numbers.size;
        numbers.set(call.environment, environment);
      }
      values.push(figure(call));
      environments.push(environment);
    }
    count += values.length;
    strata.push({ weight, values, environments });
  }
  return { strata, environments: numbers.size, count };
}
