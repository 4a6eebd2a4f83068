import type { PayloadShare } from '../../src/analysis/summarize.ts';
import { type CheckState, nextRound, type Round } from '../../src/check/gate.ts';
import { checkDefaults, type GateOptions, mostCallsOf } from '../../src/check/options.ts';
import type { Batch } from '../../src/check/sampling.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { payloadSequence } from '../../src/plan/payloads/sequence.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

const defaults: GateOptions = { ...checkDefaults, memoryMb: 512 };

type Decided = Extract<Round, { kind: 'decided' }>;

/** How a simulated function behaves. */
export interface Behaviour {
  /** US$ of one warm call; `round` counts the rounds of the run from 0, for drift. */
  readonly costUsd: (random: Random, round: number) => number;
  /** Relative standard deviation between environments. */
  readonly spread?: number;
  /** The factor of one environment, instead of one with this deviation. */
  readonly hostFactor?: (random: Random) => number;
  readonly failShare?: number;
  readonly initMs?: (random: Random) => number;
  /** After a hundred calls a side all take so much longer than at first: 0.05 is 5 %. */
  readonly drift?: number;
  /** The first warm call of an environment takes 1 + so many times as long; by a factor e less after every five. */
  readonly fall?: number;
  /** Dealt as a run deals them, each with a multiple of the cost. */
  readonly payloads?: readonly (PayloadShare & { readonly scale: number })[];
}

export function succeeded(costUsd: number, environment = 'e0', extra: Partial<Measurement> = {}): Measurement {
  return {
    requestId: 'r',
    startedAt: '2026-11-23T00:00:00Z',
    environment,
    start: 'warm',
    outcome: 'succeeded',
    durationMs: costUsd * 1e8,
    billedDurationMs: Math.ceil(costUsd * 1e8),
    maxMemoryUsedMb: 100,
    costUsd,
    ...extra,
  } as Measurement;
}

/** `counts[i]` calls of environment i, all of the same cost. */
export function side(costs: readonly number[], environments: number): Measurement[] {
  return costs.map((cost, index) => succeeded(cost, `e${index % environments}`));
}

export interface Played {
  readonly decided: Decided;
  readonly rounds: readonly Extract<Round, { kind: 'measure' }>[];
  readonly state: CheckState;
}

/** Drives the gate as an engine does: both sides interleaved, environments opened as asked. */
export function play(
  baseline: Behaviour,
  current: Behaviour,
  seed: number,
  options: GateOptions = defaults,
  known: readonly Measurement[] = [],
): Played {
  const random = seededRandom(seed);
  const sides = { baseline: newSide(baseline, known), current: newSide(current, []) };
  const rounds: Extract<Round, { kind: 'measure' }>[] = [];
  for (;;) {
    // As the sampler does: a side that had all its calls decides.
    const ended = [sides.baseline.calls.length - known.length, sides.current.calls.length].some(
      (calls) => calls >= mostCallsOf(options),
    );
    const state = { baseline: sides.baseline.calls, current: sides.current.calls, ended };
    const round = nextRound(state, options);
    if (round.kind === 'decided') return { decided: round, rounds, state };
    if (rounds.length > 200) throw new Error('the gate never decides');
    measure(sides.baseline, round.baseline, rounds.length, random);
    measure(sides.current, round.current, rounds.length, random);
    rounds.push(round);
  }
}

interface SimulatedSide {
  readonly behaviour: Behaviour;
  readonly calls: Measurement[];
  readonly factors: number[];
  readonly served: number[];
}

function newSide(behaviour: Behaviour, known: readonly Measurement[]): SimulatedSide {
  return { behaviour, calls: [...known], factors: [], served: [] };
}

function measure(one: SimulatedSide, batch: Batch, round: number, random: Random): void {
  const { behaviour, calls, factors, served } = one;
  const dealt = payloadSequence((behaviour.payloads ?? []) as never);
  const scaleOf = new Map(behaviour.payloads?.map(({ name, scale }) => [name, scale]));
  const first = batch.newEnvironments > 0 ? factors.length : 0;
  for (let index = 0; index < batch.newEnvironments; index++) {
    factors.push(behaviour.hostFactor?.(random) ?? Math.exp((behaviour.spread ?? 0) * normalDraw(random)));
    served.push(0);
    const cold = 5 * behaviour.costUsd(random, round);
    const init = { start: 'cold' as const, initDurationMs: behaviour.initMs?.(random) ?? 200 };
    calls.push(succeeded(cold, `e${factors.length - 1}`, init));
  }
  for (let index = 0; index < batch.samples; index++) {
    let environment = first;
    for (let other = first; other < served.length; other++) {
      if ((served[other] ?? 0) < (served[environment] ?? 0)) environment = other;
    }
    served[environment] = (served[environment] ?? 0) + 1;
    const sent = calls.length - factors.length;
    const payload = behaviour.payloads && dealt(sent).name;
    const slower = (factors[environment] ?? 1) * (1 + ((behaviour.drift ?? 0) * sent) / 100);
    const early = 1 + (behaviour.fall ?? 0) * Math.exp(-(served[environment] ?? 0) / 5);
    const cost =
      behaviour.costUsd(random, round) * slower * (payload === undefined ? 1 : (scaleOf.get(payload) ?? 1)) * early;
    const failed = random() < (behaviour.failShare ?? 0);
    const extra = { ...(failed ? { outcome: 'functionError' as const, errorType: 'Error' } : {}), payload };
    calls.push(succeeded(cost, `e${environment}`, extra as Partial<Measurement>));
  }
}

/** Verdict counts over seeded runs. */
export function shares(make: (seed: number) => Played, runs: number) {
  let [regressed, passed, samples, environments] = [0, 0, 0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const { decided } = make(seed);
    if (decided.verdict === 'regressed') regressed += 1;
    if (decided.verdict === 'passed') passed += 1;
    samples += decided.samples.current;
    environments += decided.environments.current;
  }
  return {
    regressed: regressed / runs,
    passed: passed / runs,
    samples: samples / runs,
    environments: environments / runs,
  };
}

/** Mean 1e-6 US$ times `scale`. */
export const normal =
  (cv: number, scale = 1) =>
  (random: Random) =>
    1e-6 * scale * Math.max(0.05, 1 + cv * normalDraw(random));

export const lognormal =
  (sigma: number, scale = 1) =>
  (random: Random) =>
    1e-6 * scale * Math.exp(sigma * normalDraw(random) - sigma ** 2 / 2);

/** Two speed classes. */
export const bimodal =
  (share: number, factor: number, scale = 1) =>
  (random: Random) =>
    1e-6 * scale * (random() < share ? factor : 1) * (1 + 0.02 * normalDraw(random));
