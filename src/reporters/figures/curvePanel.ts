import { line } from 'd3-shape';
import {
  type Architecture,
  type Curve,
  curvesAmong,
  isVaried,
  sameCurve,
  variantOf,
} from '../../model/configuration.ts';
import { formatCount } from '../../text/format.ts';
import { type Axis, axisTitle, type Box } from './axes.ts';
import type { FigureData, FigurePoint } from './figureData.ts';
import { type Label, placeLabels, type Spot } from './labels.ts';
import { cross, pointMark, pointMarkText, readable, whisker } from './marks.ts';
import { element, shortened } from './svgElements.ts';

export interface Panel {
  readonly box: Box;
  readonly x: Axis;
  readonly y: Axis;
  /** The last one is drawn on top and carries the labels. */
  readonly series: readonly PlottedSeries[];
  /** Those that cannot be told apart from the best in what this panel shows. */
  readonly band: { readonly mark: 'cheapest' | 'fastest'; readonly text: string };
}

export interface PlottedSeries {
  readonly className: string;
  readonly figureOf: (point: FigurePoint) => number | undefined;
  readonly intervalOf: (point: FigurePoint) => { readonly low: number; readonly high: number } | undefined;
}

/** From here on a function has one vCPU (AWS documentation, "Configure memory"). */
const oneVcpuMb = 1769;

/** Marks of two architectures at one size stand beside each other, so that neither hides the other's interval. */
const beside: Readonly<Record<Architecture, number>> = { x86_64: -3.5, arm64: 3.5 };

interface Place extends Spot {
  readonly point: FigurePoint;
}

export function drawPanel(panel: Panel, data: FigureData): string {
  const { box, series } = panel;
  const placed = series.map((one) => ({ series: one, places: placesOf(one, panel, data) }));
  const main = placed.at(-1)?.places ?? [];
  const labels = main
    .filter(({ point }) => pointMarkText(point) !== '')
    .map(({ point, ...at }): Label => ({ ...at, text: pointMarkText(point), className: point.architecture }));
  const names = isVaried(data.points) ? curveNames(main) : [];
  const band = bandOf(panel, main);
  const vcpu = vcpuAt(panel);
  const spots = [
    ...placed.flatMap(({ series: one, places }) =>
      places.flatMap((at) => [spotOf(at), ...alongWhisker(at, one, panel.y)]),
    ),
    ...gapSpots(panel, data),
  ];
  const curves = curvesAmong(data.points);
  const obstacles = placed.flatMap(({ places }) => curves.flatMap((one) => alongLine(places, one)));
  return [
    band?.shape ?? '',
    vcpu === undefined
      ? ''
      : element('line', { class: 'vcpu', x1: vcpu, x2: vcpu, y1: box.top, y2: box.top + box.height }),
    ...data.architectures.map((architecture) => {
      const own = (places: readonly Place[]) => places.filter(({ point }) => point.architecture === architecture);
      return element(
        'g',
        { class: architecture },
        ...placed.map(({ series: one, places }) => drawSeries(one, own(places), panel.y)),
        ...own(main)
          .filter(({ point }) => point.isRecommended)
          .map((at) => element('circle', { class: 'ring', cx: at.x, cy: at.y, r: 10 })),
      );
    }),
    placeLabels(
      [
        ...labels,
        ...names,
        ...(band === undefined ? [] : [band.label]),
        ...(vcpu === undefined
          ? []
          : [{ x: vcpu, y: box.top, text: '1 vCPU', className: 'tick', beside: box.height } satisfies Label]),
      ],
      [...spots, ...obstacles],
      box,
    ),
  ].join('');
}

function placesOf(series: PlottedSeries, { x, y }: Panel, data: FigureData): readonly Place[] {
  return data.points
    .toSorted((one, other) => one.memoryMb - other.memoryMb)
    .flatMap((point) => {
      const figure = series.figureOf(point);
      return figure === undefined ? [] : [{ point, x: x(point.memoryMb) + beside[point.architecture], y: y(figure) }];
    });
}

function drawSeries(series: PlottedSeries, places: readonly Place[], y: Axis): string {
  const path = line<Place>(
    (place) => place.x,
    (place) => place.y,
  );
  const through = (kind: FigurePoint['kind']) =>
    curvesAmong(places.map(({ point }) => point))
      .map((curve) => places.filter(({ point }) => point.kind === kind && sameCurve(point, curve)))
      .map((own) => shortened(path(own)))
      .join('');
  return element(
    'g',
    { class: series.className },
    element('path', { class: 'line', d: through('measured') }),
    element('path', { class: 'line projected', d: through('projected') }),
    ...places.map(({ point, ...at }) => {
      const interval = series.intervalOf(point);
      return readable(
        point,
        at,
        point.readout,
        interval === undefined ? '' : whisker(at.x, y, interval),
        pointMark(point.architecture, at.x, at.y, series.className === 'p95' ? 16 : 46, point.kind === 'measured'),
        point.kind === 'flawed' ? cross(at.x, at.y) : '',
      );
    }),
  );
}

