import { describe, expect, it } from 'vitest';
import { nextRound } from '../../src/check/gate.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import { normal, play, succeeded } from './simulated.ts';

const options: GateOptions = { ...checkDefaults, memoryMb: 512 };

/** Four times as long at first, whatever the code does later: what is compiled is the same. */
const compiled = { fall: 3, spread: 0.01 };

describe('a check of code that is compiled while it is used', () => {
  it('judges both sides by what comes after the first calls, and calls environments on instead of opening others', () => {
    const { decided, state } = play({ ...compiled, costUsd: normal(0.03) }, { ...compiled, costUsd: normal(0.03) }, 3, {
      ...options,
      compilesInUse: true,
    });
    expect(decided.steadyAfter).toBeGreaterThan(2);
    expect(decided.verdict).toBe('passed');
    expect(decided.samples.current).toBeLessThan(state.current.length);
    expect(decided.environments.current).toBeLessThanOrEqual(8);
    const cost = decided.metrics.find(({ name }) => name === 'cost');
    // 1 µ$ is where the calls end; all warm ones together are dearer by a third and more.
    expect(cost?.current).toBeLessThan(1.15e-6);
  });

  it('opens other environments once they are steady, each with the calls that are left out, within what was announced', () => {
    const behaviour = { fall: 1, spread: 0.03, costUsd: normal(0.03) };
    const played = [1, 2, 3, 4, 5, 6].map((seed) => play(behaviour, behaviour, seed, options));
    const opened = played.flatMap(({ rounds }) => rounds.slice(1).filter(({ current }) => current.newEnvironments > 0));
    expect(opened.length).toBeGreaterThan(0);
    // Four calls and more are left out of each, and three are to be judged.
    for (const { current } of opened) expect(current.samples / current.newEnvironments).toBeGreaterThan(6);
    expect(Math.max(...played.map(({ state }) => state.current.length))).toBeLessThanOrEqual(157);
    expect(played.filter(({ decided }) => decided.verdict === 'passed').length).toBeGreaterThanOrEqual(4);
  });

  it('compares as many first calls of each environment with a file that has three calls an environment', () => {
    const files = Array.from({ length: 96 }, (_, index) =>
      succeeded(1e-6 * (4 - Math.floor(index / 32)), `b${index % 32}`),
    );
    const fixed = {
      ...options,
      maxSamples: 40,
      compilesInUse: true,
      fixedBaseline: { runCv: 0.008, runDf: 16, runs: 1 },
    };
    const { decided } = play({ costUsd: normal(0.03) }, { ...compiled, costUsd: normal(0.03) }, 3, fixed, files);
    expect(decided.steadyAfter).toBeUndefined();
    expect(decided.samples).toEqual({ baseline: 96, current: 3 * decided.environments.current });
    expect(decided.verdict).not.toBe('passed');
  });

  it('opens no further environment in place of those that are open and gave first calls alone', () => {
    const of = (environment: number, calls: number) =>
      Array.from({ length: calls }, (_, index) =>
        succeeded(
          1e-6 * (1 + 3 * Math.exp(-index / 4)) * (1 + 0.01 * ((index * 7 + environment) % 3)),
          `e${environment}`,
        ),
      );
    const side = [
      ...[0, 1, 2].flatMap((environment) => of(environment, 12)),
      ...[3, 4, 5, 6, 7, 8].flatMap((environment) => of(environment, 2)),
    ];
    const round = nextRound({ baseline: side, current: side }, { ...options, compilesInUse: true });
    expect(round.kind === 'measure' && [round.baseline.newEnvironments, round.current.newEnvironments]).toEqual([0, 0]);
  });

  it('leaves nothing out where calls do not fall', () => {
    const { decided } = play({ costUsd: normal(0.1) }, { costUsd: normal(0.1) }, 5, options);
    expect(decided.steadyAfter).toBeUndefined();
  });
});
