import { scaleLinear, scaleLog } from 'd3-scale';
import { formatFixed } from '../format.ts';
import { element, escaped } from './svgElements.ts';

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
    if (before === undefined || scale(size) - scale(before) >= 38) labelled.push(size);
  }
  return Object.assign((value: number) => scale(value), { ticks: labelled });
}

/** Amounts: logarithmic with a little room, or linear from zero. */
export function valueAxis(values: readonly number[], kind: AxisKind, from: number, to: number, count = 5): Axis {
  const known = values.filter((value) => Number.isFinite(value) && value > 0);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (known.length === 0) return valueAxis([1, 10], kind, from, to, count);
  if (kind === 'linear') {
    const scale = scaleLinear([0, most * 1.06], [from, to]);
    return Object.assign((value: number) => scale(value), { ticks: scale.ticks(count) });
  }
  const room = Math.max(1.06, (most / least) ** 0.06);
  const domain = [least / room, most * room] as const;
  const scale = scaleLog(domain, [from, to]);
  return Object.assign((value: number) => scale(Math.max(value, domain[0])), {
    ticks: logTicks(domain, scale.ticks(), count),
  });
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
  return axis.ticks
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
