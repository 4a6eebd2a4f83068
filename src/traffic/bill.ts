import type { Architecture, Configuration } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { MonthlyBill } from '../model/traffic.ts';
import { durationTiers, provisionedPrices, secondsPerMonth, tieredUsd } from '../pricing/monthlyPrices.ts';
import { restoreCostUsd } from '../pricing/snapStartCost.ts';

/** What a month is made of: means of what calls are billed, and how many there are of each kind. */
export interface Month {
  readonly configuration: Configuration;
  readonly requests: number;
  /** Of the requests: on demand and cold. */
  readonly coldShare: number;
  readonly warm: { readonly billedMs: number };
  /** `initMs`: the part of `billedMs` that is init or restore. */
  readonly cold: { readonly billedMs: number; readonly initMs: number; readonly restoredShare: number };
  readonly provisioned?: ProvisionedMonth | undefined;
}

interface ProvisionedMonth {
  /** Of the requests. */
  readonly share: number;
  readonly billedMs: number;
  /** Environments times seconds of the month, in steps of five minutes. */
  readonly environmentSeconds: number;
}

export interface MonthPrices {
  readonly costModel: CostModel;
  readonly runtime?: string | undefined;
  readonly ephemeralStorageMb: number;
  /** On compute alone: durations, init, provisioned concurrency (Compute Savings Plans). */
  readonly discount: number;
}

const mbPerGb = 1024;
const freeStorageMb = 512;

/** US$, never rounded. Throws nothing: what has no price is 0 here, and warned of where it is shown (`unpriced`). */
export function billOf(month: Month, prices: MonthPrices): MonthlyBill {
  const { configuration, requests, coldShare, warm, cold, provisioned } = month;
  const { costModel, discount } = prices;
  const { architecture, memoryMb } = configuration;
  const gb = memoryMb / mbPerGb;
  const provisionedShare = provisioned?.share ?? 0;
  const warmShare = Math.max(0, 1 - coldShare - provisionedShare);
  const seconds = (share: number, ms: number) => (requests * share * ms) / 1000;
  const initSeconds = seconds(coldShare, cold.initMs);
  const onDemandSeconds = seconds(warmShare, warm.billedMs) + seconds(coldShare, cold.billedMs) - initSeconds;
  const usdPerSecond = effectiveGbSecondUsd((onDemandSeconds + initSeconds) * gb, prices, architecture) * gb;
  const provisionedSeconds = seconds(provisionedShare, provisioned?.billedMs ?? 0);
  const reserved = provisioned && provisionedPrices(costModel, architecture);
  const paid = 1 - discount;
  const lines = {
    requests: requests * costModel.requestUsd[architecture],
    duration: onDemandSeconds * usdPerSecond + provisionedSeconds * gb * (reserved?.durationUsd ?? 0) * paid,
    init: initSeconds * usdPerSecond,
    provisioned: (provisioned?.environmentSeconds ?? 0) * gb * (reserved?.configuredUsd ?? 0) * paid,
    snapStart:
      requests * coldShare * cold.restoredShare * (restoreCostUsd(prices.runtime, memoryMb, costModel) ?? 0) +
      (cold.restoredShare > 0 ? (cacheUsdPerMonth(memoryMb, prices) ?? 0) : 0),
    storage: (onDemandSeconds + initSeconds + provisionedSeconds) * storageUsdPerSecond(prices, architecture),
  };
  const total = Object.values(lines).reduce((sum, usd) => sum + usd, 0);
  return { ...lines, total };
}

/** After volume tiers and discount: US$ per GB-second on demand, on average over the month. */
function effectiveGbSecondUsd(gbSeconds: number, prices: MonthPrices, architecture: Architecture): number {
  const tiers = durationTiers(prices.costModel, architecture);
  const usd = gbSeconds > 0 ? tieredUsd(gbSeconds, tiers) / gbSeconds : prices.costModel.gbSecondUsd[architecture];
  return usd * (1 - prices.discount);
}

/** One published version, kept the whole month. Undefined where the price is not known. */
export function cacheUsdPerMonth(memoryMb: number, { runtime, costModel }: MonthPrices): number | undefined {
  if (restoreCostUsd(runtime, memoryMb, costModel) === 0) return 0;
  if (costModel.snapStart === undefined) return undefined;
  return (memoryMb / mbPerGb) * secondsPerMonth * costModel.snapStart.cacheGbSecondUsd;
}

function storageUsdPerSecond({ ephemeralStorageMb, costModel }: MonthPrices, architecture: Architecture): number {
  const paidGb = Math.max(0, ephemeralStorageMb - freeStorageMb) / mbPerGb;
  return paidGb * (costModel.ephemeralStorageGbSecondUsd?.[architecture] ?? 0);
}

/** What one call adds to the bill of the month: its own charges at the month's prices, and its part of what is fixed. */
export function callUsdIn(
  month: Month,
  prices: MonthPrices,
): (call: { readonly billedDurationMs: number; readonly restoreDurationMs?: number | undefined }) => number {
  const { configuration, requests, coldShare, warm, cold } = month;
  const { architecture, memoryMb } = configuration;
  const gb = memoryMb / mbPerGb;
  const meanMs = (1 - coldShare) * warm.billedMs + coldShare * cold.billedMs;
  const usdPerGbSecond = effectiveGbSecondUsd(((requests * meanMs) / 1000) * gb, prices, architecture);
  const perSecond = gb * usdPerGbSecond + storageUsdPerSecond(prices, architecture);
  const restoreUsd = restoreCostUsd(prices.runtime, memoryMb, prices.costModel) ?? 0;
  const fixed = cold.restoredShare > 0 && requests > 0 ? (cacheUsdPerMonth(memoryMb, prices) ?? 0) / requests : 0;
  return ({ billedDurationMs, restoreDurationMs }) =>
    (billedDurationMs / 1000) * perSecond +
    prices.costModel.requestUsd[architecture] +
    (restoreDurationMs === undefined ? 0 : restoreUsd) +
    fixed;
}
