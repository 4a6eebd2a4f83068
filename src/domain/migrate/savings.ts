import type { Architecture } from '../model.ts';
import type { CostInterval } from '../result.ts';

/** US$ a month that the other architecture saves; negative where it costs more. */
export interface Savings {
  readonly requestsPerMonth: number;
  readonly usd: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean costs per invocation with their intervals, scaled by the requests that were given (never a guess). The interval of
 * the difference is MOVER (Zou and Donner 2008).
 */
export function savingsPerMonth(
  costUsd: Readonly<Record<Architecture, CostInterval>>,
  current: Architecture,
  requestsPerMonth: number,
): Savings {
  const from = costUsd[current];
  const to = costUsd[current === 'arm64' ? 'x86_64' : 'arm64'];
  const saved = from.mean - to.mean;
  const below = Math.hypot(from.mean - from.low, to.high - to.mean);
  const above = Math.hypot(from.high - from.mean, to.mean - to.low);
  return {
    requestsPerMonth,
    usd: saved * requestsPerMonth,
    low: (saved - below) * requestsPerMonth,
    high: (saved + above) * requestsPerMonth,
  };
}
