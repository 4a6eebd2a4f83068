import { canCompareSizes } from '../../analysis/savedRun/besideAnswer.ts';
import { isAtTraffic, judgedStart, mixedColdShare, shownPercentile } from '../../analysis/savedRun/judgedFigures.ts';
import { type Mark, marksOf, recommended } from '../../analysis/savedRun/marks.ts';
import {
  type Architecture,
  architectures,
  type Configuration,
  plain,
  sameConfiguration,
} from '../../model/configuration.ts';
import type { Start } from '../../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import type { CostInterval, Distribution } from '../../model/summary.ts';
import { formatDuration, formatNumberOf, formatUsd, formatUsdPerMillion } from '../../text/format.ts';
import { type Namer, namerOf } from '../wording/namer.ts';
import { rowWithoutFigures } from '../wording/rowWithoutFigures.ts';
import { mixtureText } from '../wording/runWording.ts';

/**
 * What the figures draw of a run, for warm or for cold invocations: only what the saved run holds or follows from it. Where
 * configurations are compared by a mixture of both, that takes the place of what would be judged without it.
 */
export interface FigureData {
  readonly start: Start;
  /** Set where the points are of a mixture with this share of cold starts. */
  readonly coldShare?: number | undefined;
  /** Figures are of all calls at the user's traffic. */
  readonly atTraffic: boolean;
  /** What nothing beats is drawn: not where the answer is that sizes cannot be compared. */
  readonly hasFrontier: boolean;
  readonly architectures: readonly Architecture[];
  readonly points: readonly FigurePoint[];
  /** Configurations without figures, with the reason in words. */
  readonly gaps: readonly FigureGap[];
}

export interface FigurePoint extends Configuration {
  /** `flawed`: disqualified or not fully measured; its figures are drawn, but no line goes through them. */
  readonly kind: 'measured' | 'flawed' | 'projected';
  readonly costUsd: CostInterval;
  readonly meanMs: number;
  readonly p50?: DrawnPercentile | undefined;
  readonly p95?: DrawnPercentile | undefined;
  readonly marks: readonly Mark[];
  readonly isRecommended: boolean;
  /** All of it in one line, for a pointer or a screen reader. */
  readonly readout: string;
}

/** In ms; a bound is missing where so few values cannot give it. */
export interface DrawnPercentile {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Nothing bounds it from above: the least that it may be. */
  readonly isLeast?: boolean;
}

interface FigureGap extends Configuration {
  readonly isFailure: boolean;
  readonly readout: string;
}

export function figureData(result: TuningResult, start: Start): FigureData {
  const marksFor = marksOf(result);
  const pick = recommended(result);
  const name = namerOf(result);
  const isJudged = start === judgedStart(result);
  const coldShare = isJudged ? mixedColdShare(result) : undefined;
  const basis = { start, coldShare, atTraffic: isJudged && isAtTraffic(result) };
  const points = result.configurations.flatMap((row): readonly FigurePoint[] => {
    const point = pointOf(row, basis);
    if (point === undefined) return [];
    const marks = marksFor(row);
    const isRecommended = pick !== undefined && sameConfiguration(pick, row);
    return [{ ...point, marks, isRecommended, readout: readoutOf(row, point, basis, name) }];
  });
  const gaps = result.configurations.flatMap((row): readonly FigureGap[] => {
    const why = rowWithoutFigures(row, start);
    if (why === undefined) return [];
    return [
      {
        ...plain(row),
        isFailure: row.status === 'infeasible' || row.status === 'disqualified',
        readout: `${name(row)}: ${why.replace(/^[–✗] /, '')}`,
      },
    ];
  });
  const present = new Set(result.configurations.map((row) => row.architecture));
  return {
    ...basis,
    hasFrontier: canCompareSizes(result.answer),
    architectures: architectures.filter((one) => present.has(one)),
    points,
    gaps,
  };
}

type Basis = Pick<FigureData, 'start' | 'coldShare' | 'atTraffic'>;

type Figures = Omit<FigurePoint, 'marks' | 'isRecommended' | 'readout'>;

function pointOf(row: ConfigurationResult, { start, coldShare, atTraffic }: Basis): Figures | undefined {
  const { projected } = row;
  if (row.status === 'projected') {
    // Projected from warm calls.
    if (projected === undefined || start === 'cold' || atTraffic) return undefined;
    const { mean } = projected.costUsd;
    return {
      ...plain(row),
      kind: 'projected',
      costUsd: { mean, low: mean, high: mean },
      meanMs: projected.durationMs,
    };
  }
  const summary = row[start];
  if (summary === undefined) return undefined;
  const kind = row.status === 'measured' ? 'measured' : 'flawed';
  if (atTraffic) {
    if (row.monthly === undefined) return undefined;
    const { callUsd, callMs, latencyMs } = row.monthly;
    return { ...plain(row), kind, costUsd: callUsd, meanMs: callMs, p95: { value: latencyMs.p95 } };
  }
  if (coldShare !== undefined) {
    if (row.blended === undefined) return undefined;
    const { costUsd, meanMs, p95Ms } = row.blended;
    return { ...plain(row), kind, costUsd, meanMs, p95: p95Ms === null ? undefined : { value: p95Ms } };
  }
  // One value is its own median; the saved run names no percentile of it.
  const p50 = summary.durationMs.p50 ?? (summary.count === 1 ? summary.durationMs.mean : null);
  const { intervals } = summary.durationMs;
  const drawn = (value: number | null, bounds: Bounds | undefined): DrawnPercentile | undefined =>
    value === null ? undefined : { value, ...boundsOf(value, bounds) };
  const shown = shownPercentile(summary, 'p95');
  const lower = drawn(p50, intervals?.p50);
  const upper = shown?.isLeast ? { value: shown.ms, isLeast: true } : drawn(shown?.ms ?? null, intervals?.p95);
  return {
    ...plain(row),
    kind,
    costUsd: summary.costUsd,
    meanMs: summary.durationMs.mean,
    p50: lower,
    p95: upper,
  };
}

type Bounds = NonNullable<NonNullable<Distribution['intervals']>['p95']>;

function boundsOf(value: number, bounds: Bounds | undefined) {
  return {
    low: bounds?.low == null ? undefined : Math.min(bounds.low, value),
    high: bounds?.high == null ? undefined : Math.max(bounds.high, value),
  };
}

function readoutOf(
  row: ConfigurationResult,
  point: Figures,
  { start, coldShare, atTraffic }: Basis,
  name: Namer,
): string {
  const { costUsd, meanMs, p50, p95 } = point;
  const interval =
    costUsd.high > costUsd.low ? ` (${formatUsd(costUsd.low * 1e6)} to ${formatUsd(costUsd.high * 1e6)})` : '';
  const summary = row[start];
  return [
    `${name(row)}${point.kind === 'projected' ? ', projected' : point.kind === 'flawed' ? `, ${row.status}` : ''}`,
    `${formatUsdPerMillion(costUsd.mean)} per million${interval}`,
    `mean ${formatDuration(meanMs)}`,
    ...(p50 === undefined ? [] : [`p50 ${formatDuration(p50.value)}`]),
    ...(p95 === undefined ? [] : [`p95 ${p95.isLeast ? '≥ ' : ''}${formatDuration(p95.value)}`]),
    ...(summary === undefined
      ? []
      : atTraffic
        ? ['all calls at your traffic']
        : coldShare !== undefined
          ? [mixtureText(coldShare)]
          : [formatNumberOf(summary.count, `${start} invocation`)]),
  ].join(' · ');
}
