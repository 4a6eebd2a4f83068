import { withoutDrift } from './blocks.ts';
import { centreOf } from './centre.ts';
import { type Figures, figuresOf, type Side } from './figures.ts';
import { lookConfidences } from './levels.ts';
import { errorRates, type GateOptions, type IncreaseLimit } from './options.ts';
import {
  errorDifference,
  initFigures,
  meanFigure,
  meanRatio,
  p95RatioOf,
  percentileFigure,
  type Quantity,
  typicalTrim,
} from './quantities.ts';
import { standardError } from './ratio.ts';
import { budgetLimit, differenceLimit, increaseLimit, type Limit, type LimitKind, type MetricName } from './verdict.ts';

/**
 * Which lines a check has, and how they share one error rate. Method: weighted Bonferroni (below); each line's interval is that of
 * quantities.ts. Where it fails: lines that say the same (cost and duration) share as if they were strangers, so that many lines find
 * less than one (`npm run bench:check`, rows "default" and "all lines").
 */

/** One line before it is judged. */
export interface Line {
  readonly name: MetricName;
  readonly kind: LimitKind;
  /** Undefined where there are too few values. */
  readonly quantity: Quantity | undefined;
  /** As the user gave it; absent: shown, not judged. */
  readonly limit?: { readonly max: number; readonly warn?: number | undefined };
  readonly required: boolean;
  /** Share of the promise that a regression may spend here. */
  readonly share: number;
}

/** Failing more is not faster: judged unasked, at this many more failures in a hundred calls, but never needed for a pass. */
const errorsUnasked = { max: 0.05 };

/**
 * Below this typical duration the fee of a request hides what the code costs: at 128 MB a call of 3 ms that takes twice as long is
 * dearer by 3 %. Duration is judged beside cost then, with the limit of cost; it must not be beyond, and a pass does not need it.
 */
const feeHidesBelowMs = 10;

function durationUnasked(baseline: Side, options: GateOptions): IncreaseLimit | undefined {
  const figures = durationsOf(baseline, options);
  const typical = figures && centreOf(figures, typicalTrim);
  return typical !== undefined && typical.centre < feeHidesBelowMs ? { max: options.limits.cost.max } : undefined;
}

const millionth = 1e-6;

/** What is judged, but for memory, which is a fact and not an estimate. */
export function judgedLines(baseline: Side, current: Side, options: GateOptions): Line[] {
  const { limits } = options;
  const compared = withoutDrift(baseline, current, options);
  const [costBefore, costNow] = [costsOf(compared.baseline, options), costsOf(compared.current, options)];
  const [initBefore, initNow] = [initFigures(baseline), initFigures(current)];
  const compare = (before: Figures | undefined, now: Figures | undefined, trim: number, max: number) =>
    meanRatio(before, now, trim, 1 + max, options);
  const durationLimit = limits.duration ?? durationUnasked(baseline, options);
  const duration =
    durationLimit || limits.p95 || limits.p95Ms
      ? durationRatio(compared.baseline, compared.current, options, durationLimit?.max)
      : undefined;
  const lines: Omit<Line, 'share'>[] = [
    ...increase('cost', compare(costBefore, costNow, typicalTrim, limits.cost.max), limits.cost),
    ...increase('meanCost', compare(costBefore, costNow, 0, limits.cost.max), limits.cost, options.strict),
    ...increase('duration', duration, durationLimit, limits.duration !== undefined),
    ...increase(
      'p95',
      limits.p95 && p95RatioOf(compared.baseline, compared.current, duration?.ratio, options.payloads),
      limits.p95,
    ),
    ...increase('init', limits.init && compare(initBefore, initNow, typicalTrim, limits.init.max), limits.init),
    {
      name: 'errors',
      kind: 'difference',
      quantity: errorDifference(baseline, current),
      limit: limits.errors ?? errorsUnasked,
      required: limits.errors !== undefined,
    },
    ...budget(
      'meanCost',
      costNow && meanFigure(costBefore, costNow, 0, options.hosts),
      inUnits(limits.costUsdPerMillion, millionth),
    ),
    ...budget('p95', limits.p95Ms && percentileFigure(current, duration?.ratio, options.payloads), limits.p95Ms),
    ...budget(
      'init',
      limits.initMs && initNow && meanFigure(initBefore, initNow, typicalTrim, options.hosts),
      limits.initMs,
    ),
  ];
  const judged = options.alone ? lines.filter(({ kind }) => kind === 'budget') : lines;
  return shared(judged, limits.cost.max, options.functions ?? 1);
}

