import type { Fleet, FleetPlace, RankedFunction } from '../../model/fleet/fleet.ts';
import { fleetSchema } from '../../model/fleet/fleet.ts';
import { escapeJsonText } from '../../text/escape.ts';
import { formatCount, formatNumberOf, formatShare, formatUsd } from '../../text/format.ts';
import { csvText } from '../wording/machines/csvText.ts';
import type { FleetPage, PageColumn } from './page.ts';

/** What people read; the document has all. */
const mostRows = 25;

export function rankingPage(fleet: Fleet): FleetPage {
  const { functions, total, places, spend } = fleet;
  const worth = functions.filter(isWorth);
  const shown = worth.length > 0 ? worth.slice(0, mostRows) : functions.slice(0, Math.min(5, mostRows));
  const isOnePlace = places.filter(({ status }) => status === 'read' || status === 'partly').length <= 1;
  return {
    title: 'Functions by what tuning could save',
    marker: ['lambda-tune-fleet', places.map(placeName).join(' ')],
    answer: answerOf(fleet, worth),
    facts: [],
    sheets: [
      {
        title: '',
        columns: columns.filter(({ head }) => head !== 'where' || !isOnePlace),
        rows: shown.map((one) =>
          columns.filter(({ head }) => head !== 'where' || !isOnePlace).map(({ cell }) => cell(one)),
        ),
        rest: restOf(functions.filter((one) => !shown.includes(one))),
      },
    ],
    warnings: [
      ...unreadTexts(places),
      ...fleet.warnings.map(({ text }) => text),
      ...(fleet.endedBy === undefined ? [] : [endedWords[fleet.endedBy]]),
    ],
    remarks: [
      ...places.filter(({ status }) => status === 'partly').map(placeText),
      ...shown.flatMap((one) => one.notes.map((note) => `${one.functionName}: ${note}`)).slice(0, 10),
      ...shown.flatMap((one) => (one.cannotTune === undefined ? [] : [`${one.functionName} ${one.cannotTune}`])),
      `"Saves at most" is a bound, not a promise: a function whose records were read (${formatCount(total.observed)} of ${formatCount(total.functions)}) has a narrower one, marked with *.`,
      `${fleet.since.slice(0, 16)}Z to ${fleet.until.slice(0, 16)}Z. Nothing was invoked or changed. Reads cost ${formatUsd(spend.spentUsd)} of at most ${formatUsd(spend.capUsd)}.`,
    ],
    next:
      worth.length === 0
        ? []
        : [
            'To measure them: tune fleet rank … --json > fleet.json, then tune fleet run fleet.json --out runs --max-spend-usd <usd>',
          ],
  };
}

function isWorth({ isWorthMeasuring, cannotTune }: RankedFunction): boolean {
  return isWorthMeasuring === true && cannotTune === undefined;
}

function answerOf({ total, places, functions }: Fleet, worth: readonly RankedFunction[]): string {
  if (total.functions === 0) {
    const isRead = places.some(({ status }) => status === 'read' || status === 'partly');
    return isRead ? 'There is no function.' : 'No account could be read.';
  }
  const bill = total.monthlyUsd === null ? 'an unknown bill' : `${formatUsd(total.monthlyUsd)} a month`;
  const of = `${formatNumberOf(total.functions, 'function')} with ${bill} of Lambda's charges`;
  if (worth.length === 0) {
    const unknown = functions.filter(({ isWorthMeasuring }) => isWorthMeasuring === null).length;
    return unknown === 0
      ? `None of ${of} is worth measuring: what tuning could save would not pay for it.`
      : `Of ${formatCount(unknown)} of ${of} it cannot be told whether measuring is worth it: their figures could not be read.`;
  }
  const saves = worth.reduce((sum, { atMostSavesUsd }) => sum + (atMostSavesUsd ?? 0), 0);
  const costs = worth.reduce((sum, { costToMeasureUsd }) => sum + (costToMeasureUsd ?? 0), 0);
  return `${formatCount(worth.length)} of ${of} ${worth.length === 1 ? 'is' : 'are'} worth measuring: at most ${formatUsd(saves)} a month could be saved, and measuring costs about ${formatUsd(costs)}.`;
}

function restOf(rest: readonly RankedFunction[]): string | undefined {
  if (rest.length === 0) return undefined;
  const spend = rest.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0);
  const saves = rest.reduce((sum, { atMostSavesUsd }) => sum + (atMostSavesUsd ?? 0), 0);
  const unknown = rest.filter(({ monthlyUsd }) => monthlyUsd === null).length;
  const unread = unknown === 0 ? '' : `, and ${formatCount(unknown)} whose spend is not known`;
  return `and ${formatNumberOf(rest.length, 'more function')}, together ${formatUsd(spend)} a month, at most ${formatUsd(saves)} of it to be saved${unread}: the JSON document has them all`;
}

const endedWords = {
  cap: 'The cap (--max-spend-usd) ended the reading: what it left out has no figures.',
  interrupt: 'The reading was interrupted: what it left out has no figures.',
} as const;

