import type { Configuration } from '../model/configuration.ts';
import type { ConfigurationResult } from '../model/run.ts';
import { runSpread, type SpreadPrior } from '../stats/spread.ts';
import { blendedFigures, blendedSample, canBlend } from './blend.ts';
import type { Candidate, Judgement } from './choices.ts';
import { surenessAmong } from './difference.ts';
import type { Successes } from './rows.ts';
import { type PayloadShare, payloadsWithout, type Succeeded, sampleBy, weightedMean } from './summarize.ts';

/**
 * Which calls configurations are compared by: one kind, a mixture with this share of cold ones, or each by the mixture that the
 * traffic makes of its calls.
 */
export type Basis = 'warm' | 'cold' | 'traffic' | number;

/** What traffic makes of the calls of one configuration. */
export interface TrafficMixture {
  readonly coldShare: number;
  /** What one call adds to the bill of a month. */
  readonly costUsd: (call: Succeeded) => number;
}

/** A configuration with its calls and how it stands. */
export interface Standing {
  readonly configuration: Configuration;
  readonly calls: Successes;
  readonly status: ConfigurationResult['status'];
  readonly latency: ConfigurationResult['latency'] | undefined;
  /** Only where traffic decides; undefined then where it has no cold or no warm call. */
  readonly mixture?: TrafficMixture | undefined;
}

export interface Compared {
  readonly basis: Basis;
  /** Cold only where no configuration has a warm call. */
  readonly start: 'warm' | 'cold';
  /** All that were measured, those that break the limit on latency, too. */
  readonly measured: readonly Candidate[];
  /** Those of them that may be chosen. */
  readonly candidates: readonly Candidate[];
  readonly judgement: Judgement;
}

export interface ComparedBy {
  readonly payloads: readonly PayloadShare[];
  readonly coldShare?: number | undefined;
  /** Each configuration is compared by its own mixture. */
  readonly atTraffic?: boolean | undefined;
  readonly tolerance: number;
  readonly prior: SpreadPrior;
}

/**
 * What may be chosen, by which calls it is compared, and how these scatter. Weighted payloads are strata: each is
 * estimated apart. Where a payload was missed by some configuration, all are compared on those payloads that every one
 * answered: different mixes of work have different prices.
 */
export function compare(standings: readonly Standing[], by: ComparedBy): Compared {
  const { payloads, coldShare, tolerance, prior, atTraffic = false } = by;
  const measured = standings.filter(({ status }) => status === 'measured');
  const start = measured.some(({ calls }) => calls.warm.length > 0) || measured.length === 0 ? 'warm' : 'cold';
  const isMixed = !atTraffic && coldShare !== undefined && measured.some(({ calls }) => canBlend(calls, coldShare));
  const basis = atTraffic ? 'traffic' : isMixed ? coldShare : start;
  const groups = measured.filter(({ calls, mixture }) => {
    if (atTraffic) return mixture !== undefined && canBlend(calls, mixture.coldShare);
    return isMixed ? canBlend(calls, coldShare) : calls[start].length > 0;
  });
  const allowed = groups.filter(({ latency }) => latency !== 'broken');
  const missed = new Set(allowed.flatMap(({ calls }) => payloadsWithout(calls[start], payloads)));
  const shared = payloads.filter(({ name }) => !missed.has(name));
  const compared = shared.length === 0 ? payloads : shared;
  const all = groups.map(({ configuration, calls, latency, mixture }) => {
    const own = { warm: callsOf(calls.warm, compared, payloads), cold: callsOf(calls.cold, compared, payloads) };
    return { latency, candidate: candidateOf(configuration, { ...own, mixture }, basis, compared) };
  });
  const spreadOf = (figure: 'cost' | 'duration') =>
    runSpread(
      standings.map(({ calls, mixture }) => sampleOfBasis({ ...calls, mixture }, basis, figure, payloads)),
      prior,
    );
  const candidates = all.filter(({ latency }) => latency !== 'broken').map(({ candidate }) => candidate);
  const confidence = surenessAmong(candidates.length);
  return {
    basis,
    start,
    measured: all.map(({ candidate }) => candidate),
    candidates,
    judgement: { tolerance, confidence, costs: spreadOf('cost'), durations: spreadOf('duration') },
  };
}

type MixedCalls = Successes & Pick<Standing, 'mixture'>;

function sampleOfBasis(
  calls: MixedCalls,
  basis: Basis,
  figure: 'cost' | 'duration',
  payloads: readonly PayloadShare[],
) {
  if (basis === 'traffic') {
    if (calls.mixture === undefined) return [];
    const { coldShare, costUsd } = calls.mixture;
    return blendedSample(calls, figure === 'cost' ? costUsd : blendedFigures.duration, payloads, coldShare);
  }
  if (typeof basis === 'number') return blendedSample(calls, blendedFigures[figure], payloads, basis);
  return sampleBy(calls[basis], ({ costUsd, durationMs }) => (figure === 'cost' ? costUsd : durationMs), payloads);
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
  calls: MixedCalls,
  basis: Basis,
  payloads: readonly PayloadShare[],
): Candidate {
  const costs = sampleOfBasis(calls, basis, 'cost', payloads);
  const durations = sampleOfBasis(calls, basis, 'duration', payloads);
  return { configuration, costs, durations, costUsd: weightedMean(costs), durationMs: weightedMean(durations) };
}
