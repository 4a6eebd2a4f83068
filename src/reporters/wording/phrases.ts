import type { Ties } from '../../advice/statements.ts';
import type { ComparedFigures } from '../../analysis/savedRun/judgedFigures.ts';
import type { CostInterval } from '../../model/summary.ts';
import { formatCount, formatDuration, formatNumberOf, formatShare, formatUsdPerMillion } from '../../text/format.ts';

/** Parts of sentences that several statements need. */

/** "a", "a and b", "a, b and c", "a, b, c and 4 more" */
export function listOf(items: readonly string[], most = 4): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

export function meanOf(figures: ComparedFigures): string {
  return `${formatDuration(figures.meanMs)} on average`;
}

export function figuresText(figures: ComparedFigures): string {
  return `${formatUsdPerMillion(figures.costUsd.mean)} per million, ${meanOf(figures)}`;
}

export function costInBrackets({ costUsd }: { readonly costUsd: CostInterval }): string {
  return ` (${formatUsdPerMillion(costUsd.mean)})`;
}

/** "21 % (17 to 25 %)" */
export function shareText({ share, low, high }: { share: number; low: number; high: number }): string {
  const [from, to] = [low, high].map((bound) => formatShare(bound).replace(' %', '').replace('-', '−'));
  return `${formatShare(share)} (${from} to ${to} %)`;
}

/** " Equal to it within 3 %: a. Not told apart from it yet (n = 10): b; about 60 more calls of each would tell." */
export function tiesText(ties: Ties, named: (figures: ComparedFigures) => string): string {
  const { equal, notToldApart, tolerance } = ties;
  return [
    equal.length === 0 ? '' : ` Equal to it within ${formatShare(tolerance)}: ${listOf(equal.map(named))}.`,
    notToldApart.length === 0
      ? ''
      : ` Not told apart from it yet (n = ${callsText(ties)}): ${listOf(notToldApart.map(named))}${moreText(ties)}.`,
  ].join('');
}

function callsText({ calls: { least, most } }: Ties): string {
  return least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
}

function moreText({ moreCalls }: Ties): string {
  if (moreCalls === undefined) return '; it would take over 1,000 more calls, or more environments (--concurrency)';
  return `; about ${formatNumberOf(moreCalls, 'more call')} of each would tell`;
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
