import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { isContended } from '../../../src/analysis/machine/contention.ts';
import { atCalmPace, isMadeAtSlowPace } from '../../../src/analysis/machine/pace.ts';
import { slowThroughout } from '../../../src/analysis/machine/slowThroughout.ts';
import { takenOffShare, unloadedText } from '../../../src/analysis/machine/takenOff.ts';
import type { MeasuredLane } from '../../../src/analysis/measuredLane.ts';
import { nextRound } from '../../../src/check/gate.ts';
import { checkDefaults } from '../../../src/check/options.ts';
import { type Measurement, referenceLoop } from '../../../src/model/measurement.ts';
import { type Random, seededRandom } from '../../../src/stats/random.ts';
import { normalDraw } from '../../normalDraw.ts';
import { asked, type Call, laneOf } from '../analyzing.ts';

type Known = Exclude<Measurement, { outcome: 'unreported' }>;

const hundredths = (ms: number) => Math.round(ms * 100) / 100;

/** One dollar per GB-second. */
const price = (billedDurationMs: number, { memoryMb }: { readonly memoryMb: number }) =>
  (memoryMb / 1024) * (billedDurationMs / 1000);

const durationsOf = ({ measurements }: MeasuredLane) => measurements.map((call) => (call as Known).durationMs);

function paced(countedMs: number, referenceMs: number, busyMs = countedMs): Call {
  return {
    durationMs: countedMs,
    rawDurationMs: countedMs,
    contendedShare: 0,
    pace: { loop: referenceLoop, countedMs, busyMs, referenceMs },
  };
}

/** How the machine slows work: the logarithm of the factor, before, in the middle of and after the n-th call. */
type Host = (random: Random, calls: number) => readonly number[];

const hosts = {
  drift: (_, calls) => Array.from({ length: 2 * calls + 1 }, (_, moment) => (0.3 * moment) / (2 * calls)),
  /** A neighbour on the same core comes and goes: work has it to itself, or takes half as long again. */
  sharedCore: (random, calls) => {
    let isShared = false;
    return Array.from({ length: 2 * calls + 1 }, () => {
      if (random() < 0.1) isShared = !isShared;
      return isShared ? Math.log(1.5) : 0;
    });
  },
  bursts: (random, calls) => {
    let left = 0;
    return Array.from({ length: 2 * calls + 1 }, () => {
      if (left === 0 && random() < 0.06) left = 6;
      left = Math.max(0, left - 1);
      return left > 0 ? 0.5 : 0.02 * random();
    });
  },
} as const satisfies Record<string, Host>;

interface Simulated {
  readonly lanes: readonly MeasuredLane[];
  readonly truthMs: readonly (readonly number[])[];
}

/** Three sizes in turn; `follows`: how much of the host's slowness the function feels, where the reference feels all. */
function simulate(host: Host, follows: number, seed: number, hasOwnHost = true): Simulated {
  const random = seededRandom(seed);
  const rounds = 20;
  const calls = 3 * rounds;
  const slow = host(random, calls);
  const felt = hasOwnHost ? slow : host(random, calls);
  const made = Array.from({ length: calls }, (_, call) => {
    const truth = ([240, 120, 60][call % 3] ?? 0) * (1 + 0.01 * normalDraw(random));
    const around = ((slow[2 * call] ?? 0) + (slow[2 * call + 2] ?? 0)) / 2;
    const countedMs = truth * Math.exp(follows * (felt[2 * call + 1] ?? 0));
    return { truth, call: paced(countedMs, 0.2 * Math.exp(around + 0.02 * normalDraw(random))) };
  });
  const of = (size: number) => made.filter((_, index) => index % 3 === size);
  return {
    lanes: [512, 1024, 2048].map((memoryMb, size) =>
      laneOf(
        memoryMb,
        of(size).map(({ call }) => call),
      ),
    ),
    truthMs: [0, 1, 2].map((size) => of(size).map(({ truth }) => truth)),
  };
}

