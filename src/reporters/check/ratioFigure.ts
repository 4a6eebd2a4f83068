import { scaleLog } from 'd3-scale';
import type { CheckedFunction } from '../../model/check.ts';
import { widened } from '../figures/axes.ts';
import { svgElement } from '../figures/figure.ts';
import { element, escaped, pixels } from '../figures/svgElements.ts';
import { textWidthOf } from '../figures/textWidth.ts';
import { type CheckMetric, limitText, measuredText, metricName, metricVerdict, signedChangeText } from './wording.ts';

/** `right`: room for the verdict's word, so that no line is read by its colour alone. */
interface Size {
  readonly screen: 'wide' | 'narrow';
  readonly width: number;
  readonly left: number;
  readonly right: number;
}

const sizes: readonly Size[] = [
  { screen: 'wide', width: 760, left: 130, right: 150 },
  { screen: 'narrow', width: 370, left: 104, right: 100 },
];
const rowHeight = 30;

/** One line of the figure: what was measured as a factor, and the limit as one. */
interface Line {
  readonly metric: CheckMetric;
  readonly estimate: number;
  /** null: not bounded. */
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number | undefined;
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Increases as current ÷ baseline, budgets as current ÷ budget, each with its interval and its limit. Empty without any. */
export function drawRatios(checked: CheckedFunction, id: string): string {
  const panels: readonly Panel[] = [
    { title: 'Current against baseline, with limits', lines: checked.metrics.flatMap(increaseOf) },
    { title: 'Current against its budget', lines: checked.metrics.flatMap(budgetOf) },
  ].filter(({ lines }) => lines.length > 0);
  if (panels.length === 0) return '';
  const height = panels.reduce((sum, panel) => sum + heightOf(panel), 0);
  const drawn = panels.flatMap(({ lines }) => lines);
  const text = {
    title: panels.map(({ title }) => title).join('; '),
    description: drawn.map(({ metric }) => `${metricName(metric)} ${readOf(metric)}`).join('; '),
  };
  const svgs = sizes.map((size) => {
    const tops = panels.map((_, index) => panels.slice(0, index).reduce((sum, panel) => sum + heightOf(panel), 0));
    const content = panels.map((panel, index) => drawPanel(panel, tops[index] ?? 0, size)).join('');
    const svg = svgElement({ width: size.width, height, content }, text, `${id}-${size.screen}`);
    return element('div', { class: `ratios at-${size.screen}` }, svg);
  });
  const caption =
    'Upright stroke: the limit. Bars: the interval that is compared with it. Filled circle: passed; cross: regressed; hollow diamond: undecided; small dot: not judged.';
  return `<figure id="${id}"><figcaption>${caption}</figcaption>${svgs.join('')}</figure>`;
}

function increaseOf(metric: CheckMetric): readonly Line[] {
  const { kind, ratio, limit } = metric;
  if (kind !== 'increase' || ratio === null) return [];
  return [{ metric, ...ratio, limit: limit === null ? undefined : 1 + limit }];
}

function budgetOf(metric: CheckMetric): readonly Line[] {
  const { kind, interval, limit } = metric;
  if (kind !== 'budget' || interval === undefined || limit === null || limit <= 0) return [];
  const { estimate, low, high } = interval;
  return [
    { metric, estimate: estimate / limit, low: low / limit, high: high === null ? null : high / limit, limit: 1 },
  ];
}

function readOf(metric: CheckMetric): string {
  const verdict = metricVerdict(metric);
  return `${measuredText(metric)}, limit ${limitText(metric)}${verdict === '' ? '' : `: ${verdict}`}`;
}

function heightOf({ lines }: Panel): number {
  return 30 + lines.length * rowHeight + 34;
}

function drawPanel({ title, lines }: Panel, top: number, size: Size): string {
  const domain = domainOf(lines);
  const x = scaleLog()
    .domain(domain)
    .range([size.left, size.width - size.right])
    .clamp(true);
  const bottom = top + heightOf({ title, lines }) - 34;
  return [
    element('text', { class: 'panel-title', x: 8, y: top + 18 }, escaped(title)),
    ...ticksOf(domain, x).map(
      (tick) =>
        element('line', { class: tick === 1 ? 'base' : 'grid', x1: x(tick), x2: x(tick), y1: top + 28, y2: bottom }) +
        element(
          'text',
          { class: 'tick', x: x(tick), y: bottom + 16, 'text-anchor': 'middle' },
          signedChangeText(tick - 1),
        ),
    ),
    ...lines.map((line, index) => drawLine(line, x, domain, top + 30 + index * rowHeight + rowHeight / 2, size)),
  ].join('');
}

/** Made for the estimates, the limits and no change; an interval without a bound does not press them together. */
function domainOf(lines: readonly Line[]): readonly [number, number] {
  const figures = lines.flatMap(({ estimate, limit }) => [estimate, limit ?? 1, 1]).map((one) => Math.max(0.05, one));
  const extent = [Math.min(0.93, ...figures), Math.max(1.07, ...figures)] as const;
  const span = (extent[1] / extent[0]) ** 0.5;
  const [low, high] = widened(
    extent,
    lines
      .flatMap((line) => [line.low ?? extent[0] / span, line.high ?? extent[1] * span])
      .map((one) => Math.max(0.02, one)),
    span,
  );
  return [low / 1.03, high * 1.03];
}

/** No change first, then what is asked for most: a label that would touch an earlier one is left out. */
const ratioTicks = [1, 2, 0.5, 5, 0.2, 10, 1.1, 0.9, 1.5, 1.25, 0.75, 1.05, 0.95, 3, 20];

function ticksOf([low, high]: readonly [number, number], x: (tick: number) => number): readonly number[] {
  const kept: number[] = [];
  for (const tick of ratioTicks.filter((one) => one >= low && one <= high)) {
    const half = (one: number) => textWidthOf(signedChangeText(one - 1), 12) / 2 + 4;
    if (kept.every((other) => Math.abs(x(other) - x(tick)) >= half(other) + half(tick))) kept.push(tick);
  }
  return kept;
}

function drawLine(
  { metric, estimate, low, high, limit }: Line,
  x: (factor: number) => number,
  domain: readonly [number, number],
  y: number,
  { width, left, right }: Size,
): string {
  const [from, to] = [x(low ?? domain[0]), x(high ?? domain[1])];
  const end = (at: number, goesOn: boolean, side: 1 | -1) =>
    goesOn
      ? `M${pixels(at + 6 * side)} ${pixels(y - 4)}L${pixels(at)} ${pixels(y)}L${pixels(at + 6 * side)} ${pixels(y + 4)}`
      : `M${pixels(at)} ${pixels(y - 4)}v8`;
  const bar = [
    end(from, low === null || low < domain[0], 1),
    `M${pixels(from)} ${pixels(y)}H${pixels(to)}`,
    end(to, high === null || high > domain[1], -1),
  ].join('');
  return element(
    'g',
    { class: 'pt', 'data-read': `${metricName(metric)}: ${readOf(metric)}` },
    element('text', { class: 'tick', x: left - 10, y: y + 4, 'text-anchor': 'end' }, escaped(metricName(metric))),
    element('path', { class: 'interval', d: bar }),
    limit === undefined ? '' : element('line', { class: 'limit', x1: x(limit), x2: x(limit), y1: y - 11, y2: y + 11 }),
    verdictMark(metric, x(estimate), y),
    element('text', { class: 'said', x: width - right + 12, y: y + 4 }, escaped(metricVerdict(metric) || 'not judged')),
  );
}

function verdictMark({ verdict }: CheckMetric, x: number, y: number): string {
  switch (verdict) {
    case 'passed':
      return element('circle', { class: 'verdict passed', cx: x, cy: y, r: 5 });
    case 'regressed':
      return element('path', {
        class: 'verdict regressed',
        d: `M${pixels(x - 5)} ${pixels(y - 5)}l10 10m0 -10l-10 10`,
      });
    case 'inconclusive':
      return element('path', { class: 'verdict inconclusive', d: `M${pixels(x)} ${pixels(y - 7)}l7 7l-7 7l-7 -7z` });
    case null:
      return element('circle', { class: 'verdict passed', cx: x, cy: y, r: 2.5 });
  }
}
