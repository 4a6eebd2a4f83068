import {
  type Architecture,
  type Configuration,
  otherArchitecture,
  plain,
  sameConfiguration,
} from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import type { ConfigurationResult } from '../model/run.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { streamedBytesCostUsd } from '../pricing/streamedBytesCost.ts';
import { percentileEstimate } from '../stats/percentiles.ts';
import { warmUpApart } from '../stats/series.ts';
import type { Spread } from '../stats/spread.ts';
import { blendedFigures, blendedSample, canBlend } from './blend.ts';
import { asAnswers } from './expectedErrors.ts';
import { type HostPriors, type SpreadByArchitecture, spreadByArchitecture } from './hosts.ts';
import { calmOnes } from './machine/contention.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import { inOrderOfTime, standingOf } from './standing.ts';
import { withoutFirstWarm } from './steady.ts';
import {
  costInterval,
  isSucceeded,
  type PayloadShare,
  type Succeeded,
  sampleBy,
  summarize,
  weightedMean,
} from './summarize.ts';

/** How figures scatter over the run; those of cold starts in their own way. */
export type RunSpreads = Readonly<
  Record<
    'warm' | 'cold',
    {
      readonly costs: SpreadByArchitecture;
      readonly durations: SpreadByArchitecture;
      /** Of init and restore. */
      readonly starts?: SpreadByArchitecture | undefined;
      /** Where answers were streamed. */
      readonly firstBytes?: SpreadByArchitecture | undefined;
      readonly totals?: SpreadByArchitecture | undefined;
    }
  >
>;

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

/** Of a saved row: the calls that it was judged by. */
export function judgedCallsOf(row: ConfigurationResult, allowedErrors: readonly string[]): Successes {
  const answers = asAnswers(row.measurements, allowedErrors);
  return successesOf({ configuration: row, measurements: withoutFirstWarm(answers, row.steady?.afterCalls ?? 0) });
}

export function spreadOfCalls(
  groups: readonly { readonly architecture: Architecture; readonly calls: readonly Succeeded[] }[],
  figure: (call: Succeeded) => number,
  payloads: readonly PayloadShare[],
  priors: HostPriors,
): SpreadByArchitecture {
  return spreadByArchitecture(
    groups.map(({ architecture, calls }) => ({ architecture, sample: sampleBy(calls, figure, payloads) })),
    priors,
  );
}

/** One row of the result: what was measured of a configuration, and whether it may be judged by that. */
export function rowOfLane(lane: MeasuredLane, input: AnalysisInput, spreads: RunSpreads): ConfigurationResult {
  const { architecture } = lane.configuration;
  const { warm, cold } = successesOf(lane);
  const leastUsd = leastChargeOf(lane.configuration, input);
  const here = ({ costs, durations, starts, firstBytes, totals }: RunSpreads['warm']) => ({
    costs: costs[architecture],
    durations: durations[architecture],
    starts: starts?.[architecture],
    firstBytes: firstBytes?.[architecture],
    totals: totals?.[architecture],
  });
  const warmSummary = summarize(warm, input.payloads, here(spreads.warm), leastUsd);
  const coldSummary = summarize(cold, input.payloads, here(spreads.cold), leastUsd);
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

/** The mixture of warm and cold calls. `scatter`: of such mixtures over the run. */
export function blendedOf(
  calls: Successes,
  payloads: readonly PayloadShare[],
  coldShare: number,
  scatter: { readonly costs: Spread; readonly durations: Spread },
  leastUsd = 0,
): NonNullable<ConfigurationResult['blended']> {
  const durations = blendedSample(calls, blendedFigures.duration, payloads, coldShare);
  // So few that nothing bounds it from above do not name it.
  const p95 = percentileEstimate(durations, 0.95, scatter.durations);
  return {
    coldShare,
    costUsd: costInterval(blendedSample(calls, blendedFigures.cost, payloads, coldShare), scatter.costs, leastUsd),
    meanMs: weightedMean(durations),
    p95Ms: p95?.high == null ? null : p95.estimate,
  };
}

/**
 * The other architecture's price at the durations measured on this one: what was billed, charged anew. By warm calls, or by
 * the mixture that measured rows are compared by. It has no interval: how far durations there differ from those here, which is
 * most of its error, is not known.
 */
export function projectedRow(
  configuration: Configuration,
  judged: readonly { readonly lane: MeasuredLane; readonly row: ConfigurationResult }[],
  input: AnalysisInput,
  coldShare: number | undefined,
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
  const anew = ({ billedDurationMs, stream }: Succeeded) =>
    charge(configuration, billedDurationMs, input) +
    (streamedBytesCostUsd(stream?.bytes ?? 0, input.costModel.region) ?? 0);
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
      costUsd: { mean: weightedMean(sampled(anew, anew)) },
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
