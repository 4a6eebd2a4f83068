import { area, line } from 'd3-shape';
import type { Observation } from '../../model/production/observation.ts';
import { formatCount, formatUsd } from '../../text/format.ts';
import { axisTitle, type Box, valueAxis, valueGrid } from '../figures/axes.ts';
import type { Drawing } from '../figures/figure.ts';
import { element, escaped, shortened } from '../figures/svgElements.ts';

type Day = Observation['days'][number];

const height = 300;
const left = 64;
const right = 16;
/** "11-20" with room around it. */
const labelPx = 52;
const markPx = 14;

/** One bar a day, and a numbered stroke where something changed. Undefined where no day has a cost. */
export function drawCostByDay({ days, changes, since, until }: Observation, width: number): Drawing | undefined {
  const costs = days.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
  if (costs.length === 0) return undefined;
  const box: Box = { left, top: 34, width: width - left - right, height: height - 84 };
  const y = valueAxis({ figures: costs }, 'linear', box.top + box.height, box.top);
  const step = box.width / days.length;
  const bars = days.map(({ day, costUsd }, index) => {
    if (costUsd === null) return '';
    const top = y(costUsd);
    const isPart = `${day}T00:00:00.000Z` < since || `${day}T23:59:59.999Z` > until;
    return element(
      'rect',
      {
        class: 'used',
        x: box.left + index * step + step * 0.12,
        y: top,
        width: step * 0.76,
        height: box.top + box.height - top,
        'fill-opacity': isPart ? '0.45' : undefined,
      },
      element('title', {}, escaped(`${day}${isPart ? ' (a part of it)' : ''}: ${formatUsd(costUsd)}`)),
    );
  });
  return {
    width,
    height,
    content: [
      valueGrid(box, y, '$'),
      element('g', { class: 'x86_64' }, ...bars),
      ...changeMarks(changes, days, box, step),
      dayAxis(days, box, step),
      axisTitle(
        box.left + box.width / 2,
        height - 8,
        width < 600 ? 'Day (UTC); numbered: what changed' : 'Day (UTC), paler: a part of one; numbered: what changed',
      ),
    ].join(''),
  };
}

