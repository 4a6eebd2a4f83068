import type { Warning } from '../model/measurement.ts';
import type { Choice, ConfigurationResult } from '../model/run.ts';
import { hostsDiffer, sameHost } from '../stats/spread.ts';
import { balancedOf, cheapestOf, fastestOf } from './choices.ts';
import { compare } from './compared.ts';
import { asAnswers, isExpected } from './expectedErrors.ts';
import { latencyStandingOf } from './latencyStanding.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import { blendedOf, costSpread, leastChargeOf, projectedRow, type RunSpreads, rowOfLane, successesOf } from './rows.ts';
import { runWarnings } from './runWarnings.ts';

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
  const { basis, candidates, judgement } = compare(
    judged.map(({ lane, row }) => ({
      configuration: lane.configuration,
      calls: successesOf(lane),
      status: row.status,
      latency: row.latency,
    })),
    { payloads, coldShare: input.coldShare, tolerance, prior },
  );
  const projection = typeof basis === 'number' ? { coldShare: basis, costs: judgement.costs } : { costs: spreads.warm };
  return {
    configurations: [
      ...judged.map(({ lane, row }, index) => ({
        ...row,
        blended:
          typeof basis === 'number' && row.warm && row.cold
            ? blendedOf(successesOf(lane), payloads, basis, judgement.costs, leastChargeOf(lane.configuration, input))
            : undefined,
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
  return { measurements, expectedErrors: expectedErrors === 0 ? undefined : expectedErrors };
}
