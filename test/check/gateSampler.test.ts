import { describe, expect, it } from 'vitest';
import { type GatePlan, gateSampler } from '../../src/check/gateSampler.ts';
import { checkDefaults } from '../../src/check/options.ts';
import { runsOfOneKind } from '../../src/check/runs.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { LaneSoFar, SoFar } from '../../src/model/engine/sampler.ts';
import type { LaneStep } from '../../src/model/engine/step.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { succeeded } from './simulated.ts';

const current: Configuration = { memoryMb: 512, architecture: 'x86_64' };
const before: Configuration = { ...current, variant: { name: 'baseline', changes: {} } };
const options = { ...checkDefaults, memoryMb: 512 };
const plan: GatePlan = { current, baseline: { configuration: before }, options, allowedErrors: [] };

type Calls = Extract<LaneStep, { kind: 'calls' }>;

/** An engine on paper: every step is answered in full; further environments only up to `most` of each lane. */
class Paper {
  lanes: readonly LaneSoFar[];
  readonly #random = seededRandom(7);
  readonly #factor: number;
  readonly #most: number;

  constructor(configurations: readonly Configuration[], factor = 1, most = 99) {
    this.#factor = factor;
    this.#most = most;
    this.lanes = configurations.map((configuration) => ({
      configuration,
      earlier: [],
      measurements: [succeeded(2e-6, '1', { start: 'cold' })],
      environments: [0],
      refused: 0,
      stopped: undefined,
    }));
  }

  soFar(ending?: SoFar['ending']): SoFar {
    return { lanes: this.lanes, leftUsd: undefined, ending };
  }

  perform(steps: readonly LaneStep[]): void {
    for (const step of steps) if (step.kind === 'calls') this.#call(step);
  }

