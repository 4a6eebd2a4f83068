import { symbol, symbolCircle, symbolSquare } from 'd3-shape';
import type { Mark } from '../../domain/marks.ts';
import type { Architecture, Configuration } from '../../domain/model.ts';
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

/** A line from low to high with short ends. */
export function whisker(x: number, low: number, high: number): string {
  const cap = 3;
  const d = `M${pixels(x - cap)} ${pixels(low)}h${cap * 2}M${pixels(x)} ${pixels(low)}V${pixels(high)}M${pixels(x - cap)} ${pixels(high)}h${cap * 2}`;
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
export function labelOf(point: FigurePoint): string {
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
