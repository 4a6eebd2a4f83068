import type { Measurement } from '../model/measurement.ts';
import type { CostInterval, Distribution, Summary } from '../model/summary.ts';
import { mean } from '../stats/moments.ts';
import { percentile, percentileEstimate } from '../stats/percentiles.ts';
import {
  countOf,
  environmentsOf,
  missingStrata,
  type Sample,
  sampleOf,
  stratifiedSample,
  valuesOf,
} from '../stats/samples.ts';
import type { Spread } from '../stats/spread.ts';
import { meanEstimate } from '../stats/statistics.ts';

export type Succeeded = Extract<Measurement, { outcome: 'succeeded' }>;

/** One payload of the run; weights are relative. Several are strata: each estimated, then combined by weight. */
export interface PayloadShare {
  readonly name: string;
  readonly weight: number;
}

/** Nothing but that of each. */
export function payloadShares(payloads: readonly PayloadShare[]): readonly PayloadShare[] {
  return payloads.map(({ name, weight }) => ({ name, weight }));
}

/**
 * Figures of one configuration. Methods: stats/statistics.ts (means), stats/percentiles.ts; payloads are strata.
 * Only successes have durations and costs here: a call that fails at once would make its configuration look fast and
 * cheap, and one that hangs slow. Failures are counted beside them, and every measurement is kept.
 */
export function isSucceeded(measurement: Measurement): measurement is Succeeded {
  return measurement.outcome === 'succeeded';
}

/** Values of one figure, grouped by payload and environment. */
export function sampleBy(
  measurements: readonly Succeeded[],
  figure: (reported: Succeeded) => number,
  payloads: readonly PayloadShare[],
): Sample {
  const observations = observed(measurements, figure);
  if (payloads.length < 2) return sampleOf(observations);
  const sample = stratifiedSample(observations, payloads);
  return sample.length === 0 ? sampleOf(observations) : sample;
}

/** Names of the payloads that have no measurement; empty where there is only one payload. */
export function payloadsWithout(measurements: readonly Succeeded[], payloads: readonly PayloadShare[]): string[] {
  return payloads.length < 2
    ? []
    : missingStrata(
        observed(measurements, (reported) => reported.costUsd),
        payloads,
      );
}

/** How the figures of a run scatter on one architecture. */
export interface SummarySpreads {
  readonly costs: Spread;
  readonly durations: Spread;
  /** Of init and restore. */
  readonly starts?: Spread | undefined;
  /** Of answers that were streamed. */
  readonly firstBytes?: Spread | undefined;
  readonly totals?: Spread | undefined;
}

/** Undefined without measurements. The spreads are those of the run on this architecture, `leastUsd` is what any call costs. */
export function summarize(
  measurements: readonly Succeeded[],
  payloads: readonly PayloadShare[],
  { costs, durations, starts, firstBytes, totals }: SummarySpreads,
  leastUsd = 0,
): Summary | undefined {
  if (measurements.length === 0) return undefined;
  const init = measurements.filter(({ initDurationMs }) => initDurationMs !== undefined);
  const timed = measurements.filter(({ rawDurationMs }) => rawDurationMs !== undefined);
  const restore = measurements.filter(({ restoreDurationMs }) => restoreDurationMs !== undefined);
  const sample = sampleBy(measurements, (reported) => reported.costUsd, payloads);
  return {
    count: measurements.length,
    durationMs: distribution(
      sampleBy(measurements, (reported) => reported.durationMs, payloads),
      durations,
    ),
    billedDurationMs: { mean: weightedMean(sampleBy(measurements, (reported) => reported.billedDurationMs, payloads)) },
    rawDurationMs:
      timed.length > 0
        ? { mean: weightedMean(sampleBy(timed, (reported) => reported.rawDurationMs ?? 0, payloads)) }
        : undefined,
    initDurationMs:
      init.length > 0
        ? bounded(
            sampleBy(init, (reported) => reported.initDurationMs ?? 0, payloads),
            undefined,
            starts,
          )
        : undefined,
    restoreDurationMs:
      restore.length > 0
        ? bounded(
            sampleBy(restore, (reported) => reported.restoreDurationMs ?? 0, payloads),
            undefined,
            starts,
          )
        : undefined,
    restores: restoresOf(restore, payloads, starts),
    stream: streamOf(measurements, payloads, { firstBytes, totals }),
    maxMemoryUsedMb: Math.max(...measurements.map(({ maxMemoryUsedMb }) => maxMemoryUsedMb)),
    costUsd: costInterval(sample, costs, leastUsd),
    environments: environmentsOf(sample),
  };
}

