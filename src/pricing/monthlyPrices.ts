import { daysPerMonth } from '../model/amounts.ts';
import type { Architecture } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import { pricesOf } from './pricing.ts';

/** What a month is billed by beyond the first tier of one call: volume tiers, provisioned concurrency, logs. */

export const secondsPerMonth = daysPerMonth * 86_400;

interface Tier {
  /** GB-seconds (or GB) of the month from which it holds. */
  readonly from: number;
  readonly usd: number;
}

/**
 * Tiers of the on-demand duration price (aws.amazon.com/lambda/pricing; AWS's price list for us-east-1, 2026-09). They count per
 * region and architecture over all functions of the organization: here of this function alone. That other regions have the same
 * thresholds and the same steps is inferred.
 */
const thresholds = { x86_64: [6e9, 15e9], arm64: [7.5e9, 18.75e9] } as const;
const steps = [0.9, 0.8] as const;

/** A price that was given with `--price` is the account's own, and has no tiers. */
export function durationTiers(costModel: CostModel, architecture: Architecture): readonly Tier[] {
  const first = costModel.gbSecondUsd[architecture];
  if (costModel.source === 'option') return [{ from: 0, usd: first }];
  return [
    { from: 0, usd: first },
    ...thresholds[architecture].map((from, index) => ({ from, usd: tenDecimals(first * (steps[index] ?? 1)) })),
  ];
}

/** AWS publishes these prices with ten decimals: 0.0000150000 of 0.0000166667, 0.0000120001 of 0.0000133334. */
function tenDecimals(usd: number): number {
  return Number(usd.toFixed(10));
}

export function tieredUsd(amount: number, tiers: readonly Tier[]): number {
  return tiers.reduce((sum, { from, usd }, index) => {
    const to = tiers[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    return sum + Math.max(0, Math.min(amount, to) - from) * usd;
  }, 0);
}

/** Of one architecture, US$ per GB-second. */
export interface ProvisionedPrices {
  /** Of what is configured, used or not. */
  readonly configuredUsd: number;
  /** Of what runs in it. */
  readonly durationUsd: number;
  readonly confidence: 'published' | 'inferred';
}

/** Undefined where they are not known: of a region without them, and of prices that were given. */
export function provisionedPrices(costModel: CostModel, architecture: Architecture): ProvisionedPrices | undefined {
  const known = costModel.source === 'option' ? undefined : pricesOf(costModel.region)?.provisioned;
  if (known === undefined) return undefined;
  return {
    configuredUsd: known.gbSecondUsd[architecture],
    durationUsd: known.durationGbSecondUsd[architecture],
    confidence: known.confidence,
  };
}

/**
 * Use of one provisioned environment from which it is cheaper than on demand; undefined where it never is.
 * `onDemandUsd` is the price of the tier that the next GB-second would fall into.
 */
export function breakEvenUse(
  onDemandUsd: number,
  { configuredUsd, durationUsd }: ProvisionedPrices,
): number | undefined {
  const saved = onDemandUsd - durationUsd;
  const use = saved > 0 ? configuredUsd / saved : Number.POSITIVE_INFINITY;
  return use <= 1 ? use : undefined;
}

/** The first tier of it. */
export const logGbUsd = 0.5;

/**
 * Lambda's logs in CloudWatch, Standard class, in us-east-1 (tiers since 2025-05; the steps are from memory and not verified
 * against the price list). Other regions differ by some per cent: their prices are not in the table.
 */
const logTiers: readonly Tier[] = [
  { from: 0, usd: logGbUsd },
  { from: 10e3, usd: 0.25 },
  { from: 30e3, usd: 0.1 },
  { from: 50e3, usd: 0.05 },
];
export const logPriceRegion = 'us-east-1';

/** From US$ 0.25 a GB; unverified, and its own volume tiers are not known. */
const infrequentAccessGbUsd = 0.25;

export function logsUsd(gigabytes: number): number {
  return tieredUsd(gigabytes, logTiers);
}

/** Never dearer than Standard, whose later tiers it shares. */
export function infrequentAccessLogsUsd(gigabytes: number): number {
  return Math.min(gigabytes * infrequentAccessGbUsd, logsUsd(gigabytes));
}
