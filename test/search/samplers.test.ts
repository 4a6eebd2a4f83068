import { describe, expect, it } from 'vitest';
import { thisMachine } from '../../src/analysis/hosts.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { LaneSoFar, Next, SoFar } from '../../src/model/engine/sampler.ts';
import type { LaneStep } from '../../src/model/engine/step.ts';
import type { Measurement, Start } from '../../src/model/measurement.ts';
import { type ListPlan, listSampler } from '../../src/search/listSampler.ts';
import { type RacePlan, raceSampler } from '../../src/search/raceSampler.ts';

const half: Configuration = { memoryMb: 512, architecture: 'x86_64' };
const one: Configuration = { memoryMb: 1024, architecture: 'x86_64' };

function call(start: Start, costUsd = 1e-6, environment = '1'): Measurement {
  return {
    requestId: 'r',
    startedAt: '2026-11-23T00:00:00Z',
    environment,
    start,
    outcome: 'succeeded',
    durationMs: 100,
    billedDurationMs: 100,
    maxMemoryUsedMb: 40,
    costUsd,
  };
}

function lane(configuration: Configuration, known: Partial<LaneSoFar> = {}): LaneSoFar {
  const environments = (known.measurements?.length ?? 0) > 0 ? [0] : [];
  return { configuration, earlier: [], measurements: [], environments, refused: 0, stopped: undefined, ...known };
}

function soFar(lanes: readonly LaneSoFar[], known: Partial<SoFar> = {}): SoFar {
  return { lanes, leftUsd: undefined, ending: undefined, ...known };
}

function stepsOf(next: Next<unknown>): readonly LaneStep[] {
  if (next.kind === 'stop') throw new Error('it stopped');
  return next.steps;
}

describe('a list', () => {
  const plan: ListPlan = {
    configurations: [one, half],
    environmentsPerConfiguration: 2,
    warmInvocations: 5,
    allowedErrors: [],
  };
  const answered = soFar([lane(one, { measurements: [call('cold')] }), lane(half)]);

  it('is one round: every configuration in full, without what the reference has answered', () => {
    const sampler = listSampler(plan);
    expect(stepsOf(sampler.next(answered, []))).toEqual([
      { kind: 'calls', configuration: one, environment: 0, invocations: 3, further: 'beside', again: 2 },
      { kind: 'calls', configuration: one, environment: 1, invocations: 3, further: 'beside', again: 1 },
      { kind: 'calls', configuration: half, environment: 0, invocations: 4, further: 'beside', again: 2 },
      { kind: 'calls', configuration: half, environment: 1, invocations: 3, further: 'beside', again: 1 },
    ]);
    expect(sampler.next(answered, [answered])).toEqual({ kind: 'stop', found: undefined });
  });

  it('tops up what an earlier run measured, and stops at once where nothing is missing', () => {
    const sampler = listSampler({ ...plan, configurations: [one], environmentsPerConfiguration: 1 });
    const warm = (count: number) => Array.from({ length: count }, () => call('warm'));
    const steps = stepsOf(sampler.next(soFar([lane(one, { earlier: [call('cold'), ...warm(3)] })]), []));
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'calls', invocations: 3 }));
    expect(sampler.next(soFar([lane(one, { earlier: warm(5) })]), [])).toEqual({ kind: 'stop', found: undefined });
  });

  it('makes cold starts, also where nothing else is missing', () => {
    const sampler = listSampler({ ...plan, configurations: [one], environmentsPerConfiguration: 1, coldStarts: 2 });
    const cold = { kind: 'coldStarts', configuration: one, wanted: 2 };
    expect(stepsOf(sampler.next(soFar([lane(one)]), [])).slice(1)).toEqual([cold]);
    const earlier = Array.from({ length: 5 }, () => call('warm'));
    expect(stepsOf(sampler.next(soFar([lane(one, { earlier })]), []))).toEqual([cold]);
  });

  it('does not call what was found of no use before', () => {
    const sampler = listSampler(plan);
    const steps = stepsOf(sampler.next(soFar([lane(one), lane(half, { stopped: 'out of memory' })]), []));
    expect(new Set(steps.map(({ configuration }) => configuration.memoryMb))).toEqual(new Set([1024]));
  });
});

