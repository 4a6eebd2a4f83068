import { type PayloadShare, sampleBy } from '../analysis/summarize.ts';
import { percentileEstimate } from '../stats/percentiles.ts';
import { centreOf } from './centre.ts';
import { tCritical } from './critical.ts';
import { type Figures, plainFigures, type Side } from './figures.ts';
import { hostsOf } from './hosts.ts';
import type { FixedBaseline, GateOptions, HostBelief } from './options.ts';
import { type Bounds, boundsOf, type Ratio, ratioOf, roundingVariance, sameRun } from './ratio.ts';

/** Something that is compared with a limit: its estimate, and one-sided bounds of a given confidence. */
export interface Quantity {
  /** Of the sides themselves, in the unit of the metric; null where one is not known. */
  readonly baseline: number | null;
  readonly current: number | null;
  readonly estimate: number;
  readonly bounds: (confidence: number) => Bounds;
  /** Present for ratios of means. */
  readonly ratio?: Ratio;
}

/** 20 % off each end: what is typical (Yuen's and Wilcox's usual choice; `npm run bench:check -- --data` prints what it makes of recorded tails). */
export const typicalTrim = 0.2;

export function meanRatio(
  baseline: Figures | undefined,
  current: Figures | undefined,
  trim: number,
  limit: number,
  { hosts, fixedBaseline }: Pick<GateOptions, 'hosts' | 'fixedBaseline'>,
): Quantity | undefined {
  const one = baseline && centreOf(baseline, trim);
  const other = current && centreOf(current, trim);
  if (one === undefined || other === undefined) return undefined;
  const ratio = ratioOf(one, other, limit, hosts, betweenRunsOf(fixedBaseline));
  return {
    baseline: one.centre,
    current: other.centre,
    estimate: ratio.estimate,
    bounds: (confidence) => boundsOf(ratio, confidence),
    ratio,
  };
}

/** The current side's run is another one than those of the files. */
export function betweenRunsOf(fixed: FixedBaseline | undefined): Ratio['runs'] {
  return fixed === undefined ? sameRun : { variance: fixed.runCv ** 2 * (1 + 1 / fixed.runs), df: fixed.runDf };
}

/** A (trimmed) mean of the current side alone, for a budget. */
export function meanFigure(
  baseline: Figures | undefined,
  current: Figures,
  trim: number,
  believed: HostBelief,
): Quantity | undefined {
  const own = centreOf(current, trim);
  if (own === undefined) return undefined;
  const one = baseline && centreOf(baseline, trim);
  const hosts = hostsOf(one === undefined ? [own] : [one, own], believed);
  return {
    baseline: one?.centre ?? null,
    current: own.centre,
    estimate: own.centre,
    bounds(confidence) {
      const within = tCritical(confidence, own.df) ** 2 * (own.variance + roundingVariance);
      const between = tCritical(confidence, hosts.df) ** 2 * hosts.variance * own.clustering;
      const half = own.centre * Math.sqrt(within + between);
      return { low: Math.max(0, own.centre - half), high: own.centre + half };
    },
  };
}

export function initFigures(side: Side): Figures | undefined {
  const starts = side.cold.filter((call) => (call.initDurationMs ?? call.restoreDurationMs) !== undefined);
  return plainFigures(starts, (call) => call.initDurationMs ?? call.restoreDurationMs ?? 0);
}

const p95 = 0.95;

/** 95th percentile of warm durations, payloads by weight; undefined below 20 values a side. Open bounds are 0 and infinite. */
export function p95RatioOf(
  baseline: Side,
  current: Side,
  hosts: Ratio | undefined,
  payloads: readonly PayloadShare[],
): Quantity | undefined {
  const one = percentileFigure(baseline, hosts, payloads, 'baseline');
  const other = percentileFigure(current, hosts, payloads);
  if (one === undefined || other === undefined || !(one.estimate > 0)) return undefined;
  const estimate = other.estimate / one.estimate;
  return {
    baseline: one.estimate,
    current: other.estimate,
    estimate,
    bounds(confidence) {
      const [a, b] = [one.bounds(confidence), other.bounds(confidence)];
      // On the log scale, distances in quadrature (MOVER).
      const down = Math.hypot(Math.log(other.estimate / b.low), Math.log(a.high / one.estimate));
      const up = Math.hypot(Math.log(b.high / other.estimate), Math.log(one.estimate / a.low));
      return { low: estimate * Math.exp(-down), high: estimate * Math.exp(up) };
    },
  };
}

/**
 * The order statistics' interval takes values as independent: what environments add to typical duration (`hosts`) is added
 * to it. Where it fails: as stats/percentiles.ts says; below 72 values it has no upper bound at 95 %, so a p95 line is slow to pass
 * (`npm run bench:check` prints how often it stays open).
 */
export function percentileFigure(
  side: Side,
  hosts: Ratio | undefined,
  payloads: readonly PayloadShare[],
  which: 'baseline' | 'current' = 'current',
): Quantity | undefined {
  const sample = sampleBy(side.warm, (call) => call.durationMs, payloads);
  const middle = percentileEstimate(sample, p95, undefined);
  if (middle === null || !(middle.estimate > 0)) return undefined;
  const { estimate } = middle;
  return {
    baseline: null,
    current: estimate,
    estimate,
    bounds(confidence) {
      const found = percentileEstimate(sample, p95, undefined, 2 * confidence - 1);
      const between = tCritical(confidence, hosts?.hosts.df ?? 2) * Math.sqrt(hosts?.clustering[which] ?? 0);
      const below = found?.low ? Math.log(estimate / found.low) : Number.POSITIVE_INFINITY;
      const above = found?.high ? Math.log(found.high / estimate) : Number.POSITIVE_INFINITY;
      return {
        low: estimate * Math.exp(-Math.hypot(below, between)),
        high: estimate * Math.exp(Math.hypot(above, between)),
      };
    },
  };
}

/**
 * Share of failed calls, current less baseline: Newcombe's interval (Statistics in Medicine 17, 1998, method 10) from
 * Wilson's. Calls are taken as independent.
 */
export function errorDifference(baseline: Side, current: Side): Quantity | undefined {
  const [all, other] = [baseline.trials + baseline.cold.length, current.trials + current.cold.length];
  if (all === 0 || other === 0) return undefined;
  const one = baseline.failures / all;
  const two = current.failures / other;
  return {
    baseline: one,
    current: two,
    estimate: two - one,
    bounds(confidence) {
      const z = tCritical(confidence, 1000);
      const [a, b] = [wilson(one, all, z), wilson(two, other, z)];
      return {
        low: two - one - Math.hypot(two - b.low, a.high - one),
        high: two - one + Math.hypot(b.high - two, one - a.low),
      };
    },
  };
}

function wilson(share: number, count: number, z: number): Bounds {
  const centre = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + ((z / count) * z) / (4 * count));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