/** Of calls that know it: those of earlier versions of tune do not. */
function restoresOf(
  restores: readonly Succeeded[],
  payloads: readonly PayloadShare[],
  spread: Spread | undefined,
): Summary['restores'] {
  const of = (order: 'first' | 'later') => {
    const own = restores.filter(({ restored }) => restored?.order === order);
    if (own.length === 0) return undefined;
    return {
      count: own.length,
      durationMs: bounded(
        sampleBy(own, (reported) => reported.restoreDurationMs ?? 0, payloads),
        undefined,
        spread,
      ),
      lastSinceReadyMs: Math.max(...own.map(({ restored }) => restored?.sinceReadyMs ?? 0)),
    };
  };
  const [first, later] = [of('first'), of('later')];
  return first === undefined && later === undefined ? undefined : { first, later };
}

/** With the interval of the mean. `percentiles`: the spread by which those are bounded; without one values are independent. */
function bounded(
  sample: Sample,
  percentiles: Spread | undefined,
  spread: Spread | undefined = percentiles,
): Distribution {
  const estimate = spread === undefined || countOf(sample) < 2 ? undefined : meanEstimate(sample, spread);
  const figures = distribution(sample, percentiles);
  if (estimate === undefined) return figures;
  const { low, high } = estimate;
  return { ...figures, meanInterval: { low: Math.min(low, figures.mean), high: Math.max(high, figures.mean) } };
}

/** By the client's clock, of those whose answers were streamed. */
function streamOf(
  measurements: readonly Succeeded[],
  payloads: readonly PayloadShare[],
  { firstBytes, totals }: Pick<SummarySpreads, 'firstBytes' | 'totals'>,
): Summary['stream'] {
  const streamed = measurements.filter(({ stream }) => stream !== undefined);
  if (streamed.length === 0) return undefined;
  const begun = streamed.filter(({ stream }) => stream?.firstByteMs !== undefined);
  const bytes = streamed.map(({ stream }) => stream?.bytes ?? 0);
  return {
    firstByteMs: begun.length > 0 ? bounded(sampleBy(begun, firstByteMsOf, payloads), firstBytes) : undefined,
    totalMs: bounded(sampleBy(streamed, totalMsOf, payloads), totals),
    bytes: {
      mean: weightedMean(sampleBy(streamed, ({ stream }) => stream?.bytes ?? 0, payloads)),
      min: Math.min(...bytes),
      max: Math.max(...bytes),
    },
  };
}

/** Of a call whose answer was streamed and had a byte. */
export function firstByteMsOf({ stream }: Succeeded): number {
  return stream?.firstByteMs ?? 0;
}

/** Of a call whose answer was streamed. */
export function totalMsOf({ stream }: Succeeded): number {
  return stream?.totalMs ?? 0;
}

/**
 * One value leaves its scatter unknown: the interval is then the mean alone, as the saved run says. No mean lies below
 * what every call costs, the price of a request, however few calls there are.
 */
export function costInterval(sample: Sample, spread: Spread, leastUsd = 0): CostInterval {
  const centre = weightedMean(sample);
  const estimate = countOf(sample) < 2 ? undefined : meanEstimate(sample, spread);
  if (estimate === undefined) return { mean: centre, low: centre, high: centre };
  return {
    mean: centre,
    low: Math.min(Math.max(estimate.low, leastUsd), centre),
    high: Math.max(estimate.high, centre),
  };
}

export function weightedMean(sample: Sample): number {
  const totalWeight = sample.reduce((sum, stratum) => sum + stratum.weight, 0);
  return sample.reduce((sum, stratum) => sum + (stratum.weight / totalWeight) * mean(valuesOf(stratum)), 0);
}

/** Without a spread: each value is of an environment of its own. */
function distribution(sample: Sample, spread?: Spread): Distribution {
  const values = sample.flatMap(valuesOf);
  return {
    mean: weightedMean(sample),
    p50: percentile(sample, 0.5),
    p90: percentile(sample, 0.9),
    p95: percentile(sample, 0.95),
    p99: percentile(sample, 0.99),
    min: Math.min(...values),
    max: Math.max(...values),
    ...percentileIntervals(sample, spread),
  };
}

function percentileIntervals(sample: Sample, spread: Spread | undefined): Pick<Distribution, 'intervals'> {
  const found = (['p50', 'p90', 'p95', 'p99'] as const).flatMap((name) => {
    const { low = null, high = null } = percentileEstimate(sample, Number(name.slice(1)) / 100, spread) ?? {};
    return low === null && high === null ? [] : [[name, { low, high }] as const];
  });
  return found.length === 0 ? {} : { intervals: Object.fromEntries(found) };
}

function observed(measurements: readonly Succeeded[], figure: (reported: Succeeded) => number) {
  return measurements.map((measurement) => ({
    value: figure(measurement),
    environment: measurement.environment,
    stratum: measurement.payload,
  }));
}