function placeName({ accountId, region, role, profile }: FleetPlace): string {
  return `${accountId === '' ? (role ?? profile ?? 'this account') : accountId} ${region}`.trimEnd();
}

/** A role that nobody may assume fails in every region: said once. */
function unreadTexts(places: readonly FleetPlace[]): readonly string[] {
  const byReason = new Map<string, FleetPlace[]>();
  for (const place of places.filter(({ status }) => status === 'denied' || status === 'unreachable')) {
    const reason = [place.accountId, place.profile, place.role, ...place.notes].join(' ');
    byReason.set(reason, [...(byReason.get(reason) ?? []), place]);
  }
  return [...byReason.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [placeText({ ...first, region: [first, ...others].map(({ region }) => region).join(', ') })],
  );
}

function placeText(place: FleetPlace): string {
  const words = { read: 'read', partly: 'read in part', denied: 'not read', unreachable: 'not read' } as const;
  return `${placeName(place)}: ${words[place.status]}${place.notes.length === 0 ? '' : `: ${place.notes.join('; ')}`}`;
}

function usd(amount: number | null): string {
  return amount === null ? '?' : formatUsd(amount);
}

interface RankColumn extends PageColumn {
  readonly cell: (one: RankedFunction) => string;
}

const columns: readonly RankColumn[] = [
  { head: 'function', align: 'left', cell: ({ functionName }) => functionName },
  { head: 'where', align: 'left', leaves: 4, cell: ({ accountId, region }) => `${accountId} ${region}` },
  {
    head: 'saves at most',
    align: 'right',
    cell: ({ atMostSavesUsd, basis }) => `${usd(atMostSavesUsd)}${basis === 'records' ? '*' : ' '}`,
  },
  { head: 'spend/month', align: 'right', cell: ({ monthlyUsd }) => usd(monthlyUsd) },
  { head: 'share', align: 'right', leaves: 2, cell: ({ share }) => (share === null ? '?' : formatShare(share)) },
  { head: 'measuring', align: 'right', leaves: 3, cell: ({ costToMeasureUsd }) => usd(costToMeasureUsd) },
  { head: 'pays back in', align: 'right', leaves: 5, cell: ({ paybackDays }) => paybackText(paybackDays) },
  { head: 'setting', align: 'left', leaves: 1, cell: ({ memoryMb, architecture }) => `${memoryMb} MB ${architecture}` },
  {
    head: 'risk',
    align: 'left',
    leaves: 7,
    cell: ({ risk, eventSources }) =>
      eventSources.length === 0 ? risk.level : `${risk.level} (${eventSources.join(', ')})`,
  },
  { head: 'owner', align: 'left', leaves: 6, cell: ({ owner }) => owner ?? '' },
];

/** At best, and as long as what is saved is what could be. */
function paybackText(days: number | null): string {
  if (days === null) return '–';
  if (days < 1) return '< 1 day';
  return days > 3650 ? 'years' : formatNumberOf(Math.ceil(days), 'day');
}

export function renderRankingJson(fleet: Fleet): string {
  const parsed = fleetSchema.safeParse(fleet);
  return `${escapeJsonText(JSON.stringify(parsed.success ? parsed.data : fleet, null, 2))}\n`;
}

export function renderRankingCsv(fleet: Fleet): string {
  return csvText(csvColumns, fleet.functions, fleet);
}

const csvColumns = {
  function: (one: RankedFunction) => one.functionName,
  function_arn: (one: RankedFunction) => one.functionArn,
  account_id: (one: RankedFunction) => one.accountId,
  region: (one: RankedFunction) => one.region,
  memory_mb: (one: RankedFunction) => one.memoryMb,
  architecture: (one: RankedFunction) => one.architecture,
  runtime: (one: RankedFunction) => one.runtime,
  invocations_per_month: (one: RankedFunction) => one.invocationsPerMonth,
  mean_duration_ms: (one: RankedFunction) => one.meanDurationMs,
  monthly_usd: (one: RankedFunction) => one.monthlyUsd,
  share: (one: RankedFunction) => one.share,
  at_most_saves_usd: (one: RankedFunction) => one.atMostSavesUsd,
  cost_to_measure_usd: (one: RankedFunction) => one.costToMeasureUsd,
  payback_days: (one: RankedFunction) => one.paybackDays,
  worth_measuring: (one: RankedFunction) => (one.isWorthMeasuring === null ? undefined : String(one.isWorthMeasuring)),
  basis: (one: RankedFunction) => one.basis,
  risk: (one: RankedFunction) => one.risk.level,
  risk_reasons: (one: RankedFunction) => one.risk.reasons.join('; '),
  event_sources: (one: RankedFunction) => one.eventSources.join(' '),
  owner: (one: RankedFunction) => one.owner,
  because: (one: RankedFunction) => one.because,
  cannot_tune: (one: RankedFunction) => one.cannotTune,
  notes: (one: RankedFunction) => one.notes.join('; '),
} as const;
