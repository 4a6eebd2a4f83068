import { balancedOf, type Candidate, cheapestOf, fastestOf, type Judgement } from './choices.ts';
import type { Architecture, Configuration, CostModel, Emulation, Measurement, Warning } from './model.ts';
import type { Choice, ConfigurationResult } from './result.ts';
import { costSpread, projectedRow, type RunSpreads, rowOfLane, successesOf } from './rows.ts';
import { runWarnings } from './runWarnings.ts';
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
 * From measurements to rows and choices. Costs and durations that are compared are means of warm, succeeded calls; cold
 * ones are compared only when no configuration has a warm one. Projected rows are never chosen.
 */
export function analyze(input: AnalysisInput): Analysis {
  const { lanes, payloads, tolerance } = input;
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
  const judged = lanes.map((lane) => ({ lane, row: rowOfLane(lane, input, spreads) }));
  const rows = judged.map(({ row }) => row);
  const { start, candidates } = candidatesOf(judged, payloads);
  const judgement: Judgement = {
    tolerance,
    costs: spreads[start],
    durations: runSpread(
      successes.map((success) => sampleBy(success[start], ({ durationMs }) => durationMs, payloads)),
      prior,
    ),
  };
  return {
    configurations: [
      ...rows,
      ...input.projected.map((configuration) => projectedRow(configuration, judged, input, spreads)),
    ],
    cheapest: cheapestOf(candidates, judgement),
    fastest: fastestOf(candidates, judgement),
    balanced: balancedOf(candidates, judgement),
    warnings: runWarnings(input, start),
  };
}

/**
 * What may be chosen, and by which calls. Where a payload was missed by some configuration, all are compared on those
 * payloads that every one answered: different mixes of work have different prices.
 */
function candidatesOf(
  judged: readonly { readonly lane: MeasuredLane; readonly row: ConfigurationResult }[],
  payloads: readonly PayloadShare[],
): { readonly start: 'warm' | 'cold'; readonly candidates: readonly Candidate[] } {
  const measured = judged.filter(({ row }) => row.status === 'measured');
  const start = measured.some(({ row }) => row.warm) || measured.length === 0 ? 'warm' : 'cold';
  const groups = measured
    .map(({ lane }) => ({ configuration: lane.configuration, calls: successesOf(lane)[start] }))
    .filter(({ calls }) => calls.length > 0);
  const missed = new Set(groups.flatMap(({ calls }) => payloadsWithout(calls, payloads)));
  const shared = payloads.filter(({ name }) => !missed.has(name));
  return {
    start,
    candidates: groups.map(({ configuration, calls }) =>
      candidateOf(
        configuration,
        shared.length === 0 ? calls : callsOf(calls, shared, payloads),
        shared.length === 0 ? payloads : shared,
      ),
    ),
  };
}

function callsOf(
  calls: readonly Succeeded[],
  shared: readonly PayloadShare[],
  payloads: readonly PayloadShare[],
): readonly Succeeded[] {
  if (shared.length === payloads.length) return calls;
  const names = new Set<string | undefined>(shared.map(({ name }) => name));
  return calls.filter(({ payload }) => names.has(payload));
}

function candidateOf(
  configuration: Configuration,
  calls: readonly Succeeded[],
  payloads: readonly PayloadShare[],
): Candidate {
  const costs = sampleBy(calls, ({ costUsd }) => costUsd, payloads);
  const durations = sampleBy(calls, ({ durationMs }) => durationMs, payloads);
  return { configuration, costs, durations, costUsd: weightedMean(costs), durationMs: weightedMean(durations) };
}
