import type { Reported } from '../model/measurement.ts';
import type { Sample } from '../stats/samples.ts';
import { responseMs } from './responseTime.ts';
import { type PayloadShare, type Succeeded, sampleBy } from './summarize.ts';

/** Calls of one configuration that are judged together. */
export interface Calls {
  readonly warm: readonly Succeeded[];
  readonly cold: readonly Succeeded[];
}

/**
 * Warm and cold calls as one sample: two groups of strata whose weights are given (`--cold-share`), not estimated, so that
 * mean, interval, ratio and percentile of the mixture need no methods of their own. Empty where one of the two is missing:
 * a mixture with an unknown part is not known. Where it fails: cold starts are few, and their part of the interval is hardly known; their
 * scatter is taken to be that of all such mixtures of the run.
 */
export function blendedSample(
  { warm, cold }: Calls,
  figure: (call: Succeeded) => number,
  payloads: readonly PayloadShare[],
  coldShare: number,
): Sample {
  if (!canBlend({ warm, cold }, coldShare)) return [];
  return [
    ...weighted(sampleBy(warm, figure, payloads), 1 - coldShare),
    ...weighted(sampleBy(cold, figure, payloads), coldShare),
  ];
}

export function canBlend({ warm, cold }: Calls, coldShare: number): boolean {
  return (coldShare >= 1 || warm.length > 0) && (coldShare <= 0 || cold.length > 0);
}

/** What is compared: the price, and how long a caller waits (a cold start's init comes on top of its duration). */
export const blendedFigures = {
  cost: ({ costUsd }: Reported) => costUsd,
  duration: responseMs,
} as const satisfies Record<string, (call: Succeeded) => number>;

function weighted(sample: Sample, share: number): Sample {
  const total = sample.reduce((sum, { weight }) => sum + weight, 0);
  return share <= 0 ? [] : sample.map((stratum) => ({ ...stratum, weight: (share * stratum.weight) / total }));
}
