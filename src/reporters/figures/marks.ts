import { symbol, symbolCircle, symbolSquare } from 'd3-shape';
import type { Mark } from '../../analysis/savedRun/marks.ts';
import type { Architecture, Configuration } from '../../model/configuration.ts';
import type { Axis } from './axes.ts';
import type { FigurePoint } from './figureData.ts';
import { element, pixels } from './svgElements.ts';

/** A circle for x86_64, a square for arm64: never told apart by colour alone. Filled where it was measured. */
export function pointMark(architecture: Architecture, x: number, y: number, area: number, isFilled: boolean): string {
  const shape = symbol(architecture === 'arm64' ? symbolSquare : symbolCircle, area)();
  return element('path', {
    class: isFilled ? 'mark' : 'mark hollow',
    transform: `translate(${pixels(x)} ${pixels(y)})`,
    d: shape?.replace(/-?\d+\.\d+/g, (digits) => Number(digits).toFixed(2)),
  });
}

/** A line from low to high with short ends; an arrow where the interval goes on beyond the axis. */
export function whisker(x: number, y: Axis, { low, high }: { readonly low: number; readonly high: number }): string {
  const [from, to] = [y(low), y(high)];
  const end = (at: number, goesOn: boolean, up: 1 | -1) =>
    goesOn
      ? `M${pixels(x - 3)} ${pixels(at + 5 * up)}L${pixels(x)} ${pixels(at)}L${pixels(x + 3)} ${pixels(at + 5 * up)}`
      : `M${pixels(x - 3)} ${pixels(at)}h6`;
  const d = `${end(from, low < y.domain[0], -1)}M${pixels(x)} ${pixels(from)}V${pixels(to)}${end(to, high > y.domain[1], 1)}`;
  return element('path', { class: 'whisker', d });
}

export function cross(x: number, y: number, size = 4): string {
  const d = `M${pixels(x - size)} ${pixels(y - size)}l${size * 2} ${size * 2}m0 ${-size * 2}l${-size * 2} ${size * 2}`;
  return element('path', { class: 'cross', d });
}

const words = {
  cheapest: 'cheapest',
  cheapestEqual: '',
  cheapestNotToldApart: '',
  fastest: 'fastest',
  fastestEqual: '',
  fastestNotToldApart: '',
  balanced: 'balanced',
  current: 'current',
} as const satisfies Record<Mark, string>;

/** "recommended · fastest"; empty for a point that nothing is said about. */
export function pointMarkText(point: FigurePoint): string {
  const said = point.marks.map((mark) => words[mark]).filter((word) => word !== '');
  return [...(point.isRecommended ? ['recommended'] : []), ...said].join(' · ');
}

/** Something that a pointer, the arrow keys or a program can read: what it says and where it stands. */
export function readable(
  { memoryMb, architecture }: Configuration,
  at: { readonly x: number; readonly y: number },
  readout: string,
  ...children: readonly string[]
): string {
  return element(
    'g',
    {
      class: `pt ${architecture}`,
      'data-memory': String(memoryMb),
      'data-x': pixels(at.x),
      'data-y': pixels(at.y),
      'data-read': readout,
    },
    ...children,
  );
}
