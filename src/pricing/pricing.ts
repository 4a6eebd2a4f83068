import { TuneError } from '../base/errors.ts';
import type { Architecture } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import { type RegionPrices, refusedRegions, regionPrices } from './prices.generated.ts';

/**
 * What a region charges for Lambda, in US$: the first tier, on demand. Volume tiers (see
 * monthlyPrices.ts), the free tier and Savings Plans are left out. Throws TuneError PRICE for a region whose US$ prices are not known in full
 * (China is priced in CNY); a missing price never becomes 0.
 */
export function costModelFor(region: string): CostModel {
  const prices = pricesOf(region);
  if (prices === undefined) {
    const reason = Object.hasOwn(refusedRegions, region) ? refusedRegions[region] : 'it is not in the price table';
    throw new TuneError('PRICE', `Cannot price Lambda in region ${region}: ${reason}.`, { hint: priceHint });
  }
  const { gbSecondUsd, requestUsd, ephemeralStorageGbSecondUsd, snapStart, asOf, confidence } = prices;
  return {
    region,
    gbSecondUsd,
    requestUsd,
    ephemeralStorageGbSecondUsd,
    snapStart,
    source: 'table',
    asOf,
    confidence,
  };
}

/** Those that one account can have functions in; other partitions have accounts of their own. */
export const commercialRegions: readonly string[] = Object.keys(regionPrices).filter(
  (region) => !/^(?:us-gov|cn|us-iso)/.test(region),
);

/** Undefined for a region that the table does not hold in US$. */
export function pricesOf(region: string): RegionPrices | undefined {
  return Object.hasOwn(regionPrices, region) ? regionPrices[region] : undefined;
}

export const priceHint =
  'Give the prices in US$ (per GB-second, and per single request): --price x86_64=0.0000166667,arm64=0.0000133334,request=0.0000002';

export interface BilledInvocation {
  readonly architecture: Architecture;
  /** As it is set, not as it is used. */
  readonly memoryMb: number;
  /** REPORT's `Billed Duration`: init and restore are in it where Lambda bills them. */
  readonly billedDurationMs: number;
  /** The function's whole /tmp, of which 512 MB are free. Default: 512. */
  readonly ephemeralStorageMb?: number;
}

/**
 * US$ of one invocation: duration, request, and ephemeral storage above 512 MB. The billed duration already contains
 * init and restore where Lambda bills them. A double, never rounded. Throws RangeError on amounts that are none, and
 * TuneError PRICE when storage above 512 MB has no known price.
 */
export function invocationCostUsd(invocation: BilledInvocation, costModel: CostModel): number {
  const { architecture, memoryMb, billedDurationMs, ephemeralStorageMb = freeStorageMb } = invocation;
  const gbSecondUsd = priced(costModel.gbSecondUsd, architecture);
  const requestUsd = priced(costModel.requestUsd, architecture);
  const seconds = amount(billedDurationMs, 'billedDurationMs') / 1000;
  const duration = (amount(memoryMb, 'memoryMb') / mbPerGb) * seconds * gbSecondUsd;
  const paidStorageMb = Math.max(0, amount(ephemeralStorageMb, 'ephemeralStorageMb') - freeStorageMb);
  return duration + storageUsd(paidStorageMb, seconds, architecture, costModel) + requestUsd;
}

const mbPerGb = 1024;
const freeStorageMb = 512;

function storageUsd(paidMb: number, seconds: number, architecture: Architecture, costModel: CostModel): number {
  if (paidMb === 0) return 0;
  if (costModel.ephemeralStorageGbSecondUsd === undefined) {
    throw new TuneError(
      'PRICE',
      `The function has more than 512 MB of ephemeral storage, whose price in ${costModel.region} is not known.`,
      { hint: 'Add it to --price in US$ per GB-second: …,storage=0.0000000309' },
    );
  }
  return (paidMb / mbPerGb) * seconds * priced(costModel.ephemeralStorageGbSecondUsd, architecture);
}

function priced(prices: Readonly<Record<Architecture, number>>, architecture: Architecture): number {
  const price = Object.hasOwn(prices, architecture) ? prices[architecture] : undefined;
  if (price === undefined) throw new RangeError(`No price for architecture ${String(architecture)}.`);
  return price;
}

function amount(value: number, name: string): number {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be a number from 0, not ${value}.`);
  return value;
}
