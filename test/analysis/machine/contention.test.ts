import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { calmOnes, isContended, isHostTheCause, neverCalm } from '../../../src/analysis/machine/contention.ts';
import { nextRound } from '../../../src/check/gate.ts';
import { checkDefaults } from '../../../src/check/options.ts';
import type { Measurement } from '../../../src/model/measurement.ts';
import { play, side, succeeded } from '../../check/simulated.ts';
import { asked, laneOf } from '../analyzing.ts';

const call = (contendedShare?: number) =>
  succeeded(1e-6, 'e0', contendedShare === undefined ? {} : { rawDurationMs: 200, contendedShare });
const busy = (calls: readonly Measurement[]) => calls.map((one) => ({ ...one, contendedShare: 0.6 }) as Measurement);

describe('a call that a busy machine got in the way of', () => {
  it('is one of which more than half of the time were the machine’s doing; on AWS none is', () => {
    expect([call(), call(0), call(0.5), call(0.51), call(1)].map(isContended)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('is none whose core another task had for one turn: of a short call that is a large share on any machine', () => {
    const short = (rawDurationMs: number) => succeeded(1e-6, 'e0', { rawDurationMs, contendedShare: 0.6 });
    expect([short(2), short(8.3), short(8.4)].map(isContended)).toEqual([false, false, true]);
  });

  it('is left out where at least as many others are left, and kept where they are not', () => {
    const [calm, contended] = [call(0.01), call(0.6)];
    expect(calmOnes([calm, contended])).toEqual([calm]);
    expect(calmOnes([calm, contended, contended])).toEqual([calm, contended, contended]);
    expect([neverCalm([calm, contended]), neverCalm([calm, contended, contended])]).toEqual([false, true]);
  });

  it('is left out where eight calm ones are, however many were not', () => {
    const calm = Array.from({ length: 8 }, () => call(0.01));
    const contended = Array.from({ length: 20 }, () => call(0.6));
    expect(calmOnes([...calm, ...contended])).toEqual(calm);
    expect(neverCalm([...calm.slice(1), ...contended])).toBe(true);
  });

  it('keeps a comparison from a verdict from a tenth on', () => {
    expect(isHostTheCause([call(0.6), ...Array.from({ length: 9 }, () => call(0))])).toBe(true);
    expect(isHostTheCause([call(0.6), ...Array.from({ length: 10 }, () => call(0))])).toBe(false);
  });
});

describe('a sweep', () => {
  const contended = (durationMs: number) => ({ durationMs, rawDurationMs: 2 * durationMs, contendedShare: 0.6 });

  it('leaves it out of the figures, keeps it in the saved run, and says so', () => {
    const lanes = [laneOf(512, [100, 100, 100, contended(160)])];
    const { configurations, warnings } = analyze({ ...asked, lanes });
    expect(configurations[0]?.warm).toMatchObject({ count: 3, durationMs: { mean: 100 } });
    expect(configurations[0]?.measurements).toHaveLength(4);
    expect(warnings.map(({ code }) => code)).toContain('contendedLeftOut');
    expect(warnings.find(({ code }) => code === 'contendedLeftOut')?.text).toContain('1 of 4 calls');
  });

  it('says of sizes at which the machine was never calm that nothing there is a verdict', () => {
    const lanes = [laneOf(512, [100, contended(160), contended(150), contended(170)]), laneOf(1024, [50, 50])];
    const { configurations, warnings } = analyze({ ...asked, lanes });
    expect(configurations[0]?.warm?.count).toBe(4);
    const told = warnings.find(({ code }) => code === 'contended')?.text;
    expect(told).toContain('at 512 MB on x86_64 ran while other programs took its CPU');
    expect(told).toContain('decide nothing');
  });

  it('shows both durations: that of a free machine, and the clock’s', () => {
    const timed = { durationMs: 100, rawDurationMs: 110, contendedShare: 0.09 };
    const { configurations } = analyze({ ...asked, lanes: [laneOf(512, [timed, timed])] });
    expect(configurations[0]?.warm).toMatchObject({ durationMs: { mean: 100 }, rawDurationMs: { mean: 110 } });
    expect(analyze({ ...asked, lanes: [laneOf(512, [100, 100])] }).configurations[0]?.warm?.rawDurationMs).toBe(
      undefined,
    );
  });
});

describe('a check', () => {
  const options = { ...checkDefaults, memoryMb: 512 };
  const costs = Array.from({ length: 40 }, (_, index) => 1e-6 * (1 + (index % 5) / 100));
  const dearer = costs.map((cost) => 1.36 * cost);

  it('is regressed by calls that are 36 % dearer, and never by ones that a busy machine made so', () => {
    const baseline = side(costs, 8);
    expect(nextRound({ baseline, current: side(dearer, 8) }, options)).toMatchObject({ verdict: 'regressed' });
    expect(nextRound({ baseline, current: busy(side(dearer, 8)), ended: true }, options)).toMatchObject({
      kind: 'decided',
      verdict: 'inconclusive',
      undecided: 'contended',
    });
  });

  it('measures again instead of deciding by them', () => {
    const round = nextRound({ baseline: side(costs, 8), current: busy(side(dearer, 8)) }, options);
    expect(round).toMatchObject({ kind: 'measure', current: { samples: 12 } });
  });

  it('decides by the others where there are enough, whatever became of these', () => {
    const current = [...side(costs, 8), ...busy(side(dearer, 8))];
    expect(nextRound({ baseline: side(costs, 8), current }, options)).toMatchObject({ verdict: 'passed' });
  });

  it('of identical folders on a machine that is busy in bursts is never regressed', () => {
    const costUsd = (random: () => number) => 1e-6 * (1 + 0.02 * random());
    for (let seed = 1; seed <= 50; seed += 1) {
      const { decided, state } = play({ costUsd }, { costUsd }, seed);
      // One side alone met the bursts.
      const burst = state.current.map((one, index) =>
        index % 3 === 0 && one.outcome === 'succeeded'
          ? { ...one, costUsd: 1.6 * one.costUsd, contendedShare: 0.6 }
          : one,
      );
      expect(decided.verdict).toBe('passed');
      expect(nextRound({ ...state, current: burst, ended: true }, options)).not.toMatchObject({ verdict: 'regressed' });
    }
  });

  it('of the same code with the same settings is never regressed by what lies between its sides, but by a budget', () => {
    const state = { baseline: side(costs, 8), current: side(dearer, 8), ended: true };
    const same = { ...options, sameCode: true };
    const round = nextRound(state, same);
    expect(round).toMatchObject({ kind: 'decided', verdict: 'inconclusive', undecided: 'sameCode' });
    const line = round.kind === 'decided' ? round.metrics.find(({ name }) => name === 'cost') : undefined;
    expect(line).toMatchObject({ verdict: 'inconclusive', baseline: expect.any(Number), current: expect.any(Number) });
    expect(line?.ratio?.low).toBeLessThanOrEqual(1.05);
    expect(nextRound({ ...state, current: side(costs, 8) }, same)).toMatchObject({ verdict: 'passed' });
    const budget = { ...same, limits: { ...same.limits, costUsdPerMillion: { max: 0.5 } } };
    expect(nextRound({ ...state, current: side(costs, 8) }, budget)).toMatchObject({ verdict: 'regressed' });
  });
});
