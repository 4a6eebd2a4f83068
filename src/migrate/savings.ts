import type { Architecture } from '../model/configuration.ts';
import type { Savings } from '../model/migration.ts';
import type { Monthly } from '../model/traffic.ts';
import type { ArchitectureComparison } from './comparison.ts';
import { moveFiguresOf } from './decision.ts';

/**
 * Today's mean cost, less the same times the ratio of costs with its bounds, at the requests that were given (never a
 * guess). The ratio is what the verdict rests on: an interval of its own could span zero where that one does not.
 */
export function savingsPerMonth(
  comparison: ArchitectureComparison,
  current: Architecture,
  requestsPerMonth: number,
): Savings {
  const { estimate, low, high } = moveFiguresOf(comparison, current).costRatio;
  const paidUsd = comparison.costUsd[current] * requestsPerMonth;
  return {
    requestsPerMonth,
    usd: paidUsd * (1 - estimate),
    low: paidUsd * (1 - high),
    high: paidUsd * (1 - low),
  };
}

/**
 * The same at real traffic: the difference of the two bills, with cold starts in them. Its bounds are those of the ratio of
 * costs, which the verdict rests on.
 */
export function savingsOfBills(
  comparison: ArchitectureComparison,
  current: Architecture,
  bills: { readonly paid: Monthly; readonly other: Monthly },
): Savings {
  const { estimate, low, high } = moveFiguresOf(comparison, current).costRatio;
  const paidUsd = bills.paid.usd.total;
  const otherUsd = bills.other.usd.total;
  return {
    requestsPerMonth: bills.paid.requests,
    usd: paidUsd - otherUsd,
    low: paidUsd - (otherUsd * high) / estimate,
    high: paidUsd - (otherUsd * low) / estimate,
  };
}
