import { scaleLinear, scaleLog } from 'd3-scale';
import { formatCount, formatFixed } from '../../text/format.ts';
import { element, escaped } from './svgElements.ts';
import { textWidthOf } from './textWidth.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type AxisKind = 'log' | 'linear';

export interface Axis {
  (value: number): number;
  readonly ticks: readonly number[];
  /** What it shows; amounts beyond are drawn at its ends. */
  readonly domain: readonly [number, number];
}

/** Sizes: the ticks are the sizes that were asked for, as far as their labels do not touch. */
export function memoryAxis(sizes: readonly number[], kind: AxisKind, from: number, to: number): Axis {
  const known = [...new Set(sizes)].sort((one, other) => one - other);
  const [least, most] = [known[0] ?? 128, known.at(-1) ?? 10_240];
  const inset = Math.min(28, (to - from) / 10);
  const domain = least === most ? [least / 2, most * 2] : [least, most];
  const scale =
    kind === 'log' ? scaleLog(domain, [from + inset, to - inset]) : scaleLinear(domain, [from + inset, to - inset]);
  const labelled: number[] = [];
  for (const size of known) {
    const before = labelled.at(-1);
    const touching = before === undefined ? 0 : (widthOf(before) + widthOf(size)) / 2 + 6;
    if (before === undefined || scale(size) - scale(before) >= touching) labelled.push(size);
  }
  return Object.assign((value: number) => scale(value), { ticks: labelled, domain: [least, most] as const });
}

function widthOf(size: number): number {
  return textWidthOf(formatCount(size), 12);
}

/** What an axis is made for: the figures themselves, and the ends of their intervals as far as those leave the figures room. */
export interface Amounts {
  readonly figures: readonly number[];
  readonly bounds?: readonly number[];
}

/** Amounts: logarithmic with a little room, or linear from zero. */
export function valueAxis(
  { figures, bounds = [] }: Amounts,
  kind: AxisKind,
  from: number,
  to: number,
  count = 5,
): Axis {
  const known = figures.filter((value) => Number.isFinite(value) && value > 0);
  if (known.length === 0) return valueAxis({ figures: [1, 10] }, kind, from, to, count);
  const extent = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))] as const;
  const [least, most] = widened(extent, bounds);
  if (kind === 'linear') {
    const domain = [0, most * 1.06] as const;
    const scale = scaleLinear(domain, [from, to]).clamp(true);
    return Object.assign((value: number) => scale(value), { ticks: scale.ticks(count), domain });
  }
  const room = Math.max(1.06, (most / least) ** 0.06);
  const domain = [least / room, most * room] as const;
  const scale = scaleLog(domain, [from, to]).clamp(true);
  return Object.assign((value: number) => scale(Math.max(value, domain[0])), {
    ticks: logTicks(domain, scale.ticks(), count),
    domain,
  });
}

/**
 * A range of figures with the ends of their intervals. One interval without a bound, or a thousand times as wide as the others,
 * would press all figures into one line: intervals may take as much room on either side as the figures, at least a factor of 2.
 */
export function widened(
  [least, most]: readonly [number, number],
  bounds: readonly number[],
  factor = Math.max(2, most / least),
): readonly [number, number] {
  const known = bounds.filter((value) => Number.isFinite(value));
  return [
    known.reduce((low, value) => Math.min(low, Math.max(value, least / factor)), least),
    known.reduce((high, value) => Math.max(high, Math.min(value, most * factor)), most),
  ];
}

/** 1, 2, 5 of every decade as far as they are few enough; over less than a decade the round numbers of a linear axis. */
function logTicks([least, most]: readonly [number, number], all: readonly number[], count: number): readonly number[] {
  const decades = Math.log10(most / least);
  if (decades < 0.9) return scaleLinear([least, most], [0, 1]).ticks(count);
  const mantissas = decades < 2 ? [1, 2, 5] : decades < 4 ? [1, 3] : [1];
  return all.filter((tick) =>
    mantissas.includes(Number((tick / 10 ** Math.floor(Math.log10(tick) + 1e-9)).toFixed(6))),
  );
}

/** "0.05", "4.5", "1,200": no more digits than the ticks need. */
function tickText(value: number, ticks: readonly number[]): string {
  const decimals = Math.max(
    0,
    ...ticks.map((tick) => (String(Number(tick.toPrecision(6))).split('.')[1] ?? '').length),
  );
  const own = (String(Number(value.toPrecision(6))).split('.')[1] ?? '').length;
  return formatFixed(value, ticks.length > 1 && isEven(ticks) ? decimals : own);
}

function isEven(ticks: readonly number[]): boolean {
  const [first = 0, second = 0] = ticks;
  return ticks.every(
    (tick, index) => index === 0 || Math.abs(tick - (ticks[index - 1] ?? 0) - (second - first)) < 1e-9 * Math.abs(tick),
  );
}

/** Horizontal lines with their amounts to the left. */
export function valueGrid(box: Box, axis: Axis, unit: string): string {
  return axis.ticks
    .map((tick) => {
      const y = axis(tick);
      return (
        element('line', { class: 'grid', x1: box.left, x2: box.left + box.width, y1: y, y2: y }) +
        element(
          'text',
          { class: 'tick', x: box.left - 8, y: y + 4, 'text-anchor': 'end' },
          `${unit}${tickText(tick, axis.ticks)}`,
        )
      );
    })
    .join('');
}

/** Vertical lines with their amounts below. */
export function bottomGrid(box: Box, axis: Axis, unit = ''): string {
  let end = Number.NEGATIVE_INFINITY;
  return axis.ticks
    .filter((tick) => {
      // A label that would touch the one before is left out.
      const half = textWidthOf(`${unit}${tickText(tick, [tick])}`, 12) / 2;
      if (axis(tick) - half < end + 6) return false;
      end = axis(tick) + half;
      return true;
    })
    .map((tick) => {
      const x = axis(tick);
      return (
        element('line', { class: 'grid', x1: x, x2: x, y1: box.top, y2: box.top + box.height }) +
        element(
          'text',
          { class: 'tick', x, y: box.top + box.height + 16, 'text-anchor': 'middle' },
          `${unit}${tickText(tick, [tick])}`,
        )
      );
    })
    .join('');
}

export function axisTitle(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end' = 'middle'): string {
  return element('text', { class: 'axis-title', x, y, 'text-anchor': anchor }, escaped(text));
}

export function panelTitle(x: number, y: number, text: string): string {
  return element('text', { class: 'panel-title', x, y }, escaped(text));
}
