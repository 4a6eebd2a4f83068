import { nameOf } from '../../model/configuration.ts';
import {
  type Portfolio,
  type PortfolioFunction,
  portfolioSchema,
  type SavesUsdPerMonth,
} from '../../model/fleet/portfolio.ts';
import { escapeJsonText } from '../../text/escape.ts';
import { formatCount, formatNumberOf, formatShare, formatUsd } from '../../text/format.ts';
import { csvText } from '../wording/machines/csvText.ts';
import type { FleetPage, PageColumn, PageTable } from './page.ts';

/** What people read; the document has all. */
const mostRows = 40;
const mostFirst = 3;

/** What was found, the order to change things in, and what could not be measured and why. */
export function portfolioPage(portfolio: Portfolio): FleetPage {
  const { functions, total, shards, leftBehind } = portfolio;
  const measured = functions.filter(({ state }) => state === 'measured');
  const isAnswered = ({ answer }: PortfolioFunction) => answer?.kind === 'change' || answer?.kind === 'stay';
  const others = functions.filter(({ state }) => state !== 'measured');
  const where = new Set(functions.map(({ accountId, region }) => `${accountId} ${region}`)).size > 1;
  return {
    title: 'What tuning the fleet came to',
    marker: ['lambda-tune-fleet-portfolio', portfolio.folders.join(' ')],
    answer: answerOf(portfolio),
    facts: countsOf(portfolio),
    sheets: [
      sheetOf('', measuredColumns, measured.filter(isAnswered), where, 'more measured'),
      sheetOf(
        'Measured, without an answer',
        unansweredColumns,
        measured.filter((one) => !isAnswered(one)),
        where,
        'more without an answer',
      ),
      sheetOf('Not measured', unmeasuredColumns, others, where, 'more not measured'),
    ],
    warnings: [
      ...(shards.missing.length === 0
        ? []
        : [`${formatNumberOf(shards.missing.length, 'part')} of ${shards.of} missing: ${shards.missing.join(', ')}.`]),
      ...leftBehind.map(({ name, reason, command }) => `Left behind: ${name}: ${reason} Remove it: ${command}`),
    ],
    remarks: [
      `What a month saves is the measured share × what the month costs as it was ranked${total.savesUsdPerMonth === null ? '' : '; the interval of the sum takes the functions as measured apart from each other'}. Measuring cost ${formatUsd(total.spentUsd)}.`,
    ],
    next: firstOf(measured),
  };
}

function answerOf({ total }: Portfolio): string {
  if (total.functions === 0) return 'There is nothing to measure.';
  if (total.measured === 0) return `None of ${formatNumberOf(total.functions, 'function')} was measured.`;
  const of = `${formatNumberOf(total.measured, 'measured function')}`;
  if (total.savesUsdPerMonth === null) {
    if (total.change === 0) {
      return total.stay === 0
        ? `None of ${of} has an answer.`
        : `Nothing is to be changed: ${formatCount(total.stay)} of ${of} should stay as they are.`;
    }
    return `${formatCount(total.change)} of ${of} should change; none of that surely saves money.`;
  }
  const share = total.savesShare === null ? '' : `, ${formatShare(total.savesShare)} of what they cost`;
  return `${savingText(total.savesUsdPerMonth)} a month can be saved${share}: ${formatCount(total.change)} of ${of} should change.`;
}

function countsOf({ total }: Portfolio): readonly string[] {
  const parts = [
    [total.change, 'to change'],
    [total.stay, 'to leave as they are'],
    [total.unanswered, 'without an answer'],
    [total.needsPayload, total.needsPayload === 1 ? 'that needs a payload' : 'that need a payload'],
    [total.failed, 'that failed'],
    [total.notReached, 'not reached'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, words]) => `${formatCount(count)} ${words}`);
  return shown.length === 0 ? [] : [`${formatNumberOf(total.functions, 'function')}: ${shown.join(', ')}.`];
}

/** What to do first: where most is saved. */
function firstOf(measured: readonly PortfolioFunction[]): readonly string[] {
  const worth = measured.filter(({ savesUsdPerMonth }) => savesUsdPerMonth !== null).slice(0, mostFirst);
  return worth.map(({ functionName, answer, savesUsdPerMonth }, nth) => {
    const to = answer?.kind === 'change' ? nameOf(answer.configuration) : '';
    const saves = savesUsdPerMonth === null ? '' : `, which saves ${savingText(savesUsdPerMonth)} a month`;
    return `${nth === 0 ? 'Do first' : 'Then'}: ${functionName} to ${to}${saves}.`;
  });
}

