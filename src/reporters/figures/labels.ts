import type { Box } from './axes.ts';
import { element, escaped } from './svgElements.ts';
import { textWidthOf } from './textWidth.ts';

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly className?: string;
  /** Set for the name of a band: it may stand anywhere along this width, from x on. */
  readonly alongWidth?: number;
  /** Set for the name of an upright line: it may stand on either side of it, this far down from y. */
  readonly beside?: number;
}

/** Something that a label must not hide. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  /** How far it reaches around its middle. Default 6. */
  readonly radius?: number;
  /** A line rather than a point: it may be crossed where nothing else is left. */
  readonly isLight?: boolean;
}

const fontPx = 11.5;
const lineHeight = 14;
/** From here on it is not seen any more which point a label belongs to: a thin line says so. */
const farPx = 26;

/**
 * Labels near what they name. None lies over a point or another label: where nothing is free close by the nearest free place of
 * the panel is taken, with a thin line to it, and without one the label is left out (a pointer and the table still say it).
 */
export function placeLabels(labels: readonly Label[], spots: readonly Spot[], within: Box): string {
  const taken: Box[] = [];
  const points = spots.filter(({ isLight }) => !isLight);
  const lines = spots.filter(({ isLight }) => isLight).map((spot) => ({ ...spot, radius: 3 }));
  return labels
    .map((label) => {
      const width = textWidthOf(label.text, fontPx) + 4;
      const fits = (box: Box) => isInside(box, within) && isFree(box);
      const near = candidates(label, width).filter(fits);
      const best = near.length > 0 ? leastCrossed(near) : nearestAnywhere(label, width, within, fits);
      if (best === undefined) return '';
      taken.push(best);
      const text = element(
        'text',
        {
          class: `label ${label.className ?? ''}`.trim(),
          x: best.left + best.width / 2,
          y: best.top + 11,
          'text-anchor': 'middle',
        },
        escaped(label.text),
      );
      return `${leader(label, best)}${text}`;
    })
    .join('');

  function leastCrossed(boxes: readonly Box[]): Box | undefined {
    let [chosen, least]: [Box | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
    for (const box of boxes) {
      const crossed = lines.filter((line) => touches(line, box)).length;
      if (crossed < least) [chosen, least] = [box, crossed];
    }
    return chosen;
  }

  function isFree(box: Box): boolean {
    return taken.every((other) => overlap(box, other) === 0) && points.every((spot) => !touches(spot, box));
  }
}

function touches({ x, y, radius = 6 }: Spot, box: Box): boolean {
  return (
    x > box.left - radius &&
    x < box.left + box.width + radius &&
    y > box.top - radius &&
    y < box.top + box.height + radius
  );
}

function candidates({ x, y, alongWidth, beside }: Label, width: number): readonly Box[] {
  const box = (left: number, top: number): Box => ({ left, top, width, height: lineHeight });
  if (alongWidth !== undefined) {
    const steps = 24;
    return Array.from({ length: steps }, (_, step) =>
      box(x + 6 + ((alongWidth - width - 12) * step) / (steps - 1), y - lineHeight / 2),
    );
  }
  if (beside !== undefined) {
    return Array.from(
      { length: Math.max(1, Math.floor(beside / lineHeight)) },
      (_, step) => y + step * lineHeight,
    ).flatMap((top) => [box(x + 3, top), box(x - 3 - width, top)]);
  }
  return [13, 24, 40].flatMap((gap) => [
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

/** Of all places of the panel the nearest free one. */
function nearestAnywhere(
  { x, y, beside }: Label,
  width: number,
  within: Box,
  fits: (box: Box) => boolean,
): Box | undefined {
  if (beside !== undefined) return undefined;
  let nearest: Box | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let top = within.top; top + lineHeight <= within.top + within.height; top += 7) {
    for (let left = within.left; left + width <= within.left + within.width; left += 8) {
      const far = Math.hypot(left + width / 2 - x, (top + lineHeight / 2 - y) * 1.5);
      const box = { left, top, width, height: lineHeight };
      if (far < least && fits(box)) [nearest, least] = [box, far];
    }
  }
  return nearest;
}

function leader({ x, y, alongWidth, beside }: Label, { left, top, width, height }: Box): string {
  if (alongWidth !== undefined || beside !== undefined) return '';
  const at = { x: Math.max(left, Math.min(x, left + width)), y: y < top ? top : y > top + height ? top + height : y };
  if (Math.hypot(at.x - x, at.y - y) < farPx) return '';
  return element('line', { class: 'leader', x1: x, y1: y, x2: at.x, y2: at.y });
}

function isInside(box: Box, within: Box): boolean {
  return (
    box.left >= within.left &&
    box.top >= within.top &&
    box.left + box.width <= within.left + within.width &&
    box.top + box.height <= within.top + within.height
  );
}

function overlap(one: Box, other: Box): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}