/** Root mean square of the relative errors. */
function errorOf({ truthMs }: Simulated, lanes: readonly MeasuredLane[]): number {
  const errors = lanes.flatMap((lane, at) =>
    durationsOf(lane).map((durationMs, index) => Math.log(durationMs / (truthMs[at]?.[index] ?? Number.NaN))),
  );
  return Math.sqrt(errors.reduce((sum, one) => sum + one * one, 0) / errors.length);
}

const seeds = Array.from({ length: 25 }, (_, index) => index + 1);

function meanErrors(simulated: readonly Simulated[]): { readonly counted: number; readonly corrected: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  return {
    counted: mean(simulated.map((one) => errorOf(one, one.lanes))),
    corrected: mean(simulated.map((one) => errorOf(one, atCalmPace(one.lanes, price)))),
  };
}

describe('on a simulated machine, whose calm durations are known, what is corrected', () => {
  it.each([
    ['drift', 0.25],
    ['sharedCore', 0.75],
    ['bursts', 0.6],
  ] as const)('is much closer to the truth: %s', (name, most) => {
    const { counted, corrected } = meanErrors(seeds.map((seed) => simulate(hosts[name], 1, seed)));
    expect(corrected).toBeLessThan(most * counted);
  });

  it.each(['drift', 'sharedCore', 'bursts'] as const)(
    'is closer also for code that suffers less than the reference loop: %s',
    (name) => {
      const { counted, corrected } = meanErrors(seeds.map((seed) => simulate(hosts[name], 0.4, seed)));
      expect(corrected).toBeLessThan(0.85 * counted);
    },
  );

  it.each(['drift', 'sharedCore', 'bursts'] as const)(
    'is not worse by more than noise for code that the machine does not slow: %s',
    (name) => {
      const { counted, corrected } = meanErrors(seeds.map((seed) => simulate(hosts[name], 0, seed)));
      expect(corrected).toBeLessThan(counted + 0.003);
    },
  );

  it.each(['sharedCore', 'bursts'] as const)(
    'is not worse by more than noise where the loop ran on a core with other neighbours: %s',
    (name) => {
      const { counted, corrected } = meanErrors(seeds.map((seed) => simulate(hosts[name], 1, seed, false)));
      expect(corrected).toBeLessThan(1.03 * counted);
    },
  );
});

