import { architectures, type Configuration } from '../model/configuration.ts';
import type { ConfigurationResult } from '../model/run.ts';
import { asMixed, ratioOfKinds } from '../stats/hostKinds.ts';
import type { Sample } from '../stats/samples.ts';
import { runSpread } from '../stats/spread.ts';
import { blendedFigures, blendedSample, canBlend } from './blend.ts';
import type { Candidate, Judgement } from './choices.ts';
import { surenessAmong } from './difference.ts';
import {
  type HostPriors,
  hostKindsByArchitecture,
  type KindsByArchitecture,
  ofOneKind,
  type Scatter,
  spreadByArchitecture,
} from './hosts.ts';
import type { Successes } from './rows.ts';
import { type PayloadShare, payloadsWithout, type Succeeded, sampleBy, weightedMean } from './summarize.ts';

/**
 * Which calls configurations are compared by: one kind, a mixture with this share of cold ones, or each by the mixture that the
 * traffic makes of its calls.
 */
type Basis = 'warm' | 'cold' | 'traffic' | number;

/** What traffic makes of the calls of one configuration. */
export interface TrafficMixture {
  readonly coldShare: number;
  /** What one call adds to the bill of a month. */
  readonly costUsd: (call: Succeeded) => number;
}

/** A configuration with its calls and how it stands. */
export interface Comparable {
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
  /** Where two kinds of hosts were met. */
  readonly kinds: KindsByArchitecture;
  /** Sizes were called as long as they promised something, not all alike. */
  readonly isRaced?: boolean | undefined;
}

export interface ComparedBy {
  readonly payloads: readonly PayloadShare[];
  readonly coldShare?: number | undefined;
  /** Each configuration is compared by its own mixture. */
  readonly atTraffic?: boolean | undefined;
  readonly tolerance: number;
  readonly priors: HostPriors;
  readonly isRaced?: boolean | undefined;
}

/**
 * What may be chosen, by which calls it is compared, and how these scatter. Weighted payloads are strata: each is
 * estimated apart. Where a payload was missed by some configuration, all are compared on those payloads that every one
 * answered: different mixes of work have different prices. Where two kinds of hosts were met, sizes are compared as on a mixture of both
 * (stats/hostKinds.ts). Where it fails: a size that met one kind alone, not known which, is compared as it is.
 */
export function compare(comparables: readonly Comparable[], by: ComparedBy): Compared {
  const { payloads, coldShare, tolerance, priors, isRaced, atTraffic = false } = by;
  const measured = comparables.filter(({ status }) => status === 'measured');
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
  const scatterOf = (figure: 'cost' | 'duration'): Scatter => ({
    hosts: spreadByArchitecture(
      comparables.map(({ configuration: { architecture }, calls, mixture }) => ({
        architecture,
        sample: sampleOfBasis({ ...calls, mixture }, basis, figure, payloads),
      })),
      priors,
    ),
  });
  const plain = all.map(({ candidate }) => candidate);
  const { candidates: measuredOnes, kinds, spreads } = withinKinds(plain, priors);
  const candidates = measuredOnes.filter((_, index) => all[index]?.latency !== 'broken');
  const confidence = surenessAmong(candidates.length);
  return {
    basis,
    start,
    measured: measuredOnes,
    candidates,
    judgement: {
      tolerance,
      confidence,
      costs: { ...scatterOf('cost'), ofOneKind: spreads.costs },
      durations: { ...scatterOf('duration'), ofOneKind: spreads.durations },
    },
    kinds,
    isRaced,
  };
}

type MixedCalls = Successes & Pick<Comparable, 'mixture'>;

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

type OfOneKind = NonNullable<Scatter['ofOneKind']>;

/**
 * Where two kinds of hosts were met on an architecture, those that met both are compared as if hosts had been mixed alike
 * everywhere. Kinds are told by durations alone: the price of a request blurs them in costs.
 */
function withinKinds(
  plain: readonly Candidate[],
  priors: HostPriors,
): {
  readonly candidates: readonly Candidate[];
  readonly kinds: KindsByArchitecture;
  readonly spreads: { readonly costs: OfOneKind; readonly durations: OfOneKind };
} {
  const placed = plain.map(({ configuration: { architecture }, durations }) => ({ architecture, sample: durations }));
  const kinds = hostKindsByArchitecture(placed, priors);
  const spreads: Record<'costs' | 'durations', { -readonly [key in keyof OfOneKind]: OfOneKind[key] }> = {
    costs: {},
    durations: {},
  };
  const adjusted = new Map<Candidate, Candidate>();
  for (const architecture of architectures) {
    const own = plain.filter(({ configuration }) => configuration.architecture === architecture);
    const found = kinds[architecture];
    if (found === undefined) continue;
    const mixed = (figure: 'costs' | 'durations') => {
      const ratio = ratioOfKinds(
        own.map((one) => one[figure]),
        found.slow,
      );
      return (one: Candidate, slow: ReadonlySet<string>): Sample => asMixed(one[figure], slow, ratio, found.share);
    };
    const [costsOf, durationsOf] = [mixed('costs'), mixed('durations')];
    const known = own.flatMap((one, index): Candidate[] => {
      const slow = found.slow[index];
      if (slow === undefined) return [];
      const [costs, durations] = [costsOf(one, slow), durationsOf(one, slow)];
      const means = { costUsd: weightedMean(costs), durationMs: weightedMean(durations) };
      const candidate = { ...one, ...means, costs, durations, asMeasured: one };
      adjusted.set(one, candidate);
      return [candidate];
    });
    for (const figure of ['costs', 'durations'] as const) {
      const samples = plain.map((one) => (adjusted.get(one) ?? one)[figure]);
      const onHosts = known.map((one) => one[figure]);
      spreads[figure][architecture] = runSpread(samples, ofOneKind, onHosts);
    }
  }
  return { candidates: plain.map((one) => adjusted.get(one) ?? one), kinds, spreads };
}