/** What was not asked for but belongs beside it. */
export function shownLines(baseline: Side, current: Side, options: GateOptions): Line[] {
  const { limits } = options;
  const compared = withoutDrift(baseline, current, options);
  const duration = durationRatio(compared.baseline, compared.current, options);
  const line = (name: MetricName, quantity: Quantity | undefined): Line[] => [
    { name, kind: 'increase', quantity, required: false, share: 0 },
  ];
  return [
    ...((limits.duration ?? durationUnasked(baseline, options)) ? [] : line('duration', duration)),
    ...(limits.p95
      ? []
      : line('p95', p95RatioOf(compared.baseline, compared.current, duration?.ratio, options.payloads))),
    ...(limits.init
      ? []
      : line('init', meanRatio(initFigures(baseline), initFigures(current), typicalTrim, 1, options))),
  ];
}

function costsOf(side: Side, options: GateOptions): Figures | undefined {
  return figuresOf(side, (call) => call.costUsd, options);
}

/** Of warm calls: a cold share blends cost alone. */
function durationRatio(baseline: Side, current: Side, options: GateOptions, max = 0): Quantity | undefined {
  return meanRatio(durationsOf(baseline, options), durationsOf(current, options), typicalTrim, 1 + max, options);
}

function durationsOf(side: Side, { payloads }: GateOptions): Figures | undefined {
  return figuresOf(side, (call) => call.durationMs, { payloads });
}

function increase(
  name: MetricName,
  quantity: Quantity | undefined,
  limit: Line['limit'],
  required = true,
): Omit<Line, 'share'>[] {
  return limit === undefined ? [] : [{ name, kind: 'increase', quantity, limit, required }];
}

function budget(name: MetricName, quantity: Quantity | undefined, limit: Line['limit']): Omit<Line, 'share'>[] {
  return limit === undefined ? [] : [{ name, kind: 'budget', quantity, limit, required: true }];
}

function inUnits(limit: Line['limit'], unit: number): Line['limit'] {
  if (limit === undefined) return undefined;
  return { max: limit.max * unit, warn: limit.warn === undefined ? undefined : limit.warn * unit };
}

/** The two cost lines weigh as much as four others: the gate is about cost, and rows "default" and "all lines" of `npm run bench:check` differ little so. */
const weightOfOthers = 0.25;
const weightOfPreciseCost = 0.9;

/**
 * Bonferroni with weights: the shares add up to 1, so that several lines together do not alarm more often than one. Of the
 * two cost lines, which mostly say the same, the one that is measured more precisely has nearly all; which one that is says
 * nothing about which side is dearer. The functions of one check share it, too. A line that cannot alarm (no figure, no failure) needs no share.
 */
function shared(lines: readonly Omit<Line, 'share'>[], costLimit: number, functions: number): Line[] {
  const errorOf = (name: MetricName) => {
    const ratio = lines.find((line) => line.name === name && line.kind === 'increase')?.quantity?.ratio;
    return ratio === undefined ? Number.POSITIVE_INFINITY : standardError(ratio, 1 + costLimit);
  };
  const precise = errorOf('meanCost') < errorOf('cost') ? 'meanCost' : 'cost';
  const weights = lines.map(({ name, kind, quantity, limit }) => {
    if (limit === undefined || quantity === undefined) return 0;
    if (kind === 'difference') return quantity.estimate > 0 ? weightOfOthers : 0;
    if (kind !== 'increase' || (name !== 'cost' && name !== 'meanCost')) return weightOfOthers;
    return name === precise ? weightOfPreciseCost : 1 - weightOfPreciseCost;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return lines.map((line, index) => ({ ...line, share: (weights[index] ?? 0) / (total || 1) / functions }));
}

export function limitOf({ kind, limit }: Pick<Line, 'kind' | 'limit'>): Limit | undefined {
  if (limit === undefined) return undefined;
  if (kind === 'increase') return increaseLimit(limit.max);
  return kind === 'difference' ? differenceLimit(limit.max) : budgetLimit(limit.max);
}

/** One-sided confidences of a line at look `look` (0 is the first); `known`: what each look knows (levels.ts). */
export function levelsOf(known: readonly number[], look: number, share: number) {
  const at = (alpha: number) => lookConfidences(known, alpha)[look] ?? 1 - alpha;
  return {
    regress: { atLimit: at(errorRates.atLimit * (share || 1)), plain: at(errorRates.plain * (share || 1)) },
    pass: { atLimit: at(errorRates.atLimit), plain: at(errorRates.plain) },
  };
}