/** p50, p95 and p99 of each day. Undefined where CloudWatch told none. */
export function drawDurations({ days, changes }: Observation, width: number): Drawing | undefined {
  const known = days.flatMap(({ durationMs }, index) => (durationMs === null ? [] : [{ index, ...durationMs }]));
  if (known.length === 0) return undefined;
  const box: Box = { left, top: 34, width: width - left - right, height: height - 84 };
  const y = valueAxis({ figures: known.flatMap(({ p50, p99 }) => [p50, p99]) }, 'log', box.top + box.height, box.top);
  const step = box.width / days.length;
  type Known = (typeof known)[number];
  const x = ({ index }: Known) => box.left + (index + 0.5) * step;
  const band = area<Known>()
    .x(x)
    .y0((one) => y(one.p50))
    .y1((one) => y(one.p95));
  const along = (key: 'p50' | 'p95' | 'p99') =>
    line<Known>()
      .x(x)
      .y((one) => y(one[key]))(known);
  const last = known.at(-1) as Known;
  const label = (key: 'p50' | 'p95' | 'p99') =>
    element('text', { class: 'label x86_64', x: x(last) - 4, y: y(last[key]) - 5, 'text-anchor': 'end' }, key);
  return {
    width,
    height,
    content: [
      valueGrid(box, y, ''),
      element(
        'g',
        { class: 'x86_64' },
        element('path', { class: 'used', 'fill-opacity': '0.14', d: shortened(band(known)) }),
        element('path', { class: 'line', d: shortened(along('p50')) }),
        element('path', { class: 'line', d: shortened(along('p95')) }),
      ),
      element('g', { class: 'x86_64 p95' }, element('path', { class: 'line', d: shortened(along('p99')) })),
      label('p50'),
      label('p95'),
      label('p99'),
      ...changeMarks(changes, days, box, step),
      dayAxis(days, box, step),
      axisTitle(box.left + box.width / 2, height - 8, 'Duration in ms, by day (UTC)'),
    ].join(''),
  };
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Peak concurrency by weekday and hour: the darker, the more at a time; numbers where they fit. */
export function drawConcurrency({ concurrency }: Observation, width: number): Drawing | undefined {
  if (concurrency === null) return undefined;
  const most = Math.max(1, ...concurrency.flatMap((row) => row.map((value) => value ?? 0)));
  const cell = (width - left - right) / 24;
  const rowPx = Math.max(18, Math.min(30, cell));
  const top = 12;
  const cells = concurrency.flatMap((row, weekday) =>
    row.map((value, hour) => {
      const at = { x: left + hour * cell, y: top + weekday * rowPx };
      const text = value === null ? 'no calls' : formatCount(value);
      const shown = value !== null && cell >= 8 + 7 * text.length;
      return (
        element(
          'rect',
          {
            class: value === null ? 'track' : 'used',
            x: at.x + 0.5,
            y: at.y + 0.5,
            width: cell - 1,
            height: rowPx - 1,
            'fill-opacity': value === null ? undefined : String(Math.round((0.08 + 0.52 * (value / most)) * 100) / 100),
          },
          element('title', {}, escaped(`${weekdays[weekday] ?? ''} ${hour}:00: ${text}`)),
        ) +
        (shown
          ? element(
              'text',
              { class: 'label', x: at.x + cell / 2, y: at.y + rowPx / 2 + 4, 'text-anchor': 'middle' },
              text,
            )
          : '')
      );
    }),
  );
  const bottom = top + 7 * rowPx;
  const every = cell < 24 ? 6 : 3;
  return {
    width,
    height: bottom + 46,
    content: [
      ...weekdays.map((name, weekday) =>
        element(
          'text',
          { class: 'tick', x: left - 10, y: top + weekday * rowPx + rowPx / 2 + 4, 'text-anchor': 'end' },
          name,
        ),
      ),
      element('g', { class: 'x86_64' }, ...cells),
      ...Array.from({ length: 24 / every }, (_, index) =>
        element('text', { class: 'tick', x: left + index * every * cell, y: bottom + 16 }, `${index * every}:00`),
      ),
      axisTitle(left + 12 * cell, bottom + 38, `Most at a time, by hour (UTC); at most ${formatCount(most)}`),
    ].join(''),
  };
}

function changeMarks(changes: Observation['changes'], days: readonly Day[], box: Box, step: number): readonly string[] {
  const firstMs = Date.parse(`${days[0]?.day ?? ''}T00:00:00Z`);
  let [before, above] = [Number.NEGATIVE_INFINITY, 0];
  return changes.map(({ at }, index) => {
    const x = box.left + ((Date.parse(at) - firstMs) / 86_400_000) * step;
    // Numbers of changes of one day do not lie on each other.
    above = x - before < markPx ? (above + 1) % 2 : 0;
    before = x;
    const y = box.top - 10 - above * 11;
    return (
      element('line', { class: 'limit', x1: x, x2: x, y1: box.top - 6, y2: box.top + box.height }) +
      element('text', { class: 'label', x, y, 'text-anchor': 'middle' }, String(index + 1))
    );
  });
}

function dayAxis(days: readonly Day[], box: Box, step: number): string {
  const below = box.top + box.height;
  const every = Math.max(1, Math.ceil(labelPx / step));
  return [
    element('line', { class: 'base', x1: box.left, x2: box.left + box.width, y1: below, y2: below }),
    ...days.map(({ day }, index) =>
      index % every === 0
        ? element(
            'text',
            { class: 'tick', x: box.left + (index + 0.5) * step, y: below + 17, 'text-anchor': 'middle' },
            escaped(day.slice(5)),
          )
        : '',
    ),
  ].join('');
}
