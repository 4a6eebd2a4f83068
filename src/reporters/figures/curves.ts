import { formatShare } from '../../text/format.ts';
import { type Amounts, type AxisKind, type Box, memoryAxis, panelTitle, valueAxis, valueGrid } from './axes.ts';
import { drawGaps, drawPanel, type Panel, type PlottedSeries, sizeAxis } from './curvePanel.ts';
import type { Drawing } from './figure.ts';
import type { DrawnPercentile, FigureData } from './figureData.ts';

/** Below the least value, for the sizes that have none. */
const gapRoom = 20;

/**
 * The main figure: mean cost above, p50 and p95 of the duration below, against memory. Two panels with an axis each: two
 * scales on one panel would cross wherever the drawer likes.
 */
export function drawCurves(data: FigureData, size: { readonly width: number; readonly kind: AxisKind }): Drawing {
  const { width, kind } = size;
  const isNarrow = width < 600;
  const left = isNarrow ? 52 : 64;
  const height = (isNarrow ? 190 : 220) + (data.gaps.length > 0 ? gapRoom : 0);
  const costBox: Box = { left, top: 34, width: width - left - 14, height };
  const durationBox: Box = { ...costBox, top: costBox.top + height + 62 };
  const floor = data.gaps.length > 0 ? gapRoom : 0;
  const x = memoryAxis(
    [...data.points, ...data.gaps].map((one) => one.memoryMb),
    kind,
    left,
    left + costBox.width,
  );
  const rising = (amounts: Amounts, box: Box) => valueAxis(amounts, kind, box.top + box.height - floor, box.top + 4);
  const cost: Panel = {
    box: costBox,
    x,
    y: rising(
      {
        figures: data.points.map(({ costUsd }) => costUsd.mean * 1e6),
        bounds: data.points.flatMap(({ costUsd }) => [costUsd.low * 1e6, costUsd.high * 1e6]),
      },
      costBox,
    ),
    series: [costSeries],
    band: { mark: 'cheapest', text: 'tied for cheapest' },
  };
  const duration: Panel = {
    box: durationBox,
    x,
    y: rising(
      {
        figures: data.points.flatMap(({ p50, p95, meanMs }) => [p50?.value ?? meanMs, ...(p95 ? [p95.value] : [])]),
        bounds: data.points.flatMap(({ p50, p95 }) => [...boundsOf(p50), ...boundsOf(p95)]),
      },
      durationBox,
    ),
    series: [p95Series, p50Series],
    band: { mark: 'fastest', text: 'equally fast' },
  };
  const titles = titlesOf(data, isNarrow);
  const content = [
    panelTitle(left, 20, titles.cost),
    valueGrid(costBox, cost.y, '$'),
    sizeAxis(costBox, x, ''),
    drawPanel(cost, data),
    drawGaps(data, x, costBox),
    panelTitle(left, durationBox.top - 14, titles.duration),
    valueGrid(durationBox, duration.y, ''),
    sizeAxis(durationBox, x, 'Memory, MB'),
    drawPanel(duration, data),
    drawGaps(data, x, durationBox),
  ];
  return { width, height: durationBox.top + height + 42, content: content.join('') };
}

function titlesOf(
  { coldShare, atTraffic }: FigureData,
  isNarrow: boolean,
): { readonly cost: string; readonly duration: string } {
  if (coldShare === undefined && !atTraffic) {
    return { cost: 'Mean cost, US$ per million invocations', duration: 'Duration, ms: p50 (thick) and p95 (thin)' };
  }
  const cold =
    coldShare === undefined
      ? 'at your traffic'
      : isNarrow
        ? `${formatShare(coldShare)} cold`
        : `${formatShare(coldShare)} of them cold`;
  return {
    cost: isNarrow ? `Mean cost, US$ per million, ${cold}` : `Mean cost, US$ per million invocations, ${cold}`,
    duration: isNarrow ? 'Wait with init, ms: mean, p95 (thin)' : 'Wait with init, ms: mean (thick) and p95 (thin)',
  };
}

const costSeries: PlottedSeries = {
  className: 'cost',
  figureOf: ({ costUsd }) => costUsd.mean * 1e6,
  intervalOf: ({ costUsd }) =>
    costUsd.high > costUsd.low ? { low: costUsd.low * 1e6, high: costUsd.high * 1e6 } : undefined,
};

const p95Series: PlottedSeries = {
  className: 'p95',
  figureOf: ({ p95 }) => p95?.value,
  intervalOf: ({ p95 }) => intervalOf(p95),
};

const p50Series: PlottedSeries = {
  className: 'p50',
  figureOf: ({ p50, meanMs, kind }) => p50?.value ?? (kind === 'projected' ? undefined : meanMs),
  intervalOf: ({ p50 }) => intervalOf(p50),
};

function intervalOf(percentile: DrawnPercentile | undefined) {
  if (percentile?.low === undefined || percentile.high === undefined) return undefined;
  return { low: percentile.low, high: percentile.high };
}

function boundsOf(percentile: DrawnPercentile | undefined): readonly number[] {
  const interval = intervalOf(percentile);
  return interval === undefined ? [] : [interval.low, interval.high];
}
