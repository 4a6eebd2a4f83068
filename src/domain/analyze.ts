import { blendedFigures, blendedSample, canBlend } from './blend.ts';
import { balancedOf, type Candidate, cheapestOf, fastestOf, type Judgement } from './choices.ts';
import { asAnswers, isExpected } from './expectedErrors.ts';
import type { Architecture, Configuration, CostModel, Emulation, Measurement, Warning } from './model.ts';
import type { Choice, ConfigurationResult } from './result.ts';
import { blendedOf, costSpread, leastChargeOf, projectedRow, type RunSpreads, rowOfLane, successesOf } from './rows.ts';
import { runWarnings } from './runWarnings.ts';
import { latencyStandingOf } from './search/latencyLimit.ts';
import { hostsDiffer, runSpread, sameHost } from './spread.ts';
import { type PayloadShare, payloadsWithout, type Succeeded, sampleBy, weightedMean } from './summarize.ts';

/** One configuration with everything measured of it, in any order. */
export interface MeasuredLane {
  readonly configuration: Configuration;
  readonly measurements: readonly Measurement[];
  /** Set when it was not called to its end, with the reason that its row shows. */
  readonly stopped?: { readonly kind: 'infeasible' | 'unmeasured'; readonly reason: string };
}

export interface AnalysisInput {
  readonly lanes: readonly MeasuredLane[];
  /** Configurations that are not called: their price is worked out from the other architecture's durations. */
  readonly projected: readonly Configuration[];
  readonly current: { readonly memoryMb: number; readonly architecture: Architecture };
  readonly payloads: readonly PayloadShare[];
  /** Fraction of failed calls above which a configuration is disqualified. */
  readonly maxErrorShare: number;
  /** Fraction within which two configurations count as equal. */
  readonly tolerance: number;
  /** Function errors of these types count as answers. */
  readonly allowedErrors?: readonly string[];
  /** Fraction of cold starts in the mixture that configurations are compared by; without it warm calls alone are. */
  readonly coldShare?: number;
  /** Configurations whose 95th percentile of duration is surely above it are not chosen. */
  readonly maxP95Ms?: number;
  readonly costModel: CostModel;
  readonly ephemeralStorageMb: number;
  readonly emulation?: Emulation;
}

export interface Analysis {
  /** The lanes in their order, then the projected ones. */
  readonly configurations: readonly ConfigurationResult[];
  readonly cheapest: Choice;
  readonly fastest: Choice;
  readonly balanced: Choice;
  readonly warnings: readonly Warning[];
}

/**
 * From measurements to rows and choices. Costs and durations that are compared are means of warm, succeeded calls, or of
 * the mixture that `coldShare` asks for; cold ones are compared only when no configuration has a warm one. Projected rows
 * are never chosen.
 */
export function analyze(given: AnalysisInput): Analysis {
  const { payloads, tolerance, allowedErrors = [] } = given;
  const lanes = given.lanes.map((lane) => ({ ...lane, measurements: asAnswers(lane.measurements, allowedErrors) }));
  const input: AnalysisInput = { ...given, lanes };
  const prior = input.emulation === undefined ? hostsDiffer : sameHost;
  const successes = lanes.map(successesOf);
  const spreads: RunSpreads = {
    warm: costSpread(
      successes.map(({ warm }) => warm),
      payloads,
      prior,
    ),
    cold: costSpread(
      successes.map(({ cold }) => cold),
      payloads,
      prior,
    ),
  };
  const judged = lanes.map((lane) => ({ lane, row: withLatency(rowOfLane(lane, input, spreads), lane, input) }));
  const { basis, candidates } = candidatesOf(judged, input);
  const spreadOf = (figure: 'cost' | 'duration') =>
    runSpread(
      successes.map((calls) => sampleOfBasis(calls, basis, figure, payloads)),
      prior,
    );
  const judgement: Judgement = { tolerance, costs: spreadOf('cost'), durations: spreadOf('duration') };
  const projection = typeof basis === 'number' ? { coldShare: basis, costs: judgement.costs } : { costs: spreads.warm };
  return {
    configurations: [
      ...judged.map(({ lane, row }, index) => ({
        ...row,
        ...(typeof basis === 'number' && row.warm && row.cold
          ? {
              blended: blendedOf(
                successesOf(lane),
                payloads,
                basis,
                judgement.costs,
                leastChargeOf(lane.configuration, input),
              ),
            }
          : {}),
        ...asTheyWere(given.lanes[index], allowedErrors),
      })),
      ...input.projected.map((configuration) => projectedRow(configuration, judged, input, projection)),
    ],
    cheapest: cheapestOf(candidates, judgement),
    fastest: fastestOf(candidates, judgement),
    balanced: balancedOf(candidates, judgement),
    warnings: runWarnings(input, basis, given.lanes),
  };
}

