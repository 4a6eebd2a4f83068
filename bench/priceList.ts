import { z } from 'zod';
import type { PriceTable, RegionPrices } from '../src/pricing/prices.generated.ts';

/** Either the US$ prices of a region, or why it has none that could be used. */
export type RegionFinding = RegionPrices | { readonly refused: string };

const amount = z.number().positive();
const both = z.object({ x86_64: amount.nullish(), arm64: amount.nullish() });

const collectedSchema = z.object({
  _retrieved: z.iso.date(),
  other_us_east_1: z.object({
    snapStart: z.object({ cachePerGbSecond: amount, restorePerGb: amount, minCacheHours: amount }),
  }),
  regions: z.record(
    z.string(),
    z.object({
      currency: z.string(),
      gbSecond: both,
      request: both,
      ephemeralStorageGbSecond: both.nullish(),
      provisionedConcurrencyGbSecond: both.nullish(),
      provisionedDurationGbSecond: both.nullish(),
      confidence: z.enum(['published', 'partial', 'inferred']),
      armConfidence: z.enum(['inferred']).optional(),
      source: z.string(),
    }),
  ),
});

/** The table from a file of collected prices (`--from`). */
export function fromCollected(json: unknown): PriceTable {
  const { _retrieved: asOf, other_us_east_1, regions } = collectedSchema.parse(json);
  const { cachePerGbSecond, restorePerGb, minCacheHours } = other_us_east_1.snapStart;
  const snapStart = { cacheGbSecondUsd: cachePerGbSecond, restoreGbUsd: restorePerGb, minCacheHours };
  return tableOf(
    Object.entries(regions).map(([region, found]) => {
      if (found.currency !== 'USD') return [region, { refused: `it is priced in ${found.currency}` }];
      return [
        region,
        complete({
          gbSecond: found.gbSecond,
          request: found.request,
          storage: found.ephemeralStorageGbSecond ?? {},
          provisioned: {
            gbSecond: found.provisionedConcurrencyGbSecond ?? {},
            duration: found.provisionedDurationGbSecond ?? {},
          },
          asOf,
          source: found.source,
          // A partial region may rest on an assumed figure: it is refused even when every field has a number.
          confidence: found.confidence === 'published' ? (found.armConfidence ?? 'published') : found.confidence,
          ...(region === 'us-east-1' && { snapStart }),
        }),
      ];
    }),
  );
}

const offerSchema = z.object({
  publicationDate: z.iso.datetime({ offset: true }),
  products: z.record(z.string(), z.object({ attributes: z.record(z.string(), z.string()) })),
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({ beginRange: z.string().optional(), pricePerUnit: z.record(z.string(), z.string()) }),
          ),
        }),
      ),
    ),
  }),
});

/**
 * The prices of one region from AWS's public bulk file (`…/AWSLambda/current/<region>/index.json`). SnapStart is passed
 * in: under which group the file lists it is not known, so the figures of the table before are kept.
 */
export function fromOffer(json: unknown, region: string, snapStart: RegionPrices['snapStart']): RegionFinding {
  const offer = offerSchema.parse(json);
  const usd = (group: string, usageType: RegExp) => firstTierUsd(offer, region, group, usageType);
  if (currenciesOf(offer, region).has('CNY')) return { refused: 'it is priced in CNY' };
  return complete({
    gbSecond: {
      x86_64: usd('AWS-Lambda-Duration', /(?:^|-)Lambda-GB-Second$/),
      arm64: usd('AWS-Lambda-Duration-ARM', /(?:^|-)Lambda-GB-Second-ARM$/),
    },
    request: {
      x86_64: usd('AWS-Lambda-Requests', /(?:^|-)Request$/),
      arm64: usd('AWS-Lambda-Requests-ARM', /(?:^|-)Request-ARM$/),
    },
    storage: {
      x86_64: usd('AWS-Lambda-Storage-Duration', /./),
      arm64: usd('AWS-Lambda-Storage-Duration-ARM', /./),
    },
    provisioned: {
      gbSecond: {
        x86_64: usd('AWS-Lambda-Provisioned-Concurrency', /./),
        arm64: usd('AWS-Lambda-Provisioned-Concurrency-ARM', /./),
      },
      duration: {
        x86_64: usd('AWS-Lambda-Duration-Provisioned', /./),
        arm64: usd('AWS-Lambda-Duration-Provisioned-ARM', /./),
      },
    },
    asOf: offer.publicationDate.slice(0, 10),
    source: "AWS's public price list",
    confidence: 'published',
    ...(snapStart !== undefined && { snapStart }),
  });
}

