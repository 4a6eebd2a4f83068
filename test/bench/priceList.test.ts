import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fromCollected, fromOffer } from '../../bench/priceList.ts';
import { renderPrices } from '../../bench/renderPrices.ts';
import { refusedRegions, regionPrices } from '../../src/pricing/prices.generated.ts';

type Row = readonly [sku: string, attributes: Record<string, string>, tiers: readonly (readonly [string, object])[]];

function offer(rows: readonly Row[]) {
  return {
    publicationDate: '2026-11-20T17:12:42Z',
    products: Object.fromEntries(
      rows.map(([sku, attributes]) => [sku, { sku, attributes: { regionCode: 'eu-west-2', ...attributes } }]),
    ),
    terms: {
      OnDemand: Object.fromEntries(
        rows.map(([sku, , tiers]) => {
          const priceDimensions = Object.fromEntries(
            tiers.map(([beginRange, pricePerUnit], index) => [`${sku}.T.${index}`, { beginRange, pricePerUnit }]),
          );
          return [sku, { [`${sku}.T`]: { priceDimensions } }];
        }),
      ),
    },
  };
}

const usd = (price: string) => ({ USD: price });
const rows: readonly Row[] = [
  // Tiers in no order; the free tier ("Any"); Lambda@Edge and provisioned concurrency in groups of their own.
  [
    'A',
    { group: 'AWS-Lambda-Duration', usagetype: 'EUW2-Lambda-GB-Second' },
    [
      ['6000000000', usd('0.0000150000')],
      ['0', usd('0.0000166667')],
    ],
  ],
  [
    'F',
    { group: 'AWS-Lambda-Duration', usagetype: 'Global-Lambda-GB-Second', location: 'Any' },
    [['0', usd('0.0000000000')]],
  ],
  ['B', { group: 'AWS-Lambda-Duration-ARM', usagetype: 'EUW2-Lambda-GB-Second-ARM' }, [['0', usd('0.0000133334')]]],
  ['C', { group: 'AWS-Lambda-Requests', usagetype: 'EUW2-Request' }, [['0', usd('0.0000002000')]]],
  ['D', { group: 'AWS-Lambda-Requests-ARM', usagetype: 'EUW2-Request-ARM' }, [['0', usd('0.0000002000')]]],
  ['E', { group: 'AWS-Lambda-Edge-Duration', usagetype: 'EUW2-Lambda-Edge-GB-Second' }, [['0', usd('0.0000500100')]]],
  [
    'G',
    { group: 'AWS-Lambda-Storage-Duration', usagetype: 'EUW2-Lambda-Storage-GB-Second' },
    [['0', usd('0.0000000358')]],
  ],
  [
    'H',
    { group: 'AWS-Lambda-Storage-Duration-ARM', usagetype: 'EUW2-Lambda-Storage-GB-Second-ARM' },
    [['0', usd('0.0000000358')]],
  ],
];
const without = (sku: string) => rows.filter(([own]) => own !== sku);
const incomplete = { refused: 'not all of its prices are known' };

describe("AWS's bulk file", () => {
  it('gives the first tier of each price', () => {
    expect(fromOffer(offer(rows), 'eu-west-2', undefined)).toEqual({
      gbSecondUsd: { x86_64: 0.0000166667, arm64: 0.0000133334 },
      requestUsd: { x86_64: 2e-7, arm64: 2e-7 },
      ephemeralStorageGbSecondUsd: { x86_64: 3.58e-8, arm64: 3.58e-8 },
      asOf: '2026-11-20',
      source: "AWS's public price list",
      confidence: 'published',
    });
  });

  it('never makes a missing price 0', () => {
    for (const sku of ['A', 'B', 'C', 'D', 'G', 'H']) {
      expect(fromOffer(offer(without(sku)), 'eu-west-2', undefined)).toEqual(incomplete);
    }
    const free: Row = [
      'A',
      { group: 'AWS-Lambda-Duration', usagetype: 'EUW2-Lambda-GB-Second' },
      [['0', usd('0.0000000000')]],
    ];
    expect(fromOffer(offer([...without('A'), free]), 'eu-west-2', undefined)).toEqual(incomplete);
  });

  it('refuses two different prices for one thing, and rows of another region', () => {
    const second: Row = [
      'Z',
      { group: 'AWS-Lambda-Duration', usagetype: 'EUW2-Lambda-GB-Second' },
      [['0', usd('0.00002')]],
    ];
    expect(fromOffer(offer([...rows, second]), 'eu-west-2', undefined)).toEqual(incomplete);
    expect(fromOffer(offer(rows), 'eu-west-3', undefined)).toEqual(incomplete);
  });

  it('does not take CNY for US$', () => {
    const yuan: Row = [
      'A',
      { group: 'AWS-Lambda-Duration', usagetype: 'CNN1-Lambda-GB-Second' },
      [['0', { CNY: '0.0001134770' }]],
    ];
    expect(fromOffer(offer([...without('A'), yuan]), 'eu-west-2', undefined)).toEqual({
      refused: 'it is priced in CNY',
    });
  });
});

describe('a file of collected prices', () => {
  const region = {
    currency: 'USD',
    gbSecond: { x86_64: 2e-5, arm64: 1.6e-5 },
    request: { x86_64: 2e-7, arm64: 2e-7 },
    ephemeralStorageGbSecond: { x86_64: 3e-8, arm64: 3e-8 },
    confidence: 'published',
    source: 'seen',
  };
  const collected = (regions: object) => ({
    _retrieved: '2026-11-23',
    other_us_east_1: { snapStart: { cachePerGbSecond: 1.5e-6, restorePerGb: 1.4e-4, minCacheHours: 3 } },
    regions,
  });

  it('is sorted, and what is incomplete, partial or in CNY is refused', () => {
    const table = fromCollected(
      collected({
        'us-east-1': region,
        'ap-south-2': { ...region, armConfidence: 'inferred' },
        'us-gov-west-1': { ...region, gbSecond: { x86_64: 2e-5, arm64: null } },
        'us-gov-east-1': { ...region, confidence: 'partial' },
        'cn-north-1': { ...region, currency: 'CNY' },
      }),
    );
    expect(Object.keys(table.regions)).toEqual(['ap-south-2', 'us-east-1']);
    expect(table.regions['ap-south-2']).toMatchObject({ confidence: 'inferred', asOf: '2026-11-23' });
    expect(table.regions['us-east-1']?.snapStart).toEqual({
      cacheGbSecondUsd: 1.5e-6,
      restoreGbUsd: 1.4e-4,
      minCacheHours: 3,
    });
    expect(table.refused).toEqual({
      'cn-north-1': 'it is priced in CNY',
      'us-gov-east-1': 'not all of its prices are known',
      'us-gov-west-1': 'not all of its prices are known',
    });
  });
});

describe('the checked-in table', () => {
  it('is what the generator writes, untouched by hand', async () => {
    const file = await readFile(new URL('../../src/pricing/prices.generated.ts', import.meta.url), 'utf8');
    expect(renderPrices({ regions: regionPrices, refused: refusedRegions })).toBe(file);
  });
});
