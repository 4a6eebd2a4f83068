import { shownStarts } from '../../analysis/coldStarts.ts';
import {
  isAtTraffic,
  isMixture,
  judgedStart,
  judging,
  type ShownPercentile,
  shownPercentile,
} from '../../analysis/savedRun/judgedFigures.ts';
import { type Mark, marksOf } from '../../analysis/savedRun/marks.ts';
import { rejectionCause } from '../../analysis/savedRun/rejections.ts';
import { findConfiguration } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { columnDecimals, formatCount, formatFixed, formatShare } from '../../text/format.ts';
import type { Style } from '../../text/terminalStyle.ts';
import { causeWord, failureCount, unknown } from '../wording/rowWithoutFigures.ts';

/** One column of the terminal's table. Cells hold our own words and numbers only, never quoted text. */
export interface Column {
  readonly name: ColumnName;
  /** Two lines: what, and its unit. */
  readonly head: readonly [string, string];
  readonly align: 'left' | 'right';
  readonly cell: (row: ConfigurationResult) => string;
}

export type ColumnName =
  | 'memory'
  | 'n'
  | 'mean'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'billed'
  | 'firstByte'
  | 'total'
  | 'init'
  | 'used'
  | 'cost'
  | 'interval'
  | 'versus'
  | 'marks';

/** Where configurations are compared by a mixture, mean and p95 are of it, too: see `shownNames`. */
export function columnsOf(result: TuningResult): Readonly<Record<ColumnName, Column>> {
  const rows = result.configurations;
  const start = judgedStart(result);
  const isMixed = isMixture(result);
  const judged = judging(result);
  const meanCostOf = (row: ConfigurationResult) =>
    (judged(row)?.costUsd ?? (isAtTraffic(result) ? undefined : row.projected?.costUsd))?.mean;
  const decimals = {
    ms: columnDecimals(rows.flatMap((row) => judged(row)?.meanMs ?? row.projected?.durationMs ?? [])),
    init: columnDecimals(
      rows.flatMap((row) => shownStarts(row.cold)?.mean ?? []),
      1,
    ),
    usd: columnDecimals(
      rows.flatMap((row) => (meanCostOf(row) ?? 0) * 1e6),
      4,
    ),
  };
  const ms = (value: number | null | undefined): string =>
    value === undefined || value === null ? unknown : formatFixed(value, decimals.ms);
  const atLeast = (shown: ShownPercentile | null): string =>
    shown === null ? unknown : `${shown.isLeast ? '≥ ' : ''}${ms(shown.ms)}`;
  const cheapest = result.cheapest === null ? undefined : findConfiguration(rows, result.cheapest);
  const right = (
    name: ColumnName,
    head: readonly [string, string],
    cell: (row: ConfigurationResult) => string,
  ): Column => ({ name, head, align: 'right', cell });
  const marksFor = marksOf(result);

  return {
    memory: right('memory', ['memory', 'MB'], (row) => formatCount(row.memoryMb)),
    n: right('n', ['n', ''], (row) =>
      isMixed && row.warm && row.cold
        ? `${formatCount(row.warm.count)}+${formatCount(row.cold.count)}`
        : row[start]
          ? `${formatCount(row[start].count)}${ofAll(row, start)}`
          : unknown,
    ),
    mean: right('mean', ['mean', 'ms'], (row) => ms(judged(row)?.meanMs ?? row.projected?.durationMs)),
    p50: right('p50', ['p50', 'ms'], (row) => ms(row[start]?.durationMs.p50)),
    p95: right('p95', ['p95', 'ms'], (row) => atLeast(judged(row)?.p95 ?? null)),
    p99: right('p99', ['p99', 'ms'], (row) => atLeast(shownPercentile(row[start], 'p99'))),
    billed: right('billed', ['billed', 'ms'], (row) =>
      row[start] ? formatFixed(row[start].billedDurationMs.mean, Math.min(1, decimals.ms)) : unknown,
    ),
    firstByte: right('firstByte', ['first', 'byte ms'], (row) => ms(row[start]?.stream?.firstByteMs?.p50)),
    total: right('total', ['total', 'ms'], (row) => ms(row[start]?.stream?.totalMs.p50)),
    init: right('init', ['init', 'ms'], (row) => {
      const starts = shownStarts(row.cold);
      return starts ? formatFixed(starts.mean, decimals.init) : unknown;
    }),
    used: right('used', ['used', 'MB'], (row) => {
      const used = row.warm?.maxMemoryUsedMb ?? row.cold?.maxMemoryUsedMb;
      return used === undefined ? unknown : formatCount(used);
    }),
    cost: right('cost', ['$ per', 'million'], (row) => {
      const mean = meanCostOf(row);
      return mean === undefined ? unknown : formatFixed(mean * 1e6, decimals.usd);
    }),
    interval: right('interval', ['95 %', 'interval'], (row) => {
      const cost = judged(row)?.costUsd;
      if (!cost || cost.high <= cost.low) return unknown;
      return `${formatFixed(cost.low * 1e6, decimals.usd)}–${formatFixed(cost.high * 1e6, decimals.usd)}`;
    }),
    versus: right('versus', ['against', 'cheapest'], (row) =>
      versusText(meanCostOf(row), cheapest && meanCostOf(cheapest)),
    ),
    marks: {
      name: 'marks',
      head: ['', ''],
      align: 'left',
      cell: (row) => {
        const words = marksFor(row).map((mark) => markText[mark].word);
        const status = statusText(row);
        return [...words, ...(status === '' ? [] : [status])].join(', ');
      },
    },
  };
}

