import type { Architecture } from '../../model/configuration.ts';
import type { Drawing } from './figure.ts';
import { pointMark } from './marks.ts';
import { element } from './svgElements.ts';

/** Which mark is which architecture, in one line from the left. */
export function drawLegend(architectures: readonly Architecture[], left: number, y: number): string {
  return architectures
    .map((architecture, index) => {
      const x = left + index * 92;
      return element(
        'g',
        { class: architecture },
        element('path', { class: 'line', d: `M${x} ${y}h26` }),
        pointMark(architecture, x + 13, y, 46, true),
        element('text', { x: x + 34, y: y + 4 }, architecture),
      );
    })
    .join('');
}

const keyHeight = 24;

/** The drawing with a line above it that says which mark and colour is which architecture: each figure is read, saved and printed alone. */
export function withKey(drawing: Drawing, architectures: readonly Architecture[]): Drawing {
  const key = element('g', { class: 'key' }, drawLegend(architectures, 8, 13));
  const below = element('g', { transform: `translate(0 ${keyHeight})` }, drawing.content);
  return { width: drawing.width, height: drawing.height + keyHeight, content: `${key}${below}` };
}
