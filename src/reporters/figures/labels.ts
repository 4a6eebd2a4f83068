import type { Box } from './axes.ts';
import { element, escaped } from './svgElements.ts';

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly className?: string;
  /** Set for the name of a band: it may stand anywhere along this width, from x on. */
  readonly alongWidth?: number;
}

/** Something that a label should not hide. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  /** A line rather than a point: it may be crossed where nothing else is left. */
  readonly isLight?: boolean;
}

/** Roughly what a letter of the labels takes; system fonts differ, so it is on the wide side. */
const letterWidth = 6.4;
const lineHeight = 14;

/** Labels beside their points, where they hide the fewest points and no other label. */
export function placeLabels(labels: readonly Label[], spots: readonly Spot[], within: Box): string {
  const taken: Box[] = [];
  return labels
    .map((label) => {
      const width = label.text.length * letterWidth;
      const boxes = candidates(label, width).map((box) => clamped(box, within));
      const best = boxes.reduce((chosen, box) => (cost(box) < cost(chosen) ? box : chosen));
      taken.push(best);
      return element(
        'text',
        {
          class: `label ${label.className ?? ''}`.trim(),
          x: best.left + best.width / 2,
          y: best.top + 11,
          'text-anchor': 'middle',
        },
        escaped(label.text),
      );
    })
    .join('');

  function cost(box: Box): number {
    const hidden = spots
      .filter(({ x, y }) => {
        return x > box.left - 5 && x < box.left + box.width + 5 && y > box.top - 5 && y < box.top + box.height + 5;
      })
      .reduce((sum, { isLight }) => sum + (isLight ? 12 : 80), 0);
    return taken.reduce((sum, other) => sum + overlap(box, other), 0) * 4 + hidden;
  }
}

function candidates({ x, y, alongWidth }: Label, width: number): readonly Box[] {
  const box = (left: number, top: number): Box => ({ left, top, width, height: lineHeight });
  if (alongWidth !== undefined) {
    const steps = 24;
    return Array.from({ length: steps }, (_, step) =>
      box(x + 6 + ((alongWidth - width - 12) * step) / (steps - 1), y - lineHeight / 2),
    );
  }
  return [10, 24, 40].flatMap((gap) => [
    box(x - width / 2, y - gap - lineHeight + 2),
    box(x - width / 2, y + gap - 1),
    box(x + gap, y - lineHeight / 2),
    box(x - gap - width, y - lineHeight / 2),
    box(x + gap - 4, y - gap - lineHeight + 4),
    box(x - gap - width + 4, y - gap - lineHeight + 4),
    box(x + gap - 4, y + gap - 2),
    box(x - gap - width + 4, y + gap - 2),
  ]);
}

function clamped(box: Box, within: Box): Box {
  const left = Math.max(within.left, Math.min(box.left, within.left + within.width - box.width));
  const top = Math.max(within.top, Math.min(box.top, within.top + within.height - box.height));
  return { ...box, left, top };
}

function overlap(one: Box, other: Box): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}
