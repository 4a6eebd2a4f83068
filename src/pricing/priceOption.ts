import { TuneError } from '../base/errors.ts';
import type { CostModel } from '../model/costModel.ts';
import { priceHint, pricesOf } from './pricing.ts';

/** Dearer than any price of AWS a thousandfold: somebody gave a price per million, or per hour. */
const limits = { x86_64: 0.01, arm64: 0.01, request: 0.0001, storage: 0.001 } as const;

type PriceName = keyof typeof limits;

/**
 * `x86_64=…,arm64=…,request=…[,storage=…]`, US$ per GB-second, per request, and per GB-second of ephemeral storage above
 * 512 MB. What is not given (storage, SnapStart) comes from the table where it knows the region.
 * Throws TuneError PRICE naming the part that is wrong.
 */
export function parsePriceOption(text: string, region: string): CostModel {
  const given = new Map<PriceName, number>();
  for (const part of text.split(',')) {
    const [name = '', amount = '', ...rest] = part.split('=').map((word) => word.trim());
    if (!isPriceName(name) || rest.length > 0) throw refused(`"${part.trim()}" is not one of its parts`);
    if (given.has(name)) throw refused(`${name} is given twice`);
    given.set(name, price(name, amount));
  }
  const x86_64 = needed(given, 'x86_64');
  const arm64 = needed(given, 'arm64');
  const request = needed(given, 'request');

  const table = pricesOf(region);
  const storage = given.get('storage');
  const ephemeralStorageGbSecondUsd =
    storage === undefined ? table?.ephemeralStorageGbSecondUsd : { x86_64: storage, arm64: storage };
  return {
    region,
    gbSecondUsd: { x86_64, arm64 },
    requestUsd: { x86_64: request, arm64: request },
    ephemeralStorageGbSecondUsd,
    snapStart: table?.snapStart === undefined ? undefined : table.snapStart,
    source: 'option',
    asOf: table?.asOf ?? 'given',
    confidence: 'given',
  };
}

function isPriceName(name: string): name is PriceName {
  return Object.hasOwn(limits, name);
}

function price(name: PriceName, text: string): number {
  const usd = /^(?:\d{1,6}(?:\.\d{1,20})?|\.\d{1,20})(?:[eE]-\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(usd)) throw refused(`${name}="${text}" is not an amount of US$`);
  if (usd === 0) throw refused(`${name} is 0, and nothing could be compared`);
  if (usd > limits[name]) throw refused(`${name}=${text} is too much for US$ per ${unitOf[name]}`);
  return usd;
}

const unitOf = {
  x86_64: 'GB-second',
  arm64: 'GB-second',
  request: 'single request',
  storage: 'GB-second of storage',
} as const satisfies Record<PriceName, string>;

function needed(given: ReadonlyMap<PriceName, number>, name: PriceName): number {
  const usd = given.get(name);
  if (usd === undefined) throw refused(`${name} is missing`);
  return usd;
}

function refused(reason: string): TuneError {
  return new TuneError('PRICE', `--price cannot be used: ${reason}.`, { hint: priceHint });
}
