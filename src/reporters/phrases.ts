import type { CostDifference } from '../domain/costDifference.ts';
import type { Figures } from '../domain/recommendation.ts';
import type { CostInterval } from '../domain/result.ts';
import { formatDuration, formatFixed, formatNumberOf, formatShare, formatUsdPerMillion } from './format.ts';

/** Parts of sentences that several statements need. */

/** "a", "a and b", "a, b and c", "a, b, c and 4 more" */
export function listOf(items: readonly string[], most = 4): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** "$1.26 ± 0.10", in the digits of the margin; without one the bare mean, named as such. */
export function differenceText({ meanUsd, marginUsd }: CostDifference): string {
  if (marginUsd === undefined)
    return `about ${formatUsdPerMillion(meanUsd)} per million (too few samples for an interval)`;
  const decimals = decimalsOf(formatUsdPerMillion(meanUsd));
  return `${formatUsdPerMillion(meanUsd)} ± ${formatFixed(marginUsd * 1e6, decimals)} per million${meanUsd <= marginUsd ? ' (hardly beyond noise)' : ''}`;
}

function decimalsOf(amount: string): number {
  return amount.includes('.') ? amount.length - amount.indexOf('.') - 1 : 0;
}

export function meanOf(figures: Figures): string {
  return `${formatDuration(figures.meanMs)} on average`;
}

export function figuresText(figures: Figures): string {
  return `${formatUsdPerMillion(figures.costUsd.mean)} per million, ${meanOf(figures)}`;
}

export function costInBrackets({ costUsd }: { readonly costUsd: CostInterval }): string {
  return ` (${formatUsdPerMillion(costUsd.mean)})`;
}

/** "17 % cheaper", "3 % slower", "as fast within noise" */
export function changeText(share: number | undefined, tied: string, better: string, worse: string): string {
  if (share === undefined || Math.abs(share) < 0.005) return `as ${tied} within noise`;
  return `${formatShare(Math.abs(share))} ${share > 0 ? better : worse}`;
}

export function moreThanCheapest(extraCostShare: number | undefined): string {
  if (extraCostShare === undefined || extraCostShare < 0.005) return '';
  return ` (${formatShare(extraCostShare)} more than the cheapest)`;
}

export function againstCheapest(extraCostShare: number | undefined): string {
  if (extraCostShare === undefined || Math.abs(extraCostShare) < 0.005) return '';
  const share = formatShare(Math.abs(extraCostShare));
  return `, ${share} ${extraCostShare < 0 ? 'less' : 'more'} than the cheapest measured`;
}

export function unmeasuredText(unmeasured: number, planned: number): string {
  const missing =
    unmeasured === 0
      ? 'No configuration is'
      : `${unmeasured} of ${formatNumberOf(planned, 'configuration')} ${unmeasured === 1 ? 'is' : 'are'}`;
  return `${missing} without an answer; the others may have fewer samples than asked for.`;
}
