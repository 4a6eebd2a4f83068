import type { CostModel } from '../../model/costModel.ts';
import type { RunOptions } from '../../options/options.ts';
import { parsePriceOption } from '../../pricing/priceOption.ts';
import { costModelFor } from '../../pricing/pricing.ts';

/** The prices of a region, or those that were given. @throws TuneError PRICE */
export function costModelOf({ price }: Pick<RunOptions, 'price'>, region: string): CostModel {
  return price === undefined ? costModelFor(region) : parsePriceOption(price, region);
}
