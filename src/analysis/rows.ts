import { type Configuration, otherArchitecture, plain, sameConfiguration } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import type { ConfigurationResult } from '../model/run.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { percentile } from '../stats/percentiles.ts';
import { warmUpApart } from '../stats/series.ts';
import { runSpread, type Spread, type SpreadPrior } from '../stats/spread.ts';
import { blendedFigures, blendedSample, canBlend } from './blend.ts';
import { calmOnes } from './contention.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import { inOrderOfTime, standingOf } from './standing.ts';
import {
  costInterval,
  isSucceeded,
  type PayloadShare,
  type Succeeded,
  sampleBy,
  summarize,
  weightedMean,
} from './summarize.ts';

/** How costs scatter over the run; cold starts scatter in their own way. */
export interface RunSpreads {
  readonly warm: Spread;
  readonly cold: Spread;
}

/** The successes of a lane, apart by start, in the order in which they were made. */
export interface Successes {
  readonly warm: readonly Succeeded[];
  readonly cold: readonly Succeeded[];
}

/** Without those that a busy machine got in the way of, where there are enough others. */
export function successesOf(lane: MeasuredLane): Successes {
  const succeeded = inOrderOfTime(lane.measurements.filter(isSucceeded));
  return {
    warm: calmOnes(succeeded.filter(({ start }) => start === 'warm')),
    cold: calmOnes(succeeded.filter(({ start }) => start === 'cold')),
  };
}

export function costSpread(
  groups: readonly (readonly Succeeded[])[],
  payloads: readonly PayloadShare[],
  prior: SpreadPrior,
): Spread {
  return runSpread(
    groups.map((group) => sampleBy(group, ({ costUsd }) => costUsd, payloads)),
    prior,
  );
}

/** One row of the result: what was measured of a configuration, and whether it may be judged by that. */
export function rowOfLane(lane: MeasuredLane, input: AnalysisInput, spreads: RunSpreads): ConfigurationResult {
  const { warm, cold } = successesOf(lane);
  const leastUsd = leastChargeOf(lane.configuration, input);
  const warmSummary = summarize(warm, input.payloads, spreads.warm, leastUsd);
  const coldSummary = summarize(cold, input.payloads, spreads.cold, leastUsd);
  return {
    ...plain(lane.configuration),
    ...standingOf(lane, input),
    warm: warmSummary,
    cold: coldSummary,
    ...warmUpOf(warm, input.payloads),
    failures: {
      functionError: countOutcome(lane, 'functionError'),
      timedOut: countOutcome(lane, 'timedOut'),
      outOfMemory: countOutcome(lane, 'outOfMemory'),
      unreported: countOutcome(lane, 'unreported'),
    },
    measurements: [...lane.measurements],
  };
}

/** Counted apart and not dropped. Payloads differ by nature, so that only a single one shows it. */
function warmUpOf(warm: readonly Succeeded[], payloads: readonly PayloadShare[]): Pick<ConfigurationResult, 'warmUp'> {
  const [stratum, ...others] = sampleBy(warm, ({ durationMs }) => durationMs, payloads);
  const apart = stratum && others.length === 0 ? warmUpApart(stratum.clusters) : undefined;
  return apart ? { warmUp: { calls: apart.calls, meanMs: apart.mean, laterMeanMs: apart.laterMean } } : {};
}

/** The mixture of warm and cold calls. `costs` is the spread of such mixtures over the run. */
export function blendedOf(
  calls: Successes,
  payloads: readonly PayloadShare[],
  coldShare: number,
  costs: Spread,
  leastUsd = 0,
): NonNullable<ConfigurationResult['blended']> {
  const durations = blendedSample(calls, blendedFigures.duration, payloads, coldShare);
  return {
    coldShare,
    costUsd: costInterval(blendedSample(calls, blendedFigures.cost, payloads, coldShare), costs, leastUsd),
    meanMs: weightedMean(durations),
    p95Ms: percentile(durations, 0.95),
  };
}

/** What projected rows are worked out by: warm calls, or the mixture that measured ones are compared by. */
export interface ProjectionBasis {
  readonly coldShare?: number;
  /** How such costs scatter over the run. */
  readonly costs: Spread;
}

/**
 * The other architecture's price at the durations measured on this one: what was billed, charged anew.
 */
export function projectedRow(
  configuration: Configuration,
  judged: readonly { readonly lane: MeasuredLane; readonly row: ConfigurationResult }[],
  input: AnalysisInput,
  { coldShare, costs: spread }: ProjectionBasis,
): ConfigurationResult {
  const { memoryMb, architecture } = configuration;
  const failures = { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 };
  const elsewhere = { ...configuration, architecture: otherArchitecture(architecture) };
  const source = judged.find(({ row }) => sameConfiguration(row, elsewhere) && row.status === 'measured' && row.warm);
  if (source?.row.warm === undefined) {
    const reason = `no warm invocation was measured at ${memoryMb} MB to project the price from`;
    return { ...plain(configuration), status: 'unmeasured', reason, failures, measurements: [] };
  }
  const calls = successesOf(source.lane);
  const anew = ({ billedDurationMs }: Succeeded) => charge(configuration, billedDurationMs, input);
  const mixes = coldShare !== undefined && canBlend(calls, coldShare);
  const sampled = (figure: (call: Succeeded) => number, mixed: (call: Succeeded) => number) =>
    mixes ? blendedSample(calls, mixed, input.payloads, coldShare) : sampleBy(calls.warm, figure, input.payloads);
  const durations = sampled(({ durationMs }) => durationMs, blendedFigures.duration);
  return {
    ...plain(configuration),
    status: 'projected',
    reason: `price only: the duration measured on ${source.row.architecture} is assumed`,
    projected: {
      durationMs: weightedMean(durations),
      costUsd: costInterval(sampled(anew, anew), spread, leastChargeOf(configuration, input)),
    },
    failures,
    measurements: [],
  };
}

function countOutcome({ measurements }: MeasuredLane, outcome: Measurement['outcome']): number {
  return measurements.filter((measurement) => measurement.outcome === outcome).length;
}

/** What any call costs: the price of a request. */
export function leastChargeOf(configuration: Configuration, input: AnalysisInput): number {
  return charge(configuration, 0, input);
}

function charge(
  { memoryMb, architecture }: Configuration,
  billedDurationMs: number,
  { costModel, ephemeralStorageMb }: AnalysisInput,
): number {
  return invocationCostUsd({ memoryMb, architecture, billedDurationMs, ephemeralStorageMb }, costModel);
}