describe('a race', () => {
  const plan: RacePlan = {
    search: {
      ladders: {},
      pinned: [half, one],
      goal: 'cheapest',
      effort: 'quick',
      tolerance: 0.03,
      environments: 1,
      priors: thisMachine,
      seed: 1,
    },
    worstCaseUsdPerGb: 0.001,
    allowedErrors: [],
  };

  const costs = new Map([
    [512, 1e-6],
    [1024, 3e-6],
  ]);

  /** Answers every step as it is asked, until the race stops; every round as the sampler saw it. */
  function play(given: RacePlan, most = 60) {
    const sampler = raceSampler(given);
    const before: SoFar[] = [];
    let now = soFar([lane(one, { measurements: [call('cold', 3e-6)] })]);
    for (let round = 0; round < most; round += 1) {
      const next = sampler.next(now, before);
      if (next.kind === 'stop') return { rounds: [...before, now], found: next.found };
      before.push(now);
      now = soFar(next.steps.reduce(answer, now.lanes));
    }
    throw new Error('the race never ends');
  }

  function answer(lanes: readonly LaneSoFar[], step: LaneStep): readonly LaneSoFar[] {
    const known = lanes.find(({ configuration }) => configuration.memoryMb === step.configuration.memoryMb);
    const before = known ?? lane(step.configuration);
    const count = step.kind === 'calls' ? step.invocations : step.kind === 'coldStarts' ? step.wanted : 0;
    const ordinal = step.kind === 'calls' ? step.environment : before.environments.length;
    const usd = costs.get(step.configuration.memoryMb) ?? 0;
    const isNew = !before.environments.includes(ordinal);
    const made = Array.from({ length: count }, (_, index) => {
      const isCold = step.kind === 'coldStarts' || (isNew && index === 0);
      return call(isCold ? 'cold' : 'warm', usd * (1 + 0.001 * (index % 3)), String(ordinal + 1));
    });
    const after = {
      ...before,
      measurements: [...before.measurements, ...made],
      environments: [...new Set([...before.environments, ordinal])],
    };
    return [...lanes.filter((each) => each !== known), after];
  }

  it('asks for calls in environments of their own until it has its answer', () => {
    const { rounds, found } = play(plan);
    expect(rounds.length).toBeGreaterThan(1);
    expect(found).toMatchObject({ reason: 'answered' });
    expect(found?.answers[0]?.best).toMatchObject(half);
    const steps = stepsOf(raceSampler(plan).next(rounds[0] ?? soFar([]), []));
    expect(steps.every((step) => step.kind === 'calls' && step.further === 'ownVersion' && step.again === 0)).toBe(
      true,
    );
  });

  it('can be replayed: the same records bring the same steps, round by round', () => {
    const { rounds } = play(plan);
    const replay = () => rounds.map((now, index) => raceSampler(plan).next(now, rounds.slice(0, index)));
    expect(replay()).toEqual(replay());
    expect(replay().map(({ kind }) => kind)).toEqual([...rounds.slice(1).map(() => 'measure'), 'stop']);
  });

  it('makes cold starts on purpose after the answer, which they do not change', () => {
    const { rounds, found } = play({ ...plan, coldStarts: 4 });
    expect(found).toEqual(play(plan).found);
    const last = rounds.at(-1)?.lanes.map(({ measurements }) => measurements.filter(({ start }) => start === 'cold'));
    for (const colds of last ?? []) expect(colds.length).toBeGreaterThanOrEqual(4);
    expect(last).toHaveLength(2);
  });

  it('stops where a round brought nothing: the cap left no room', () => {
    const now = soFar([lane(one, { measurements: [call('cold')] })], { leftUsd: 0.0001, ending: 'capReached' });
    expect(raceSampler(plan).next(now, [now])).toMatchObject({ kind: 'stop', found: { answers: [] } });
  });

  it('has no answer where the run ended before it', () => {
    const [first] = play(plan).rounds;
    const ended = soFar(first?.lanes ?? [], { ending: 'interrupted' });
    expect(raceSampler(plan).next(ended, [])).toEqual({ kind: 'stop', found: undefined });
  });
});
