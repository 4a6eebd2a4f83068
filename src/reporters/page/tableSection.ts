import { shownStarts } from '../../analysis/coldStarts.ts';
import {
  isAtTraffic,
  isMixture,
  judging,
  mixedColdShare,
  type ShownPercentile,
  shownPercentile,
} from '../../analysis/savedRun/judgedFigures.ts';
import { type Mark, marksOf, recommended } from '../../analysis/savedRun/marks.ts';
import { compareConfigurations, isVaried, sameConfiguration, variantOf } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import type { CostInterval } from '../../model/summary.ts';
import { formatDuration, formatMemory, formatShare, formatUsd, formatUsdPerMillion } from '../../text/format.ts';
import { element, escaped } from '../figures/svgElements.ts';
import { namerOf } from '../wording/namer.ts';

interface Cell {
  readonly text: string;
  /** What the column is sorted by. */
  readonly value?: number;
}

const none: Cell = { text: '–' };

type Column = readonly [title: string, cell: (row: ConfigurationResult) => Cell];

function columnsOf(result: TuningResult): readonly Column[] {
  const coldShare = mixedColdShare(result);
  const atTraffic = isAtTraffic(result);
  const judged = judging(result);
  const durations: readonly Column[] = !isMixture(result)
    ? [
        ['Warm calls', (row) => number(row.warm?.count)],
        ['Mean', (row) => duration(row.warm?.durationMs.mean)],
        ...byTheClock(result),
        ['p50', (row) => duration(row.warm?.durationMs.p50)],
        ['p95', (row) => atLeast(shownPercentile(row.warm, 'p95'))],
        ['p99', (row) => atLeast(shownPercentile(row.warm, 'p99'))],
        ['Billed', (row) => duration(row.warm?.billedDurationMs.mean)],
        ...streamed(result),
      ]
    : [
        ['Warm calls', (row) => number(row.warm?.count)],
        ['Cold starts', (row) => number(row.cold?.count)],
        ['Mean wait', (row) => duration(judged(row)?.meanMs)],
        ['p95 wait', (row) => atLeast(judged(row)?.p95 ?? null)],
      ];
  const costs = atTraffic
    ? '$ per million at your traffic'
    : coldShare === undefined
      ? '$ per million'
      : `$ per million, ${formatShare(coldShare)} cold`;
  return [
    ...durations,
    ['Init', (row) => duration(shownStarts(row.cold)?.mean)],
    ...initInterval(result),
    ['Used', (row) => memory(Math.max(row.warm?.maxMemoryUsedMb ?? 0, row.cold?.maxMemoryUsedMb ?? 0))],
    [costs, (row) => (atTraffic && row.projected ? none : cost(row, judged(row)?.costUsd))],
    ['95 % interval', (row) => interval(judged(row)?.costUsd)],
  ];
}

/** On the embedded endpoint, whose durations are those of a free machine. */
function byTheClock({ configurations }: TuningResult): readonly Column[] {
  if (!configurations.some(({ warm }) => warm?.rawDurationMs !== undefined)) return [];
  return [['Mean by the clock', (row) => duration(row.warm?.rawDurationMs?.mean)]];
}

/** Where cold starts are asked about. */
function initInterval({ options, configurations }: TuningResult): readonly Column[] {
  if (options.coldStarts === undefined && options.variants === undefined) return [];
  if (!configurations.some(({ cold }) => shownStarts(cold)?.meanInterval)) return [];
  return [
    [
      'Init, 95 % interval',
      (row) => {
        const bounds = shownStarts(row.cold)?.meanInterval;
        return bounds === undefined
          ? none
          : { text: `${formatDuration(bounds.low)} to ${formatDuration(bounds.high)}`, value: bounds.low };
      },
    ],
  ];
}

/** Where answers were streamed: by the client's clock. */
function streamed({ configurations }: TuningResult): readonly Column[] {
  if (!configurations.some(({ warm }) => warm?.stream !== undefined)) return [];
  return [
    ['First byte, p50', (row) => duration(row.warm?.stream?.firstByteMs?.p50)],
    ['Whole answer, p50', (row) => duration(row.warm?.stream?.totalMs.p50)],
  ];
}