function savingText({ estimate, low, high }: SavesUsdPerMonth): string {
  return `${formatUsd(estimate)} (${formatUsd(low)} to ${formatUsd(high)})`;
}

interface PortfolioColumn extends PageColumn {
  readonly cell: (one: PortfolioFunction) => string;
}

const place: PortfolioColumn = {
  head: 'where',
  align: 'left',
  leaves: 2,
  cell: ({ accountId, region }) => `${accountId} ${region}`,
};
const name: PortfolioColumn = { head: 'function', align: 'left', cell: ({ functionName }) => functionName };
const spend: PortfolioColumn = {
  head: 'spend/month',
  align: 'right',
  leaves: 3,
  cell: ({ monthlyUsd }) => (monthlyUsd === null ? '?' : formatUsd(monthlyUsd)),
};

const measuredColumns: readonly PortfolioColumn[] = [
  name,
  place,
  {
    head: 'today',
    align: 'left',
    leaves: 1,
    cell: ({ current }) => (current === null ? '' : nameOf(current)),
  },
  { head: 'answer', align: 'left', cell: answerText },
  spend,
  {
    head: 'saves/month',
    align: 'right',
    cell: ({ savesUsdPerMonth }) => (savesUsdPerMonth === null ? '–' : savingText(savesUsdPerMonth)),
  },
];

const stateWords = {
  measured: 'measured',
  needsPayload: 'needs a payload',
  failed: 'failed',
  notReached: 'not reached',
} as const satisfies Record<PortfolioFunction['state'], string>;

const unansweredColumns: readonly PortfolioColumn[] = [
  name,
  place,
  spend,
  { head: 'why', align: 'left', cell: ({ because }) => because },
];

const unmeasuredColumns: readonly PortfolioColumn[] = [
  name,
  place,
  spend,
  { head: 'what', align: 'left', cell: ({ state }) => stateWords[state] },
  { head: 'why', align: 'left', cell: ({ because, error }) => error?.message ?? because },
];

function answerText({ answer }: PortfolioFunction): string {
  switch (answer?.kind) {
    case 'change':
      return `change to ${nameOf(answer.configuration)}`;
    case 'stay':
      return 'stay';
    case 'unanswered':
      return 'no answer';
    case undefined:
      return '';
  }
}

function sheetOf(
  title: string,
  columns: readonly PortfolioColumn[],
  functions: readonly PortfolioFunction[],
  isSeveralPlaces: boolean,
  noun: string,
): PageTable {
  const shown = columns.filter((column) => column !== place || isSeveralPlaces);
  const left = functions.length - mostRows;
  return {
    title,
    columns: shown,
    rows: functions.slice(0, mostRows).map((one) => shown.map(({ cell }) => cell(one))),
    rest: left > 0 ? `and ${formatCount(left)} ${noun}: the JSON document has them all` : undefined,
  };
}

export function renderPortfolioJson(portfolio: Portfolio): string {
  const parsed = portfolioSchema.safeParse(portfolio);
  return `${escapeJsonText(JSON.stringify(parsed.success ? parsed.data : portfolio, null, 2))}\n`;
}

export function renderPortfolioCsv(portfolio: Portfolio): string {
  return csvText(csvColumns, portfolio.functions, portfolio);
}

const csvColumns = {
  function: (one: PortfolioFunction) => one.functionName,
  function_arn: (one: PortfolioFunction) => one.functionArn,
  account_id: (one: PortfolioFunction) => one.accountId,
  region: (one: PortfolioFunction) => one.region,
  state: (one: PortfolioFunction) => one.state,
  answer: (one: PortfolioFunction) => one.answer?.kind,
  current_memory_mb: (one: PortfolioFunction) => one.current?.memoryMb,
  current_architecture: (one: PortfolioFunction) => one.current?.architecture,
  memory_mb: (one: PortfolioFunction) => one.answer?.configuration?.memoryMb,
  architecture: (one: PortfolioFunction) => one.answer?.configuration?.architecture,
  monthly_usd: (one: PortfolioFunction) => one.monthlyUsd,
  saves_usd_per_month: (one: PortfolioFunction) => one.savesUsdPerMonth?.estimate,
  saves_low: (one: PortfolioFunction) => one.savesUsdPerMonth?.low,
  saves_high: (one: PortfolioFunction) => one.savesUsdPerMonth?.high,
  spent_usd: (one: PortfolioFunction) => one.spentUsd,
  run_id: (one: PortfolioFunction) => one.runId,
  run_file: (one: PortfolioFunction) => one.runFile,
  because: (one: PortfolioFunction) => one.because,
  error: (one: PortfolioFunction) => one.error?.message,
} as const;