/** The variant of each curve, at its last point. */
function curveNames(places: readonly Place[]): readonly Label[] {
  return curvesAmong(places.map(({ point }) => point)).flatMap((curve) => {
    const last = places.findLast(({ point }) => sameCurve(point, curve) && point.kind === 'measured');
    if (last === undefined) return [];
    const name = variantOf(curve);
    const text = name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
    return [{ x: last.x, y: last.y, text, className: curve.architecture }];
  });
}

const longestName = 28;

/** The mark with the ring around it, if it has one. */
function spotOf({ x, y, point }: Place): Spot {
  return { x, y, radius: point.isRecommended ? 11 : 6 };
}

function alongWhisker({ point, x }: Place, series: PlottedSeries, y: Axis): readonly Spot[] {
  const interval = series.intervalOf(point);
  if (interval === undefined) return [];
  const [from, to] = [y(interval.high), y(interval.low)];
  const steps = Math.ceil((to - from) / 8);
  return Array.from({ length: steps + 1 }, (_, step) => ({
    x,
    y: from + ((to - from) * step) / Math.max(1, steps),
    isLight: true,
  }));
}

/** Labels keep off the lines, too. */
function alongLine(places: readonly Place[], curve: Curve): readonly Spot[] {
  const own = places.filter(({ point }) => sameCurve(point, curve) && point.kind !== 'flawed');
  return own.slice(1).flatMap((to, index) => {
    const from = own[index] ?? to;
    const steps = Math.floor(Math.hypot(to.x - from.x, to.y - from.y) / 10);
    return Array.from({ length: steps }, (_, step) => ({
      x: from.x + ((to.x - from.x) * step) / steps,
      y: from.y + ((to.y - from.y) * step) / steps,
      isLight: true,
    }));
  });
}

/** From the least to the most of those that cannot be told apart from the best. */
function bandOf({ box, band: { mark, text } }: Panel, places: readonly Place[]) {
  const tied = places.filter(({ point }) => point.marks.some((one) => one.startsWith(mark)));
  if (tied.length < 2) return undefined;
  const [top, bottom] = [Math.min(...tied.map((at) => at.y)) - 7, Math.max(...tied.map((at) => at.y)) + 7];
  const shape = element('rect', { class: 'band', x: box.left, y: top, width: box.width, height: bottom - top, rx: 3 });
  const label: Label = { x: box.left, y: (top + bottom) / 2, text, className: 'band-text', alongWidth: box.width };
  return { shape, label };
}

function vcpuAt({ box, x }: Pick<Panel, 'box' | 'x'>): number | undefined {
  const at = x(oneVcpuMb);
  return at < box.left || at > box.left + box.width ? undefined : at;
}

export function sizeAxis(box: Box, x: Axis, title: string): string {
  const below = box.top + box.height;
  return [
    element('line', { class: 'base', x1: box.left, x2: box.left + box.width, y1: below, y2: below }),
    ...x.ticks.map(
      (size) =>
        element('line', { class: 'base', x1: x(size), x2: x(size), y1: below, y2: below + 4 }) +
        element('text', { class: 'tick', x: x(size), y: below + 17, 'text-anchor': 'middle' }, formatCount(size)),
    ),
    title === '' ? '' : axisTitle(box.left + box.width / 2, below + 36, title),
  ].join('');
}

function gapY(box: Box): number {
  return box.top + box.height - 8;
}

const gapWord = (data: FigureData) => (data.gaps.some((gap) => gap.isFailure) ? 'cannot run' : 'not called');

/** Where a word before the first of them has room. */
function gapWordFits({ box, x }: Pick<Panel, 'box' | 'x'>, { gaps }: FigureData): boolean {
  return gaps.length > 0 && Math.min(...gaps.map((gap) => x(gap.memoryMb))) - box.left > 74;
}

function gapSpots(panel: Panel, data: FigureData): readonly Spot[] {
  const { box, x } = panel;
  const y = gapY(box);
  const word = gapWordFits(panel, data) ? [6, 20, 34, 48, 62].map((at) => ({ x: box.left + at, y })) : [];
  return [...data.gaps.map((gap) => ({ x: x(gap.memoryMb) + beside[gap.architecture], y })), ...word];
}

/** Sizes without figures, just above the axis: a cross where it cannot run, a short bar where it was not called. */
export function drawGaps(data: FigureData, x: Axis, box: Box): string {
  const y = gapY(box);
  const marks = data.gaps.map((gap) => {
    const at = { x: x(gap.memoryMb) + beside[gap.architecture], y };
    const mark = gap.isFailure
      ? cross(at.x, y)
      : element('line', { class: 'uncalled', x1: at.x, x2: at.x, y1: y + 1, y2: y + 7 });
    return element('g', { class: `gap ${gap.architecture}` }, readable(gap, at, gap.readout, mark));
  });
  const word = gapWordFits({ box, x }, data)
    ? element('text', { class: 'tick small', x: box.left + 2, y: y + 4 }, gapWord(data))
    : '';
  return marks.join('') + word;
}