describe('a correction', () => {
  const call = fc.record({
    countedMs: fc.double({ min: 0.01, max: 5000, noNaN: true }),
    busy: fc.double({ min: 0, max: 1, noNaN: true }),
    referenceMs: fc.double({ min: 0.05, max: 2, noNaN: true }),
  });
  const lanes = fc.array(fc.array(call, { minLength: 1, maxLength: 15 }), { minLength: 1, maxLength: 4 }).map((sizes) =>
    sizes.map((calls, size) =>
      laneOf(
        128 * (size + 1),
        calls.map(({ countedMs, busy, referenceMs }) => paced(countedMs, referenceMs, busy * countedMs)),
      ),
    ),
  );

  it('makes nothing longer, takes nothing off that was not on the CPU, and never goes below the shortest of its kind', () => {
    fc.assert(
      fc.property(lanes, (given) => {
        for (const lane of atCalmPace(given, price)) {
          const known = lane.measurements as readonly Known[];
          const shortestMs = Math.min(...known.map(({ pace }) => pace?.busyMs ?? 0));
          for (const { durationMs, pace, rawDurationMs } of known) {
            const { countedMs = 0, busyMs = 0 } = pace ?? {};
            expect(durationMs).toBeLessThanOrEqual(countedMs + 0.006);
            expect(durationMs).toBeGreaterThanOrEqual(countedMs - busyMs + shortestMs - 0.006);
            expect(durationMs).toBeGreaterThanOrEqual(countedMs - 0.7 * busyMs - 0.006);
            expect(rawDurationMs).toBe(countedMs);
          }
        }
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('made twice changes nothing', () => {
    fc.assert(
      fc.property(lanes, (given) => {
        const once = atCalmPace(given, price);
        expect(atCalmPace(once, price)).toEqual(once);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('leaves runs alone that have no reference: those of AWS, and old ones', () => {
    const old = [laneOf(512, [100, 110, { durationMs: 90, rawDurationMs: 200, contendedShare: 0.5 }])];
    expect(atCalmPace(old, price)).toBe(old);
  });

  /** Work of 100 ms that takes half as long again whenever the reference does. */
  const slowedCalls = [1, 1.5, 1, 1.5, 1, 1.5, 1, 1.5, 1, 1.5].map((factor) => paced(100 * factor, 0.2 * factor));

  it('is in the duration, what is billed, and the cost', () => {
    const [lane] = atCalmPace([laneOf(1024, slowedCalls)], price);
    expect(lane?.measurements[1]).toMatchObject({
      durationMs: 100,
      billedDurationMs: 100,
      costUsd: 0.1,
      rawDurationMs: 150,
      pace: { countedMs: 150, busyMs: 150 },
    });
  });

  it('bills a cold start its init besides', () => {
    const cold = laneOf(1024, [
      { ...(paced(100, 0.2) as object), start: 'cold', initDurationMs: 50.5 },
      ...slowedCalls,
    ]);
    const [lane] = atCalmPace([cold], price);
    expect(lane?.measurements[0]).toMatchObject({ durationMs: 100, billedDurationMs: 151, costUsd: 0.151 });
  });

  it('counts what an earlier run measured, and corrects it, too', () => {
    const [early, late] = [laneOf(512, slowedCalls.slice(0, 5)), laneOf(512, slowedCalls.slice(5))];
    const [lane] = atCalmPace([{ ...late, earlier: early.measurements }], price);
    expect(lane?.earlier?.[1]).toMatchObject({ durationMs: 100 });
    expect(lane?.measurements[0]).toMatchObject({ durationMs: 100 });
  });

  it('is not made of a time-out, whose duration is the limit', () => {
    const given = laneOf(512, [...slowedCalls, { ...(paced(3000, 0.3) as object), outcome: 'timedOut' }]);
    const [lane] = atCalmPace([given], price);
    expect(lane?.measurements.at(-1)).toMatchObject({ durationMs: 3000 });
  });
});

describe('a call that would have to be corrected by more than 70 %', () => {
  const calls = [1, 1.5, 1, 1.5, 1, 1.5, 1, 1.5, 1, 1.5, 5].map((factor) => paced(100 * factor, 0.2 * factor));
  const [lane] = atCalmPace([laneOf(512, calls)], price);

  it('is not corrected, and counts as contended', () => {
    expect(lane?.measurements.at(-1)).toMatchObject({ durationMs: 500 });
    expect(lane?.measurements.map(isContended)).toEqual([...Array.from({ length: 10 }, () => false), true]);
  });

  it('and counts only if it is corrected, however short it is', () => {
    const factors = [1, 1.02, 1.9, 1.04, 1.85, 1.95, 1.5, 1.4];
    const short = factors.map((factor, index) => paced(35 * factor ** (index % 2 === 0 ? 1 : 1.25), 0.2 * factor));
    const [lane = laneOf(512, [])] = atCalmPace([laneOf(512, short)], price);
    const counted = (lane.measurements as Known[]).filter((call) => !isContended(call));
    const slow = counted.filter(({ pace }) => (pace?.slowShare ?? 0) > 0.2);
    expect(slow.length).toBeGreaterThan(2);
    for (const { durationMs, pace } of slow) expect(durationMs).toBeLessThan(0.9 * (pace?.countedMs ?? 0));
  });

  it('is made again: that it was slow is seen at once, by the others of its size', () => {
    const [first, ...others] = laneOf(512, [paced(300, 0.6), paced(100, 0.2), paced(110, 0.21)]).measurements;
    if (first === undefined) throw new Error('There is one.');
    expect(isMadeAtSlowPace(first, others)).toBe(true);
    expect(others.some((one) => isMadeAtSlowPace(one, others))).toBe(false);
  });
});

describe('where every call of a run was slowed', () => {
  /** Work of 60 ms on the CPU. The core was `factor` times as slow on average, and calm for moments. */
  const slowed = (factor: number, error = 0): Call => ({
    ...(paced(60 * factor, 0.2 * factor) as object),
    pace: {
      loop: referenceLoop,
      countedMs: 60 * factor,
      busyMs: 60 * factor,
      cpuMs: 60 * factor,
      referenceMs: 0.2 * factor * Math.exp(error),
      fastestMs: 0.2,
      error: Math.abs(error),
    },
  });

  /** None was calmer than 1.4 times as slow. */
  const factors = [1.4, 1.85, 1.5, 1.8, 1.7, 1.75, 1.4, 1.8, 1.9, 1.6];

  it('how code follows the reference below the calmest of them is not known, and they decide nothing', () => {
    const calls = factors.map((factor) => slowed(factor));
    const [lane] = atCalmPace([laneOf(1769, calls)], price);
    expect(durationsOf(lane ?? laneOf(1769, []))).toEqual(factors.map((factor) => hundredths(60 * factor)));
    expect(lane?.measurements.every(isContended)).toBe(true);
  });

  it('but earlier runs of the code have told: calls are corrected to less than the shortest that was counted', () => {
    const follows = [0, 1].map((range) => ({ range, slope: 1, error: 0.05 }));
    const calm = { referenceMs: 0.2, runs: 7, lastSeenAt: '2026-11-28T10:00:00.000Z', follows };
    const calls = factors.map((factor): Call => {
      const call = slowed(factor) as { readonly pace: object };
      return { ...call, pace: { ...call.pace, calm } } as Call;
    });
    const [lane] = atCalmPace([laneOf(1769, calls)], price);
    expect(durationsOf(lane ?? laneOf(1769, []))).toEqual(factors.map(() => 60));
    expect(lane?.measurements.some(isContended)).toBe(false);
  });

  it('and alike, how much the function suffers is not known: nothing is corrected, and the calls decide nothing', () => {
    const calls = [2, 2.001, 1.999, 2.002, 1.998, 2, 2.001, 1.999].map((factor, index) =>
      slowed(factor, index % 2 === 0 ? 0.01 : -0.01),
    );
    const [lane] = atCalmPace([laneOf(1769, calls)], price);
    expect(durationsOf(lane ?? laneOf(1769, []))).toEqual([120, 120.06, 119.94, 120.12, 119.88, 120, 120.06, 119.94]);
    expect(lane?.measurements.every(isContended)).toBe(true);
    const { warnings } = analyze({ ...asked, lanes: lane === undefined ? [] : [lane] });
    expect(warnings.map(({ code }) => code)).toContain('contended');
  });

  it('and calm moments were hardly met, the calm level is not known: nothing is corrected', () => {
    const factors = [1.4, 1.9, 1.5, 2.1, 1.7, 2.2, 1.4, 1.8, 2, 1.6];
    const once = factors.map((factor, index): Call => {
      const call = slowed(factor) as { readonly pace: object };
      return { ...call, pace: { ...call.pace, fastestMs: index === 0 ? 0.2 : 0.24 } } as Call;
    });
    const [lane] = atCalmPace([laneOf(1769, once)], price);
    expect(durationsOf(lane ?? laneOf(1769, []))[0]).toBe(84);
    expect(lane?.measurements.every(isContended)).toBe(true);
  });

  it('none is left with less than the calls at calm moments took, of the same code at any size', () => {
    const calm = laneOf(1769, [slowed(1), slowed(1.02), slowed(1.4), slowed(1.8), slowed(1.2), slowed(1.6)]);
    // Seen as slower than it was: 96 ms would become 52.
    const other = laneOf(1024, [slowed(1.6, 0.15)]);
    const [, lane] = atCalmPace([calm, other], price);
    expect(durationsOf(lane ?? other)).toEqual([60]);
  });
});

describe('where earlier runs on the machine met calm moments', () => {
  const calm = { referenceMs: 0.2, runs: 7, lastSeenAt: '2026-11-28T10:00:00.000Z' };
  /** Work of 60 ms on the CPU, on a core that is never faster than `calmest` times as slow as a calm one. */
  const slowed = (factor: number, calmest: number, knows = true): Call => ({
    ...(paced(60 * factor, 0.2 * factor) as object),
    pace: {
      loop: referenceLoop,
      ...{ countedMs: 60 * factor, busyMs: 60 * factor, cpuMs: 60 * factor },
      ...{ referenceMs: 0.2 * factor, fastestMs: 0.2 * calmest, error: 0 },
      ...(knows ? { calm } : {}),
    },
  });
  const lane = (factors: readonly number[], calmest: number, knows = true) =>
    laneOf(
      1769,
      factors.map((factor) => slowed(factor, calmest, knows)),
    );

  it('a run that hardly met any is corrected to their level instead of its own: two runs say the same', () => {
    const [known] = atCalmPace([lane([1.12, 1.5, 1.3, 1.9, 1.2, 1.7, 1.4, 1.6], 1.1)], price);
    // Within 4 % of the fastest that earlier runs met no run is slow.
    expect(durationsOf(known ?? lane([], 1))).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(() => 62.4));
    const [alone] = atCalmPace([lane([1.12, 1.5, 1.3, 1.9, 1.2, 1.7, 1.4, 1.6], 1.1, false)], price);
    expect(durationsOf(alone ?? lane([], 1))).toEqual([67.2, 67.2, 67.2, 67.2, 67.2, 67.2, 67.2, 67.2]);
  });

  it('one that was slow from its beginning to its end is told, is not corrected, and decides nothing', () => {
    const factors = [2, 2.2, 2.1, 2.3, 2, 2.2, 2.1, 2.3];
    const [slow = lane([], 1)] = atCalmPace([lane(factors, 2)], price);
    expect(durationsOf(slow)).toEqual([120, 132, 126, 138, 120, 132, 126, 138]);
    expect(slow.measurements.every(isContended)).toBe(true);
    const { warnings } = analyze({ ...asked, lanes: [slow] });
    expect(warnings.find(({ code }) => code === 'slowThroughout')?.text).toBe(
      'This machine was about 2.1 times as slow as at its best, from the beginning of the run to its end (its best: 7 earlier runs, last on 2026-11-28). Durations and costs are those of a slow machine and decide nothing. Measure again when it is calm.',
    );
    expect(warnings.map(({ code }) => code)).not.toContain('contended');
    // From within, nothing of that is seen.
    const [alone = lane([], 1)] = atCalmPace([lane(factors, 2, false)], price);
    expect(alone.measurements.some(isContended)).toBe(false);
    expect(slowThroughout(alone.measurements)).toBeUndefined();
  });

  it('also of calls of a few milliseconds', () => {
    const short = [2, 2.2, 2.1, 2.3, 2, 2.2, 2.1, 2.3].map((factor): Call => {
      const call = slowed(factor, 2) as { readonly pace: object };
      return { ...call, pace: { ...call.pace, countedMs: 8 * factor, busyMs: 8 * factor, cpuMs: 8 * factor } } as Call;
    });
    const [slow] = atCalmPace([laneOf(1769, short)], price);
    expect(slow?.measurements.every(isContended)).toBe(true);
  });

  it('how much code follows the reference is learnt from its earlier runs, too, unless this one clearly tells another', () => {
    /** By its own calls the code follows one to one, all but exactly; earlier runs of it had `slope` in each range, known as well as that. */
    const runAfter = (slope: number, error: number, noise: number) => {
      const calls = [1, 1.5, 1.3, 1.9, 1.2, 1.7, 1.4, 1.6, 1, 1.1, 1.8, 1.05].map((factor, index): Call => {
        const call = slowed(factor * (1 + noise * ((index % 3) - 1)), 1) as { readonly pace: object };
        const follows = [0, 1, 2, 3].map((range) => ({ range, slope, error }));
        return { ...call, pace: { ...call.pace, referenceMs: 0.2 * factor, calm: { ...calm, follows } } } as Call;
      });
      const [corrected = lane([], 1)] = atCalmPace([laneOf(1769, calls)], price);
      return durationsOf(corrected)[4] ?? 0;
    };
    expect(runAfter(0.8, 0.05, 0)).toBeCloseTo(60, 0);
    expect(runAfter(0.8, 0.05, 0.08)).toBeGreaterThan(1.01 * runAfter(1, 0.05, 0.08));
    expect(runAfter(0.1, 0.01, 0)).toBe(60);
  });

  it('what this run met faster goes before what earlier ones did', () => {
    const [faster] = atCalmPace([lane([1, 1.4, 0.9, 1.2, 0.9, 1.5, 0.9, 1.3], 0.9)], price);
    expect(durationsOf(faster ?? lane([], 1))).toEqual([54, 54, 54, 54, 54, 54, 54, 54]);
  });
});

describe('what is said of it', () => {
  const [lane = laneOf(512, [])] = atCalmPace(
    [
      laneOf(
        512,
        [1, 1.25, 1, 1.25, 1, 1.25, 1, 1.25, 1.25].map((factor) => paced(100 * factor, 0.2 * factor)),
      ),
    ],
    price,
  );

  it('is one line with the median correction, beside the figures of a sweep', () => {
    const { warnings } = analyze({ ...asked, lanes: [lane] });
    expect(warnings.find(({ code }) => code === 'unloadedDurations')?.text).toBe(
      'Durations are corrected for this machine’s other work: median correction −20.0 %. Those of the clock are in the saved run as rawDurationMs.',
    );
  });

  it('counts waiting for a core and slow cores together', () => {
    const [call] = lane.measurements.filter((one) => (one as Known).rawDurationMs === 125);
    expect(takenOffShare({ ...(call as Known), contendedShare: 0.5 })).toBeCloseTo(0.6, 9);
  });

  it('is nothing on AWS and on a calm machine', () => {
    expect(unloadedText(laneOf(512, [100, 101]).measurements)).toBeUndefined();
    expect(unloadedText(laneOf(512, [paced(100, 0.2), paced(101, 0.2)]).measurements)).toBeUndefined();
  });
});

it('a check decides on corrected durations: one side was measured while the machine was slow', () => {
  const side = (slowOnes: number) =>
    laneOf(
      512,
      Array.from({ length: 64 }, (_, index) => (index % 4 < slowOnes ? 1.4 : 1)).map((factor, index) =>
        paced(factor * (100 + (index % 7)), 0.2 * factor),
      ),
      { environments: 8 },
    );
  const verdictOf = ([baseline, current]: readonly MeasuredLane[]) => {
    const state = { baseline: baseline?.measurements ?? [], current: current?.measurements ?? [], ended: true };
    // As on the embedded endpoint, where all environments run on one machine.
    const round = nextRound(state, { ...checkDefaults, memoryMb: 512, hostsMayBeOfTwoKinds: false });
    return round.kind === 'decided' ? round.verdict : round.kind;
  };
  const sides = [side(1), side(3)];
  expect(verdictOf(sides)).toBe('inconclusive');
  expect(verdictOf(atCalmPace(sides, price))).toBe('passed');
});
