/**
 * Writes src/pricing/prices.generated.ts.
 *
 *   npm run prices                            from AWS's public bulk files (no credentials needed)
 *   npm run prices -- --from <prices.json>    from a file of collected prices
 *
 * A region that cannot be fetched keeps its row of the table before, with its older date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { z } from 'zod';
import { type PriceTable, refusedRegions, regionPrices } from '../src/pricing/prices.generated.ts';
import { fromCollected, fromOffer, type RegionFinding, tableOf } from './priceList.ts';
import { renderPrices } from './renderPrices.ts';

// https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
const origin = 'https://pricing.us-east-1.amazonaws.com';
const offersPath = '/offers/v1.0/aws/AWSLambda/current';
const generated = new URL('../src/pricing/prices.generated.ts', import.meta.url);

const { values } = parseArgs({ options: { from: { type: 'string' } } });
const table =
  values.from === undefined ? await fetchAll() : fromCollected(JSON.parse(await readFile(values.from, 'utf8')));
await writeFile(generated, renderPrices(table));
print(`${Object.keys(table.regions).length} regions priced, ${Object.keys(table.refused).length} refused.`);

async function fetchAll(): Promise<PriceTable> {
  const index = z
    .object({ regions: z.record(z.string(), z.object({ regionCode: z.string() })) })
    .parse(await fetchJson(`${offersPath}/region_index.json`));
  const listed = Object.values(index.regions).map(({ regionCode }) => regionCode);
  const before = [...Object.keys(regionPrices), ...Object.keys(refusedRegions)];
  const limit = pLimit(4);
  const regions = [...new Set([...listed, ...before])].filter((region) => /^[a-z]+(-[a-z0-9]+)+$/.test(region));
  return tableOf(await Promise.all(regions.map((region) => limit(async () => [region, await find(region)] as const))));
}

async function find(region: string): Promise<RegionFinding> {
  const before = regionPrices[region];
  const refusal = refusedRegions[region];
  const kept = before ?? { refused: refusal ?? 'not all of its prices are known' };
  try {
    const finding = fromOffer(await fetchJson(`${offersPath}/${region}/index.json`), region, before?.snapStart);
    // A row that the file lacks something for is not thrown away for it.
    if (!('refused' in finding) || before === undefined) return finding;
    print(`${region}: ${finding.refused}; its row of before is kept`);
  } catch (error) {
    print(`${region}: ${error instanceof Error ? error.message : String(error)}; what was known before is kept`);
  }
  return kept;
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(`${origin}${path}`, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function print(line: string): void {
  // biome-ignore lint/suspicious/noConsole: a script for people
  console.log(line);
}