/** The figures as numbers: what a screen reader has instead of the pictures, and what is copied. */
export function tableSection(result: TuningResult): string {
  if (result.configurations.length === 0) return '';
  const marksFor = marksOf(result);
  const name = namerOf(result);
  const pick = recommended(result);
  const columns = columnsOf(result);
  const varied = isVaried(result.configurations);
  const rows = result.configurations.toSorted(compareConfigurations).map((row) => {
    const isPick = pick !== undefined && sameConfiguration(pick, row);
    const shownMarks = marksFor(row)
      .map((mark) => markWords[mark])
      .join(', ');
    const remarks = [
      ...(isPick ? ['recommended'] : []),
      ...(shownMarks === '' ? [] : [shownMarks]),
      ...(row.status === 'measured' ? [] : [row.reason === undefined ? row.status : `${row.status}: ${row.reason}`]),
    ].join(', ');
    const cells = columns
      .map(([, cell]) => cell(row))
      .map(cellHtml)
      .join('');
    const head = `<th scope="row" data-v="${row.memoryMb}">${escaped(formatMemory(row.memoryMb))}</th>`;
    const variant = varied ? `<td class="text">${escaped(variantOf(row))}</td>` : '';
    const on = `<td class="text" data-v="${row.architecture === 'arm64' ? 1 : 0}">${row.architecture}</td>`;
    return `${element('tr', { 'data-name': name(row), class: isPick ? 'recommended' : undefined }, head, on, variant, cells, `<td class="why">${escaped(remarks)}</td>`)}`;
  });
  const heads = ['Memory', 'Architecture', ...(varied ? ['Variant'] : []), ...columns.map(([title]) => title)]
    .map(
      (title) =>
        `<th scope="col" data-sort="" class="${title === 'Architecture' || title === 'Variant' ? 'text' : ''}"><button type="button">${title}</button><span class="plain">${title}</span></th>`,
    )
    .join('');
  return `<h2 id="configurations">Configurations</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="configurations"><table>
<thead><tr>${heads}<th scope="col" class="text">Remarks</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}

const markWords = {
  cheapest: 'cheapest',
  cheapestEqual: 'as cheap',
  cheapestNotToldApart: 'not told apart from the cheapest',
  fastest: 'fastest',
  fastestEqual: 'as fast',
  fastestNotToldApart: 'not told apart from the fastest',
  balanced: 'balanced',
  current: 'current',
} as const satisfies Record<Mark, string>;

function cellHtml({ text, value }: Cell): string {
  return `<td data-v="${value === undefined ? '' : String(Number(value.toPrecision(9)))}">${escaped(text)}</td>`;
}

function number(value: number | undefined): Cell {
  return value === undefined ? none : { text: String(value), value };
}

function duration(value: number | null | undefined): Cell {
  return value === undefined || value === null ? none : { text: formatDuration(value), value };
}

function atLeast(shown: ShownPercentile | null): Cell {
  if (shown === null) return none;
  const text = formatDuration(shown.ms);
  return { text: shown.isLeast ? `≥ ${text}` : text, value: shown.ms };
}

function memory(value: number): Cell {
  return value <= 0 ? none : { text: formatMemory(Math.round(value)), value };
}

function cost({ projected }: ConfigurationResult, costUsd: CostInterval | undefined): Cell {
  if (projected !== undefined) {
    return { text: `~${formatUsdPerMillion(projected.costUsd.mean)}`, value: projected.costUsd.mean * 1e6 };
  }
  return costUsd === undefined ? none : { text: formatUsdPerMillion(costUsd.mean), value: costUsd.mean * 1e6 };
}

function interval(costUsd: CostInterval | undefined): Cell {
  if (costUsd === undefined) return none;
  const { low, high } = costUsd;
  return { text: `${formatUsd(low * 1e6)} – ${formatUsd(high * 1e6)}`, value: low * 1e6 };
}
