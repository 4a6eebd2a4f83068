import type { Architecture } from '../model/configuration.ts';
import type { Savings } from '../model/migration.ts';
import type { ArchitectureComparison } from './comparison.ts';
import { changeOf } from './decision.ts';

/**
 * Today's mean cost, less the same times the ratio of costs with its bounds, at the requests that were given (never a
 * guess). The ratio is what the verdict rests on: an interval of its own could span zero where that one does not.
 */
export function savingsPerMonth(
  comparison: ArchitectureComparison,
  current: Architecture,
  requestsPerMonth: number,
): Savings {
  const { estimate, low, high } = changeOf(comparison, current).costRatio;
  const paidUsd = comparison.costUsd[current] * requestsPerMonth;
  return {
    requestsPerMonth,
    usd: paidUsd * (1 - estimate),
    low: paidUsd * (1 - high),
    high: paidUsd * (1 - low),
  };
}