type Offer = z.infer<typeof offerSchema>;

/**
 * The price from 0 on of the one product of that group. Rows with location "Any" are the free tier at price 0, several
 * dimensions are volume tiers, and Lambda@Edge has groups of its own. Undefined when nothing, or more than one price, fits.
 */
function firstTierUsd(offer: Offer, region: string, group: string, usageType: RegExp): number | undefined {
  const found = new Set<number>();
  for (const sku of skusOf(offer, region)) {
    const attributes = offer.products[sku]?.attributes;
    if (attributes?.group !== group || !usageType.test(attributes.usagetype ?? '')) continue;
    for (const dimension of dimensionsOf(offer, sku)) {
      const usd = Number(dimension.pricePerUnit.USD ?? Number.NaN);
      if (dimension.beginRange === '0' && usd > 0) found.add(usd);
    }
  }
  const [price, second] = [...found];
  return second === undefined ? price : undefined;
}

function currenciesOf(offer: Offer, region: string): ReadonlySet<string> {
  const dimensions = skusOf(offer, region).flatMap((sku) => dimensionsOf(offer, sku));
  return new Set(dimensions.flatMap((dimension) => Object.keys(dimension.pricePerUnit)));
}

function skusOf(offer: Offer, region: string): readonly string[] {
  return Object.entries(offer.products)
    .filter(([, { attributes }]) => attributes.location !== 'Any' && (attributes.regionCode ?? region) === region)
    .map(([sku]) => sku);
}

function dimensionsOf(offer: Offer, sku: string) {
  const terms = Object.hasOwn(offer.terms.OnDemand, sku) ? Object.values(offer.terms.OnDemand[sku] ?? {}) : [];
  return terms.flatMap((term) => Object.values(term.priceDimensions));
}

interface Found {
  readonly gbSecond: FoundPair;
  readonly request: FoundPair;
  readonly storage: FoundPair;
  readonly provisioned: { readonly gbSecond: FoundPair; readonly duration: FoundPair };
  readonly asOf: string;
  readonly source: string;
  readonly confidence: 'published' | 'partial' | 'inferred';
  readonly snapStart?: RegionPrices['snapStart'];
}

interface FoundPair {
  readonly x86_64?: number | null | undefined;
  readonly arm64?: number | null | undefined;
}

function complete(found: Found): RegionFinding {
  const gbSecondUsd = pair(found.gbSecond);
  const requestUsd = pair(found.request);
  const ephemeralStorageGbSecondUsd = pair(found.storage);
  if (!gbSecondUsd || !requestUsd || !ephemeralStorageGbSecondUsd || found.confidence === 'partial') {
    return { refused: 'not all of its prices are known' };
  }
  const { asOf, source, confidence, snapStart } = found;
  const provisioned = provisionedOf(found.provisioned);
  return {
    gbSecondUsd,
    requestUsd,
    ephemeralStorageGbSecondUsd,
    ...(provisioned !== undefined && { provisioned }),
    ...(snapStart !== undefined && { snapStart }),
    asOf,
    source,
    confidence,
  };
}

/** Where the arm64 price was not seen it is 0.8 times that of x86_64, to AWS's ten decimals, as where both are published. */
function provisionedOf({ gbSecond, duration }: Found['provisioned']): RegionPrices['provisioned'] {
  if (typeof gbSecond.x86_64 !== 'number' || typeof duration.x86_64 !== 'number') return undefined;
  const inferred = (x86_64: number) => Number((0.8 * x86_64).toFixed(10));
  return {
    gbSecondUsd: { x86_64: gbSecond.x86_64, arm64: gbSecond.arm64 ?? inferred(gbSecond.x86_64) },
    durationGbSecondUsd: { x86_64: duration.x86_64, arm64: duration.arm64 ?? inferred(duration.x86_64) },
    confidence: typeof gbSecond.arm64 === 'number' && typeof duration.arm64 === 'number' ? 'published' : 'inferred',
  };
}

function pair(found: FoundPair): { x86_64: number; arm64: number } | undefined {
  const { x86_64, arm64 } = found;
  return typeof x86_64 === 'number' && typeof arm64 === 'number' ? { x86_64, arm64 } : undefined;
}

/** Sorted by region. */
export function tableOf(findings: readonly (readonly [string, RegionFinding])[]): PriceTable {
  const regions: Record<string, RegionPrices> = {};
  const refused: Record<string, string> = {};
  for (const [region, finding] of findings.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if ('refused' in finding) refused[region] = finding.refused;
    else regions[region] = finding;
  }
  return { regions, refused };
}