/** Where the first warm calls are not judged: how many there were in all. */
function ofAll(row: ConfigurationResult, start: 'warm' | 'cold'): string {
  return row.steady === undefined || start === 'cold' ? '' : ` of ${formatCount(row.steady.allWarm.count)}`;
}

/** Of these columns those that this run has something for. */
export function shownNames(names: readonly ColumnName[], result: TuningResult): readonly ColumnName[] {
  const isMixed = isMixture(result);
  return withStream(names, result).filter(
    (name) => !(isMixed && ofWarmAlone.has(name)) && !(name === 'versus' && result.cheapest === null),
  );
}

/** Columns of answers that were streamed go behind those of the duration. */
function withStream(names: readonly ColumnName[], result: TuningResult): readonly ColumnName[] {
  if (!result.configurations.some(({ warm, cold }) => warm?.stream ?? cold?.stream)) return names;
  const behind = names.findLastIndex((name) => ['mean', 'p50', 'p95', 'p99', 'billed'].includes(name));
  return [...names.slice(0, behind + 1), 'firstByte', 'total', ...names.slice(behind + 1)];
}

/** Columns that have no place beside figures of a mixture. */
const ofWarmAlone: ReadonlySet<ColumnName> = new Set(['p50', 'p99', 'billed', 'firstByte', 'total']);

/** `=`: equal to it within the tolerance. `~` as in "about": not told apart from it yet. */
export const markText = {
  cheapest: { word: 'cheapest', style: 'green' },
  cheapestEqual: { word: '=cheapest', style: 'green' },
  cheapestNotToldApart: { word: '~cheapest', style: 'green' },
  fastest: { word: 'fastest', style: 'cyan' },
  fastestEqual: { word: '=fastest', style: 'cyan' },
  fastestNotToldApart: { word: '~fastest', style: 'cyan' },
  balanced: { word: 'balanced', style: 'magenta' },
  current: { word: 'current', style: 'yellow' },
} as const satisfies Record<Mark, { readonly word: string; readonly style: Style }>;

function statusText(row: ConfigurationResult): string {
  switch (row.status) {
    case 'measured':
      return '';
    case 'projected':
      return 'projected';
    case 'unmeasured':
      return 'not fully measured';
    case 'infeasible':
      return `✗ ${causeWord(rejectionCause(row))}`;
    case 'disqualified': {
      const share = formatShare(failureCount(row) / Math.max(1, row.measurements.length));
      return `✗ disqualified, ${share} failed`;
    }
  }
}

function versusText(costUsd: number | undefined, cheapestUsd: number | undefined): string {
  if (costUsd === undefined || !cheapestUsd) return unknown;
  const share = costUsd / cheapestUsd - 1;
  return share > 0 ? `+${formatShare(share)}` : formatShare(share).replace('-', '−');
}