  #call({ configuration, environment, invocations }: Calls): void {
    this.lanes = this.lanes.map((lane) => {
      if (lane.configuration.variant !== configuration.variant) return lane;
      const isNew = !lane.environments.includes(environment);
      if (isNew && lane.environments.length >= this.#most) return { ...lane, refused: lane.refused + 1 };
      const usd = 1e-6 * (configuration.variant === undefined ? this.#factor : 1);
      const made = Array.from({ length: invocations }, (_, index) => {
        const costUsd = usd * (1 + 0.02 * (this.#random() - 0.5));
        return succeeded(costUsd, String(environment + 1), { start: isNew && index === 0 ? 'cold' : 'warm' });
      });
      const environments = isNew ? [...lane.environments, environment].sort((a, b) => a - b) : lane.environments;
      return { ...lane, measurements: [...lane.measurements, ...made], environments };
    });
  }
}

function play(given: GatePlan, paper: Paper) {
  const sampler = gateSampler(given);
  const rounds: SoFar[] = [];
  for (;;) {
    const now = paper.soFar();
    const next = sampler.next(now, rounds);
    if (next.kind === 'stop') return { found: next.found, rounds: [...rounds, now] };
    if (rounds.length > 100) throw new Error('the gate never ends');
    rounds.push(now);
    paper.perform(next.steps);
  }
}

const both = [current, before];

describe('the gate as a sampler', () => {
  it('opens environments of their own on both sides, the one of the reference counted', () => {
    const next = gateSampler(plan).next(new Paper(both).soFar(), []);
    const step = (configuration: Configuration, environment: number) => ({
      kind: 'calls',
      configuration,
      environment,
      invocations: environment === 0 ? 3 : 4,
      further: 'ownVersionOnly',
      again: 0,
    });
    expect(next).toEqual({
      kind: 'measure',
      steps: both.flatMap((side) => [0, 1, 2, 3].map((environment) => step(side, environment))),
    });
  });

  it('goes on until there is a verdict: passed, regressed', () => {
    expect(play(plan, new Paper(both)).found?.outcome.verdict).toBe('passed');
    expect(play(plan, new Paper(both, 1.5)).found?.outcome.verdict).toBe('regressed');
  });

  it('can be replayed: the same records bring the same steps, round by round', () => {
    const completed: GatePlan = { ...plan, completeTo: (_, calls) => (calls.length < 60 ? size : undefined) };
    const { rounds } = play(completed, new Paper(both));
    const replay = () => rounds.map((now, index) => gateSampler(completed).next(now, rounds.slice(0, index)));
    expect(replay()).toEqual(replay());
    expect(replay().at(-1)?.kind).toBe('stop');
  });

  const size = { samples: 60, environments: 10 };

  it('measures on after the verdict where the current side becomes a baseline, and that alone', () => {
    const decided = play(plan, new Paper(both));
    const paper = new Paper(both);
    const isEnough = (calls: readonly unknown[]) => calls.length >= 70;
    const { found } = play({ ...plan, completeTo: (_, calls) => (isEnough(calls) ? undefined : size) }, paper);
    // What comes after the verdict is not what it was made of.
    expect(found).toEqual(decided.found);
    expect(paper.lanes[0]?.environments).toHaveLength(10);
    expect(paper.lanes[1]?.measurements.length).toBe(found?.judged.baseline.length);
  });

  it('gives up after six rounds for what is never complete', () => {
    const decided = play(plan, new Paper(both));
    const { rounds } = play({ ...plan, completeTo: () => size }, new Paper(both));
    expect(rounds).toHaveLength(decided.rounds.length + 6);
  });

  it('believes the second refusal of a further environment, and is inconclusive for want of hosts', () => {
    const paper = new Paper(both, 1, 2);
    const { found, rounds } = play(plan, paper);
    expect(found?.outcome).toMatchObject({ verdict: 'inconclusive', undecided: 'fewEnvironments' });
    const refused = rounds.map(({ lanes }) => lanes[0]?.refused ?? 0);
    expect(new Set(refused).size).toBe(3);
  });

  it('decides with what there is when the cap is reached, and when a side cannot go on', () => {
    const paper = new Paper(both);
    expect(gateSampler(plan).next(paper.soFar('capReached'), [])).toMatchObject({
      kind: 'stop',
      found: { outcome: { verdict: 'inconclusive', undecided: 'fewEnvironments' } },
    });
    paper.lanes = paper.lanes.map((lane) => ({ ...lane, stopped: 'timed out' }));
    expect(gateSampler(plan).next(paper.soFar(), [])).toMatchObject({ kind: 'stop' });
  });

  it('is never passed by what a failure left, and finds nothing where nothing was measured', () => {
    const { rounds } = play(plan, new Paper(both));
    const last = rounds.at(-1) ?? new Paper(both).soFar();
    const failed = gateSampler(plan).next({ ...last, ending: 'failed' }, rounds.slice(0, -1));
    expect(failed).toMatchObject({ found: { outcome: { verdict: 'inconclusive', undecided: 'ended' } } });
    const empty = { ...last, lanes: last.lanes.map((lane) => ({ ...lane, measurements: [] })) };
    expect(gateSampler(plan).next({ ...empty, ending: 'failed' }, [])).toEqual({ kind: 'stop', found: undefined });
  });

  it('ends after three rounds in a row that brought no sample', () => {
    const now = new Paper(both).soFar();
    expect(gateSampler(plan).next(now, [now, now]).kind).toBe('measure');
    expect(gateSampler(plan).next(now, [now, now, now]).kind).toBe('stop');
  });

  it('measures the current side alone where the other one was saved', () => {
    const saved = Array.from({ length: 60 }, (_, index) => succeeded(1e-6, `e${index % 6}`));
    const fixed: GatePlan = {
      ...plan,
      baseline: { measurements: saved },
      options: { ...options, fixedBaseline: { ...runsOfOneKind, runs: 1 } },
    };
    const next = gateSampler(fixed).next(new Paper([current]).soFar(), []);
    expect(next.kind === 'measure' && next.steps.every(({ configuration }) => configuration === current)).toBe(true);
  });
});
