import { describe, expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import type { CostModel } from '../../src/model/costModel.ts';
import { refusedRegions, regionPrices } from '../../src/pricing/prices.generated.ts';
import { costModelFor, invocationCostUsd } from '../../src/pricing/pricing.ts';

/** Duration alone, to the 12 decimals that the vectors are written with. */
function durationUsd(
  costModel: CostModel,
  architecture: 'x86_64' | 'arm64',
  memoryMb: number,
  billedDurationMs: number,
) {
  const usd = invocationCostUsd({ architecture, memoryMb, billedDurationMs }, costModel);
  return (usd - costModel.requestUsd[architecture]).toFixed(12);
}

describe('invocationCostUsd', () => {
  const virginia = costModelFor('us-east-1');

  it('agrees with hand-computed prices of us-east-1', () => {
    expect(durationUsd(virginia, 'x86_64', 1024, 427)).toBe('0.000007116681');
    expect(durationUsd(virginia, 'arm64', 1024, 427)).toBe('0.000005693362');
    expect(durationUsd(virginia, 'x86_64', 128, 1)).toBe('0.000000002083');
    expect(durationUsd(virginia, 'arm64', 1769, 250)).toBe('0.000005758492');
    expect(durationUsd(virginia, 'x86_64', 10240, 1000)).toBe('0.000166667000');
  });

  it('adds the price of the request', () => {
    const call = { memoryMb: 1024, billedDurationMs: 427 };
    expect(invocationCostUsd({ architecture: 'x86_64', ...call }, virginia)).toBeCloseTo(0.0000073166809, 15);
    expect(invocationCostUsd({ architecture: 'arm64', ...call }, virginia)).toBeCloseTo(0.0000058933618, 15);
  });

  it('knows that af-south-1 is dearer', () => {
    const cape = costModelFor('af-south-1');
    expect(cape.requestUsd.x86_64).toBe(2.7e-7);
    expect(durationUsd(cape, 'x86_64', 512, 100)).toBe('0.000001105000');
  });

  it('charges ephemeral storage above 512 MB only', () => {
    const call = { architecture: 'x86_64', memoryMb: 128, billedDurationMs: 1000 } as const;
    const without = invocationCostUsd(call, virginia);
    expect(invocationCostUsd({ ...call, ephemeralStorageMb: 512 }, virginia)).toBe(without);
    expect(invocationCostUsd({ ...call, ephemeralStorageMb: 10_240 }, virginia) - without).toBeCloseTo(2.9355e-7, 16);
  });

  it('refuses storage whose price is not known instead of giving it away', () => {
    const { ephemeralStorageGbSecondUsd: _, ...unpriced } = virginia;
    const call = { architecture: 'arm64', memoryMb: 128, billedDurationMs: 1, ephemeralStorageMb: 513 } as const;
    expect(() => invocationCostUsd(call, unpriced)).toThrowError(TuneError);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('refuses a billed duration of %d', (billedDurationMs) => {
    expect(() => invocationCostUsd({ architecture: 'arm64', memoryMb: 128, billedDurationMs }, virginia)).toThrowError(
      RangeError,
    );
    expect(() =>
      invocationCostUsd({ architecture: 'arm64', memoryMb: billedDurationMs, billedDurationMs: 1 }, virginia),
    ).toThrowError(RangeError);
  });

  it('refuses an architecture that has no price', () => {
    const call = { architecture: 'toString' as 'arm64', memoryMb: 128, billedDurationMs: 1 };
    expect(() => invocationCostUsd(call, virginia)).toThrowError('No price for architecture toString.');
  });
});

describe('costModelFor', () => {
  it('tells date, source and confidence', () => {
    expect(costModelFor('eu-central-2')).toMatchObject({
      region: 'eu-central-2',
      gbSecondUsd: { x86_64: 0.0000183334, arm64: 0.0000146667 },
      requestUsd: { x86_64: 2.2e-7, arm64: 2.2e-7 },
      source: 'table',
      confidence: 'published',
    });
    expect(costModelFor('ca-west-1').confidence).toBe('inferred');
    expect(costModelFor('us-east-1').asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('knows the price of SnapStart in us-east-1 and says nothing of it elsewhere', () => {
    expect(costModelFor('us-east-1').snapStart).toEqual({
      cacheGbSecondUsd: 0.0000015046,
      restoreGbUsd: 0.0001397998,
      minCacheHours: 3,
    });
    expect(costModelFor('eu-west-1').snapStart).toBeUndefined();
  });

  it.each([
    ['cn-north-1', 'Cannot price Lambda in region cn-north-1: it is priced in CNY.'],
    ['us-gov-west-1', 'Cannot price Lambda in region us-gov-west-1: not all of its prices are known.'],
    ['mx-central-1', 'Cannot price Lambda in region mx-central-1: it is not in the price table.'],
    ['constructor', 'Cannot price Lambda in region constructor: it is not in the price table.'],
    ['', 'Cannot price Lambda in region : it is not in the price table.'],
  ])('refuses %s and shows how to give prices', (region, message) => {
    expect(() => costModelFor(region)).toThrowError(
      expect.objectContaining({ code: 'PRICE', message, hint: expect.stringContaining('--price x86_64=') }),
    );
  });
});

describe('the table', () => {
  it('holds every US$ region with a positive price in every field, arm64 never dearer', () => {
    expect(Object.keys(regionPrices)).toHaveLength(30);
    for (const prices of Object.values(regionPrices)) {
      const { gbSecondUsd, requestUsd, ephemeralStorageGbSecondUsd } = prices;
      for (const pair of [gbSecondUsd, requestUsd, ephemeralStorageGbSecondUsd]) {
        expect(pair.x86_64).toBeGreaterThan(0);
        expect(pair.arm64).toBeGreaterThan(0);
        expect(pair.arm64).toBeLessThanOrEqual(pair.x86_64);
      }
    }
  });

  it('is sorted, and no region is both priced and refused', () => {
    const regions = Object.keys(regionPrices);
    expect(regions).toEqual(regions.toSorted());
    expect(regions.filter((region) => region in refusedRegions)).toEqual([]);
  });
});
