import { describe, expect, it } from 'vitest';
import { scoreGate } from '../../bench/check/simulated.ts';
import { withoutDrift } from '../../src/check/blocks.ts';
import { sideOf } from '../../src/check/figures.ts';
import { plannedLooks } from '../../src/check/levels.ts';
import { judgedLines } from '../../src/check/metrics.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import { succeeded } from './simulated.ts';

const options: GateOptions = { ...checkDefaults, memoryMb: 512 };
const looks = plannedLooks(12, 100);

/** Four environments in the first round, a new one in every later round; `levelOf` a round, calls scatter by 1 %. */
function measured(levelOf: (round: number) => number, phase: number) {
  return Array.from({ length: 46 }, (_, trial) => {
    const round = looks.findIndex((count) => trial < count);
    const environment = round === 0 ? trial % 4 : 3 + round;
    return succeeded(1e-6 * levelOf(round) * (1 + 0.014 * Math.sin(phase + 7 * trial)), `e${environment}`);
  });
}

function costRatio(before: ReturnType<typeof measured>, now: ReturnType<typeof measured>, asked = options) {
  const lines = judgedLines(sideOf(before), sideOf(now), asked);
  return lines.find(({ name }) => name === 'cost')?.quantity?.ratio;
}

describe('rounds as blocks', () => {
  const slower = (round: number) => 1.05 ** round;

  it('a drift that both sides have is not taken for hosts', () => {
    const ratio = costRatio(measured(slower, 1), measured(slower, 4));
    // The belief of 3 % on three degrees of freedom alone is 1.7 % by now; with the drift hosts would differ by 12 %.
    expect(Math.sqrt(ratio?.hosts.variance ?? 1)).toBeLessThan(0.03);
    expect(ratio?.estimate).toBeCloseTo(1, 2);
    const taken = costRatio(measured(slower, 1), measured(slower, 4), {
      ...options,
      fixedBaseline: { runCv: 0, runDf: 1, runs: 1 },
    });
    expect(Math.sqrt(taken?.hosts.variance ?? 0)).toBeGreaterThan(0.08);
  });

  it('a change stays what it is', () => {
    expect(
      costRatio(
        measured(slower, 1),
        measured((round) => 1.1 * slower(round), 4),
      )?.estimate,
    ).toBeCloseTo(1.1, 2);
  });

  it('environments that served one round alone leave fewer degrees of freedom, and hosts as much of their squares', () => {
    const { current } = withoutDrift(sideOf(measured(slower, 1)), sideOf(measured(slower, 4)), options);
    expect(current.kept?.between).toBeGreaterThan(0.3);
    expect(current.kept?.between).toBeLessThan(0.9);
    expect(current.kept?.load).toBeLessThan(0.9);
    expect(current.kept?.total).toBeGreaterThan(0.85);
  });

  it('without a drift, with a file, and in fewer than four rounds nothing is taken off', () => {
    const level = () => 1;
    const [before, now] = [sideOf(measured(level, 1)), sideOf(measured(level, 4))];
    expect(withoutDrift(before, now, options).current.warm[45]).toEqual(now.warm[45]);
    const [first, second] = [measured(slower, 1), measured(slower, 4)].map((calls) => sideOf(calls.slice(0, 20)));
    if (first === undefined || second === undefined) throw new Error('two sides');
    expect(withoutDrift(first, second, options).current).toBe(second);
    const fixed = { ...options, fixedBaseline: { runCv: 0, runDf: 1, runs: 1 } };
    expect(withoutDrift(sideOf(measured(slower, 1)), now, fixed).current).toBe(now);
  });
});

describe('a check during which everything gets 5 % slower, on hosts that differ by 3 %, by simulation', () => {
  const runs = 30;
  it('calls unchanged code regressed in at most 2 %, and loses no pass', () => {
    const drifting = scoreGate({ behaviour: { drift: 0.05 }, options: {} }, 0.05, 0, runs);
    const steady = scoreGate({ behaviour: {}, options: {} }, 0.05, 0, runs);
    expect(drifting.regressed).toBeLessThanOrEqual(0.02);
    expect(drifting.passed).toBeGreaterThanOrEqual(steady.passed - 0.05);
    expect(drifting.passed).toBeGreaterThan(0.85);
  });

  it('finds +10 %', () => {
    expect(scoreGate({ behaviour: { drift: 0.05 }, options: {} }, 0.05, 0.1, runs).regressed).toBeGreaterThan(0.9);
  });
});