/** Which calls configurations are compared by: one kind, or a mixture with this share of cold ones. */
export type Basis = 'warm' | 'cold' | number;

function sampleOfBasis(
  calls: { readonly warm: readonly Succeeded[]; readonly cold: readonly Succeeded[] },
  basis: Basis,
  figure: 'cost' | 'duration',
  payloads: readonly PayloadShare[],
) {
  if (typeof basis === 'number') return blendedSample(calls, blendedFigures[figure], payloads, basis);
  return sampleBy(calls[basis], ({ costUsd, durationMs }) => (figure === 'cost' ? costUsd : durationMs), payloads);
}

function withLatency(row: ConfigurationResult, lane: MeasuredLane, input: AnalysisInput): ConfigurationResult {
  if (input.maxP95Ms === undefined || row.warm === undefined) return row;
  return { ...row, latency: latencyStandingOf(lane, input) };
}

/** Measurements are saved as they were made, whatever counts as an answer. */
function asTheyWere(
  lane: MeasuredLane | undefined,
  allowedErrors: readonly string[],
): Pick<ConfigurationResult, 'measurements' | 'expectedErrors'> {
  const measurements = [...(lane?.measurements ?? [])];
  const expectedErrors = measurements.filter((one) => isExpected(one, allowedErrors)).length;
  return { measurements, ...(expectedErrors === 0 ? {} : { expectedErrors }) };
}

/**
 * What may be chosen, and by which calls. Where a payload was missed by some configuration, all are compared on those
 * payloads that every one answered: different mixes of work have different prices.
 */
function candidatesOf(
  judged: readonly { readonly lane: MeasuredLane; readonly row: ConfigurationResult }[],
  { payloads, coldShare }: AnalysisInput,
): { readonly basis: Basis; readonly candidates: readonly Candidate[] } {
  const measured = judged
    .filter(({ row }) => row.status === 'measured')
    .map(({ lane, row }) => ({ ...successesOf(lane), configuration: lane.configuration, latency: row.latency }));
  const start = measured.some(({ warm }) => warm.length > 0) || measured.length === 0 ? 'warm' : 'cold';
  const isBlended = coldShare !== undefined && measured.some((calls) => canBlend(calls, coldShare));
  const basis = isBlended ? coldShare : start;
  const groups = measured
    .filter((calls) => (isBlended ? canBlend(calls, coldShare) : calls[start].length > 0))
    .filter(({ latency }) => latency !== 'broken');
  const missed = new Set(groups.flatMap((calls) => payloadsWithout(calls[start], payloads)));
  const shared = payloads.filter(({ name }) => !missed.has(name));
  const compared = shared.length === 0 ? payloads : shared;
  return {
    basis,
    candidates: groups.map(({ configuration, warm, cold }) =>
      candidateOf(
        configuration,
        { warm: callsOf(warm, compared, payloads), cold: callsOf(cold, compared, payloads) },
        basis,
        compared,
      ),
    ),
  };
}

/** Those of the compared payloads; all where none is of them (a few cold starts may all have had another). */
function callsOf(
  calls: readonly Succeeded[],
  compared: readonly PayloadShare[],
  payloads: readonly PayloadShare[],
): readonly Succeeded[] {
  if (compared.length === payloads.length) return calls;
  const names = new Set<string | undefined>(compared.map(({ name }) => name));
  const own = calls.filter(({ payload }) => names.has(payload));
  return own.length === 0 ? calls : own;
}

function candidateOf(
  configuration: Configuration,
  calls: { readonly warm: readonly Succeeded[]; readonly cold: readonly Succeeded[] },
  basis: Basis,
  payloads: readonly PayloadShare[],
): Candidate {
  const costs = sampleOfBasis(calls, basis, 'cost', payloads);
  const durations = sampleOfBasis(calls, basis, 'duration', payloads);
  return { configuration, costs, durations, costUsd: weightedMean(costs), durationMs: weightedMean(durations) };
}
