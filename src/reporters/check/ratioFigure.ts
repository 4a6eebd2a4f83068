import { scaleLog } from 'd3-scale';
import type { CheckedFunction } from '../../domain/check/result.ts';
import { svgElement } from '../figures/figure.ts';
import { element, escaped } from '../figures/svgElements.ts';
import { changeText, measuredText, metricName } from './wording.ts';

const width = 760;
const left = 130;
const rowHeight = 30;

/** The middle first, then what is asked for most: a label that would touch an earlier one is left out. */
const ratioTicks = [1, 2, 0.5, 1.1, 0.9, 1.5, 1.25, 0.75, 1.05, 0.95, 3];
const labelWidth = 46;

function apart(ticks: readonly number[], x: (tick: number) => number): readonly number[] {
  const kept: number[] = [];
  for (const tick of ticks) {
    if (kept.every((other) => Math.abs(x(other) - x(tick)) >= labelWidth)) kept.push(tick);
  }
  return kept;
}

/** Current ÷ baseline of every line that has it, with its interval and its limit. Empty without any. */
export function drawRatios(checked: CheckedFunction, id: string): string {
  const lines = checked.metrics.filter(({ kind, ratio }) => kind === 'increase' && ratio !== null);
  if (lines.length === 0) return '';
  const values = lines.flatMap(({ ratio, limit }) => [
    ratio?.estimate ?? 1,
    ratio?.low ?? 1,
    ratio?.high ?? 1,
    1 + (limit ?? 0),
  ]);
  const far = Math.min(4, Math.max(1.12, ...values.map((value) => Math.max(value, 1 / Math.max(0.2, value)))));
  const x = scaleLog()
    .domain([1 / far, far])
    .range([left, width - 20])
    .clamp(true);
  const height = 30 + lines.length * rowHeight + 30;
  const bottom = height - 30;
  const ticks = apart(
    ratioTicks.filter((tick) => tick >= 1 / far && tick <= far),
    x,
  );
  const content = [
    element('text', { class: 'panel-title', x: 8, y: 18 }, 'Current against baseline, with limits'),
    ...ticks.map(
      (tick) =>
        element('line', { class: tick === 1 ? 'base' : 'grid', x1: x(tick), x2: x(tick), y1: 28, y2: bottom }) +
        element('text', { class: 'tick', x: x(tick), y: bottom + 16, 'text-anchor': 'middle' }, changeText(tick - 1)),
    ),
    ...lines.map((metric, index) => {
      const { ratio, limit } = metric;
      const y = 30 + index * rowHeight + rowHeight / 2;
      const [low, high] = [ratio?.low ?? 1 / far, ratio?.high ?? far];
      const mark =
        limit === null ? '' : element('path', { class: 'cross', d: `M${x(1 + limit).toFixed(1)} ${y - 9}v18` });
      return element(
        'g',
        { class: 'pt x86_64', 'data-read': `${metricName(metric)}: ${measuredText(metric)}` },
        element('text', { class: 'tick', x: left - 10, y: y + 4, 'text-anchor': 'end' }, escaped(metricName(metric))),
        element('path', { class: 'line', d: `M${x(low).toFixed(1)} ${y}H${x(high).toFixed(1)}` }),
        element('circle', { class: 'mark', cx: x(ratio?.estimate ?? 1), cy: y, r: 4.5 }),
        mark,
      );
    }),
  ].join('');
  const text = {
    title: 'Current against baseline',
    description: lines.map((metric) => `${metricName(metric)} ${measuredText(metric)}`).join('; '),
  };
  return `<figure id="${id}"><figcaption>Red: the limit. Bars: the interval that is compared with it.</figcaption>${svgElement({ width, height, content }, text, `${id}-svg`)}</figure>`;
}
