import { curveStepAfter, line } from 'd3-shape';
import { frontierOf } from '../../analysis/savedRun/frontier.ts';
import { withVariant } from '../../model/configuration.ts';
import { formatCount } from '../../text/format.ts';
import { type AxisKind, axisTitle, type Box, bottomGrid, panelTitle, valueAxis, valueGrid } from './axes.ts';
import type { Drawing } from './figure.ts';
import type { FigureData, FigurePoint } from './figureData.ts';
import { placeLabels, type Spot } from './labels.ts';
import { cross, pointMark, pointMarkText, readable } from './marks.ts';
import { element, shortened } from './svgElements.ts';

/** Cost against mean duration: the nearer to the lower left, the better. The frontier is what nothing beats in both. */
export function drawPlane(data: FigureData, size: { readonly width: number; readonly kind: AxisKind }): Drawing {
  const { width, kind } = size;
  const isNarrow = width < 600;
  const left = isNarrow ? 52 : 64;
  const box: Box = { left, top: 34, width: width - left - 20, height: isNarrow ? 260 : 330 };
  const x = valueAxis(
    { figures: data.points.map(({ meanMs }) => meanMs) },
    kind,
    box.left + 12,
    box.left + box.width - 12,
    isNarrow ? 4 : 7,
  );
  const y = valueAxis(
    { figures: data.points.map(({ costUsd }) => costUsd.mean * 1e6) },
    kind,
    box.top + box.height - 12,
    box.top + 12,
  );
  const spots = data.points.map((point) => ({ point, x: x(point.meanMs), y: y(point.costUsd.mean * 1e6) }));
  const frontier = frontierOf(
    spots
      .filter(({ point }) => data.hasFrontier && point.kind === 'measured')
      .map((spot) => ({ ...spot, costUsd: spot.point.costUsd.mean, meanMs: spot.point.meanMs })),
  );
  const onFrontier = new Set<FigurePoint>(frontier.map(({ point }) => point));
  const path = line<(typeof frontier)[number]>(
    (spot) => spot.x,
    (spot) => spot.y,
  ).curve(curveStepAfter);
  const labels = spots
    .filter(({ point }) => !data.hasFrontier || onFrontier.has(point) || pointMarkText(point) !== '')
    .toSorted((one, other) => Number(onFrontier.has(other.point)) - Number(onFrontier.has(one.point)))
    .map((spot) => ({ x: spot.x, y: spot.y, text: planeLabel(spot.point), className: spot.point.architecture }));
  const content = [
    panelTitle(left, 20, 'Cost against mean duration'),
    valueGrid(box, y, '$'),
    bottomGrid(box, x),
    element('line', {
      class: 'base',
      x1: box.left,
      x2: box.left + box.width,
      y1: box.top + box.height,
      y2: box.top + box.height,
    }),
    data.hasFrontier ? element('path', { class: 'frontier', d: shortened(path(frontier)) }) : '',
    ...spots.map((spot) => drawSpot(spot, onFrontier.has(spot.point))),
    placeLabels(
      labels,
      [...spots.map(({ point, x, y }) => ({ x, y, radius: point.isRecommended ? 11 : 6 })), ...stairs(frontier)],
      box,
    ),
    axisTitle(
      box.left + box.width / 2,
      box.top + box.height + 36,
      `Mean duration, ms${data.hasFrontier ? ' (dashed: Pareto frontier)' : ''}`,
    ),
  ];
  return { width, height: box.top + box.height + 46, content: content.join('') };
}

/** The frontier goes to the right first, then down. */
function stairs(corners: readonly { readonly x: number; readonly y: number }[]): readonly Spot[] {
  const along = (from: number, to: number) => {
    const steps = Math.ceil(Math.abs(to - from) / 10);
    return Array.from({ length: steps }, (_, step) => from + ((to - from) * step) / steps);
  };
  return corners.slice(1).flatMap((to, index) => {
    const from = corners[index] ?? to;
    return [
      ...along(from.x, to.x).map((x) => ({ x, y: from.y, isLight: true })),
      ...along(from.y, to.y).map((y) => ({ x: to.x, y, isLight: true })),
    ];
  });
}

function planeLabel(point: FigurePoint): string {
  const marks = pointMarkText(point);
  return `${withVariant(`${formatCount(point.memoryMb)} MB`, point)}${marks === '' ? '' : ` · ${marks}`}`;
}

function drawSpot(
  { point, x, y }: { readonly point: FigurePoint; readonly x: number; readonly y: number },
  isBest: boolean,
): string {
  return readable(
    point,
    { x, y },
    point.readout,
    point.isRecommended ? element('circle', { class: 'ring', cx: x, cy: y, r: 10 }) : '',
    pointMark(point.architecture, x, y, isBest ? 80 : 46, point.kind === 'measured'),
    point.kind === 'flawed' ? cross(x, y) : '',
  );
}
