import type { Choice } from '../model/answer.ts';
import type { Architecture } from '../model/configuration.ts';
import type { ConfigurationBasis, ConfigurationResult } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import type { Spread } from '../stats/spread.ts';
import type { SteadyPart } from '../stats/steadyState.ts';
import { balancedOf, cheapestOf, fastestOf } from './choices.ts';
import { type Compared, compare } from './compared.ts';
import { asAnswers, isExpected } from './expectedErrors.ts';
import { type HostPriors, hostPriorsOf, type SpreadByArchitecture } from './hosts.ts';
import { latencyStandingOf } from './latencyStanding.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import {
  blendedOf,
  leastChargeOf,
  projectedRow,
  type RunSpreads,
  rowOfLane,
  spreadOfCalls,
  successesOf,
} from './rows.ts';
import { runWarnings } from './runWarnings.ts';
import { standingOf } from './standing.ts';
import { steadyPartsOf, withoutFirstWarm } from './steady.ts';
import {
  firstByteMsOf,
  isSucceeded,
  type PayloadShare,
  type Succeeded,
  sampleBy,
  totalMsOf,
  weightedMean,
} from './summarize.ts';

export interface Analysis {
  /** The lanes in their order, then the projected ones. */
  readonly configurations: readonly ConfigurationResult[];
  readonly cheapest: Choice;
  readonly fastest: Choice;
  readonly balanced: Choice;
  readonly comparedBy: ConfigurationBasis | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * From measurements to rows and choices. Costs and durations that are compared are means of warm, succeeded calls, or of
 * the mixture that `coldShare` asks for; cold ones are compared only when no configuration has a warm one. Projected rows
 * are never chosen.
 */
export function analyze(given: AnalysisInput): Analysis {
  const { payloads, tolerance, allowedErrors = [] } = given;
  const answered = given.lanes.map((asMade) => ({
    ...asMade,
    measurements: asAnswers(asMade.measurements, allowedErrors),
    asMade,
  }));
  const steadyParts = steadyPartsOf(answered, payloads, given.compilesInUse);
  const lanes = answered.map((lane, index) => {
    const steady = steadyParts[index];
    return { ...lane, all: lane, steady, measurements: withoutFirstWarm(lane.measurements, steady?.after ?? 0) };
  });
  const input: AnalysisInput = { ...given, lanes };
  const priors = hostPriorsOf(input.emulation);
  const successes = lanes.map((lane) => ({
    architecture: lane.configuration.architecture,
    ...successesOf(lane),
  }));
  const spreadsOf = (start: 'warm' | 'cold'): RunSpreads['warm'] => {
    const groups = successes.map((one) => ({ architecture: one.architecture, calls: one[start] }));
    return {
      costs: spreadOfCalls(groups, ({ costUsd }) => costUsd, payloads, priors),
      durations: spreadOfCalls(groups, ({ durationMs }) => durationMs, payloads, priors),
      starts: start === 'cold' ? startSpread(groups, payloads, priors) : undefined,
      ...streamSpreads(groups, payloads, priors),
    };
  };
  const spreads: RunSpreads = { warm: spreadsOf('warm'), cold: spreadsOf('cold') };
  const judged = lanes.map((lane) => {
    const spread = spreads.warm.durations[lane.configuration.architecture];
    const row = { ...rowOfLane(lane, input, spreads), ...standingOf(lane.all, input), ...steadyOf(lane, payloads) };
    return { lane, row: withLatency(row, lane, input, spread) };
  });
  const compared = compare(
    judged.map(({ lane, row }) => ({
      configuration: lane.configuration,
      calls: successesOf(lane),
      status: row.status,
      latency: row.latency,
    })),
    { payloads, coldShare: input.coldShare, tolerance, priors },
  );
  const { basis, candidates, judgement } = compared;
  const coldShare = typeof basis === 'number' ? basis : undefined;
  return {
    configurations: [
      ...judged.map(({ lane, row }) => ({
        ...row,
        blended:
          typeof basis === 'number' && row.warm && row.cold
            ? blendedOf(
                successesOf(lane),
                payloads,
                basis,
                {
                  costs: judgement.costs.hosts[lane.configuration.architecture],
                  durations: judgement.durations.hosts[lane.configuration.architecture],
                },
                leastChargeOf(lane.configuration, input),
              )
            : undefined,
        ...asTheyWere(lane.asMade, allowedErrors),
      })),
      ...input.projected.map((configuration) => projectedRow(configuration, judged, input, coldShare)),
    ],
    cheapest: cheapestOf(candidates, judgement),
    fastest: fastestOf(candidates, judgement),
    balanced: balancedOf(candidates, judgement),
    comparedBy: comparedBy(
      compared,
      judged.map(({ row }) => row),
    ),
    warnings: runWarnings(input, compared, given.lanes, lanes),
  };
}

/** First restores of a version are another kind than later ones: how single ones scatter is told by the later alone, where there are any. */
function startSpread(groups: Groups, payloads: AnalysisInput['payloads'], priors: HostPriors): SpreadByArchitecture {
  const startMs = ({ restoreDurationMs, initDurationMs }: Succeeded) => restoreDurationMs ?? initDurationMs;
  const hasLater = groups.some(({ calls }) => calls.some(({ restored }) => restored?.order === 'later'));
  const counted = groups.map(({ architecture, calls }) => ({
    architecture,
    calls: calls.filter((call) => startMs(call) !== undefined && !(hasLater && call.restored?.order === 'first')),
  }));
  return spreadOfCalls(counted, (call) => startMs(call) ?? 0, payloads, priors);
}

type Groups = readonly { readonly architecture: Architecture; readonly calls: readonly Succeeded[] }[];

/** Nothing where no answer was streamed. */
function streamSpreads(
  groups: Groups,
  payloads: AnalysisInput['payloads'],
  priors: HostPriors,
): Pick<RunSpreads['warm'], 'firstBytes' | 'totals'> {
  const kept = (is: (call: Succeeded) => boolean) =>
    groups.map(({ architecture, calls }) => ({ architecture, calls: calls.filter(is) }));
  const streamed = kept(({ stream }) => stream !== undefined);
  if (streamed.every(({ calls }) => calls.length === 0)) return {};
  const begun = kept(({ stream }) => stream?.firstByteMs !== undefined);
  return {
    firstBytes: spreadOfCalls(begun, firstByteMsOf, payloads, priors),
    totals: spreadOfCalls(streamed, totalMsOf, payloads, priors),
  };
}

/** As it is saved, so that nobody who shows the run has to guess it from the rows. */
function comparedBy({ start, basis }: Compared, rows: readonly ConfigurationResult[]): ConfigurationBasis | undefined {
  if (!rows.some(({ status }) => status === 'measured')) return undefined;
  const isMixed = rows.some(({ warm, cold }) => warm && cold);
  return { start, coldShare: typeof basis === 'number' && isMixed ? basis : undefined };
}

/** What is judged beside what all warm calls come to. */
function steadyOf(
  { all, steady }: { readonly all: MeasuredLane; readonly steady: SteadyPart | undefined },
  payloads: readonly PayloadShare[],
): Pick<ConfigurationResult, 'steady' | 'warmUp'> {
  const warm = all.measurements.filter(isSucceeded).filter(({ start }) => start === 'warm');
  if (steady === undefined || warm.length === 0) return {};
  const meanOf = (figure: (call: Succeeded) => number) => weightedMean(sampleBy(warm, figure, payloads));
  return {
    steady: {
      reached: steady.isReached,
      afterCalls: steady.after,
      allWarm: {
        count: warm.length,
        meanMs: meanOf(({ durationMs }) => durationMs),
        costUsdMean: meanOf(({ costUsd }) => costUsd),
      },
    },
    warmUp: undefined,
  };
}

function withLatency(
  row: ConfigurationResult,
  lane: MeasuredLane,
  input: AnalysisInput,
  spread: Spread,
): ConfigurationResult {
  if (input.maxP95Ms === undefined || row.warm === undefined) return row;
  return { ...row, latency: latencyStandingOf(lane, input, () => spread) };
}

/** Measurements are saved as they were made, whatever counts as an answer. */
function asTheyWere(
  { measurements }: MeasuredLane,
  allowedErrors: readonly string[],
): Pick<ConfigurationResult, 'measurements' | 'expectedErrors'> {
  const expectedErrors = measurements.filter((one) => isExpected(one, allowedErrors)).length;
  return { measurements, expectedErrors: expectedErrors === 0 ? undefined : expectedErrors };
}
