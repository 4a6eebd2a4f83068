import { shownPercentile } from '../../analysis/savedRun/judgedFigures.ts';
import { compareBySize, variantOf } from '../../model/configuration.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { formatCount, formatNumberOf } from '../../text/format.ts';
import { type Axis, type AxisKind, axisTitle, type Box, bottomGrid, panelTitle, valueAxis } from './axes.ts';
import type { Drawing } from './figure.ts';
import { cross, pointMark } from './marks.ts';
import { element, escaped, pixels } from './svgElements.ts';

const laneHeight = 34;
const warmHeight = 16;

/** Every measurement as a dot, warm ones above, cold ones in a lane of their own below, failed ones as crosses. */
export function drawStrips(result: TuningResult, size: { readonly width: number; readonly kind: AxisKind }): Drawing {
  const { width, kind } = size;
  const rows = result.configurations.filter((row) => row.measurements.length > 0).toSorted(compareBySize);
  const left = width < 600 ? 76 : 96;
  // What has no duration is said beside the lanes, not over their dots.
  const right = rows.some((row) => unreportedOf(row) > 0) ? 170 : 16;
  const box: Box = { left, top: 34, width: width - left - right, height: rows.length * laneHeight };
  const durations = rows.flatMap((row) => row.measurements.flatMap((one) => reportedMs(one) ?? []));
  const x = valueAxis(
    { figures: bounds(durations) },
    kind,
    box.left + 8,
    box.left + box.width - 8,
    width < 600 ? 4 : 8,
  );
  const content = [
    panelTitle(8, 20, 'Every measurement, by duration'),
    bottomGrid(box, x),
    ...rows.map((row, index) => drawLane(row, x, box, box.top + index * laneHeight)),
    axisTitle(box.left + box.width / 2, box.top + box.height + 36, 'Duration, ms (without init)'),
  ];
  return { width, height: box.top + box.height + 46, content: content.join('') };
}

function unreportedOf({ measurements }: ConfigurationResult): number {
  return measurements.filter((one) => one.outcome === 'unreported').length;
}

/** Spreading thousands of arguments over a call would overflow the stack. */
function bounds(values: readonly number[]): readonly number[] {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [];
  return [positive.reduce((one, other) => Math.min(one, other)), positive.reduce((one, other) => Math.max(one, other))];
}

function drawLane(row: ConfigurationResult, x: Axis, box: Box, top: number): string {
  const middle = top + 4 + warmHeight / 2;
  const coldY = top + 4 + warmHeight + 6;
  const of = (start: 'warm' | 'cold') =>
    row.measurements.flatMap((one) => (one.outcome === 'succeeded' && one.start === start ? [one.durationMs] : []));
  const failures = row.measurements.filter((one) => one.outcome !== 'succeeded');
  const unreported = unreportedOf(row);
  const ticks = (['p50', 'p95'] as const).flatMap((figure) => {
    const shown = shownPercentile(row.warm, figure);
    if (shown === null || shown.isLeast) return [];
    const value = shown.ms;
    return [
      element('line', {
        class: `quantile warm ${figure}`,
        x1: x(value),
        x2: x(value),
        y1: top + 2,
        y2: top + 6 + warmHeight,
      }),
    ];
  });
  return element(
    'g',
    { class: `lane ${row.architecture}` },
    element('line', {
      class: 'grid',
      x1: box.left,
      x2: box.left + box.width,
      y1: top + laneHeight,
      y2: top + laneHeight,
    }),
    pointMark(row.architecture, box.left - 12, middle, 36, true),
    element(
      'text',
      { class: 'tick', x: box.left - 22, y: middle + 4, 'text-anchor': 'end' },
      `${formatCount(row.memoryMb)} MB`,
    ),
    dots(of('warm'), 'warm', x, middle, warmHeight),
    dots(of('cold'), 'cold', x, coldY, 3),
    ...ticks,
    ...failures.flatMap((one) => {
      const ms = reportedMs(one);
      return ms === undefined ? [] : cross(x(ms), coldY, 3);
    }),
    row.variant === undefined
      ? ''
      : element('text', { class: 'tick', x: box.left + 4, y: top + 11 }, escaped(variantOf(row))),
    unreported === 0
      ? ''
      : element(
          'text',
          { class: 'tick', x: box.left + box.width + 8, y: coldY + 4 },
          escaped(`${formatNumberOf(unreported, 'call')} without a report`),
        ),
  );
}

/** One path of zero-length lines with round ends: thousands of circles would be slow and large. */
function dots(values: readonly number[], start: 'warm' | 'cold', x: Axis, y: number, height: number): string {
  if (values.length === 0) return '';
  // Steps of the golden ratio spread any number of dots evenly, the same every time.
  const d = values.map((ms, index) => `M${pixels(x(ms))} ${pixels(y + (((index * 0.618034) % 1) - 0.5) * height)}h0`);
  return element('path', { class: `dots ${start}${values.length > 200 ? ' many' : ''}`, d: d.join('') });
}

function reportedMs(one: Measurement): number | undefined {
  return one.outcome === 'unreported' ? undefined : one.durationMs;
}
