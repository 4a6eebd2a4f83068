import { describe, expect, it } from 'vitest';
import type { LaneSoFar, SoFar } from '../../src/model/engine/sampler.ts';
import { type Measurement, referenceLoop } from '../../src/model/measurement.ts';
import { type ListPlan, listSampler } from '../../src/search/listSampler.ts';
import { search } from '../../src/search/search.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';
import { type Curve, defaults, play, x86 } from './simulated.ts';

const plan: ListPlan = {
  configurations: [x86(512), x86(1024)],
  environmentsPerConfiguration: 1,
  warmInvocations: 12,
  allowedErrors: [],
  settling: { payloads: [], compilesInUse: false, announcedUsd: 1, worstUsd: () => 0.001 },
};

function lane(memoryMb: number, durationsMs: readonly number[]): LaneSoFar {
  const measurements = [500, ...durationsMs].map(
    (durationMs, index): Measurement => ({
      requestId: `${memoryMb}-${index}`,
      startedAt: '2026-11-23T00:00:00Z',
      environment: '1',
      start: index === 0 ? 'cold' : 'warm',
      outcome: 'succeeded',
      durationMs,
      billedDurationMs: Math.ceil(durationMs),
      maxMemoryUsedMb: 40,
      costUsd: 1e-6,
    }),
  );
  return { configuration: x86(memoryMb), earlier: [], measurements, environments: [0], refused: 0, stopped: undefined };
}

const falling = Array.from({ length: 12 }, (_, index) => 100 - 6 * index);
const soonLevel = [90, 70, 58, 50, 51, 50, 51, 50.5, 50, 51, 50.5, 50];
const level = Array.from({ length: 12 }, (_, index) => 50 + (index % 3));

describe('a list', () => {
  const nothing: SoFar = { lanes: [], leftUsd: undefined, ending: undefined };
  const next = (lanes: readonly LaneSoFar[], given = plan, ending: SoFar['ending'] = undefined) =>
    listSampler(given).next({ lanes, leftUsd: undefined, ending }, [nothing]);

  it('calls a size on, in its environments, while its calls still become faster', () => {
    expect(next([lane(512, falling), lane(1024, soonLevel)])).toEqual({
      kind: 'measure',
      steps: [{ kind: 'calls', configuration: x86(512), environment: 0, invocations: 13, further: 'beside', again: 0 }],
    });
  });

  it('stops where nothing falls', () => {
    expect(next([lane(512, level), lane(1024, level)])).toEqual({ kind: 'stop', found: undefined });
  });

  it('stops after 64 calls of an environment, and where it might cost more than was announced', () => {
    const long = Array.from({ length: 64 }, (_, index) => 100 - index);
    expect(next([lane(512, long)]).kind).toBe('stop');
    const settling = { payloads: [], compilesInUse: false, announcedUsd: 0.012, worstUsd: () => 0.001 };
    expect(next([lane(512, falling)], { ...plan, settling }).kind).toBe('stop');
  });

  /** On a machine that was slow by the share, for calls that last `timesAsLong` as long. */
  const onSlowMachine = (durationsMs: readonly number[], slowShare: number, timesAsLong = 1): LaneSoFar => {
    const known = lane(512, durationsMs);
    const paced = (one: Measurement): Measurement => {
      if (one.outcome === 'unreported') return one;
      const rawDurationMs = timesAsLong * one.durationMs;
      const pace = {
        loop: referenceLoop,
        countedMs: rawDurationMs,
        busyMs: rawDurationMs,
        referenceMs: 0.03,
        slowShare,
        uncertainShare: 0.01,
      };
      return { ...one, rawDurationMs, contendedShare: 0, pace };
    };
    return { ...known, measurements: known.measurements.map(paced) };
  };
  const rough = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? 45 : 55));

  it('calls a size on where a slow machine keeps its mean from being known within a percent', () => {
    expect(next([onSlowMachine(rough, 0.3)])).toEqual({
      kind: 'measure',
      steps: [{ kind: 'calls', configuration: x86(512), environment: 0, invocations: 13, further: 'beside', again: 0 }],
    });
    expect(next([onSlowMachine(rough, 0.01)]).kind).toBe('stop');
    expect(next([onSlowMachine(level, 0.3)]).kind).toBe('stop');
    expect(next([lane(512, rough)]).kind).toBe('stop');
  });

  it('not beyond five times the calls that were asked for, nor for longer than a size is worth', () => {
    const often = [0, 1, 2, 3, 4].flatMap(() => rough);
    expect(next([onSlowMachine(often.slice(0, 50), 0.3)])).toMatchObject({ steps: [{ invocations: 9 }] });
    expect(next([onSlowMachine(often, 0.3)]).kind).toBe('stop');
    expect(next([onSlowMachine(rough, 0.3, 40)]).kind).toBe('stop');
  });

  describe('knows of a size alone', () => {
    const isDone = (known: LaneSoFar, given = plan) => listSampler(given).isDone?.(known);

    it('that it is done: steady, of no use, or where nothing is called on', () => {
      expect(isDone(lane(1024, level))).toBe(true);
      expect(isDone(lane(1024, soonLevel))).toBe(true);
      expect(isDone({ ...lane(512, []), stopped: 'out of memory' })).toBe(true);
      const { settling: _, ...withoutSettling } = plan;
      expect(isDone(lane(512, falling), withoutSettling)).toBe(true);
    });

    it('that it may be called on: still falling, too short to tell, or on this machine, where the others tell', () => {
      expect(isDone(lane(512, falling))).toBe(false);
      expect(isDone(lane(512, level.slice(0, 5)))).toBe(false);
      expect(isDone(onSlowMachine(level, 0.01))).toBe(false);
    });

    it('and calls none on that it took for done, whatever the others bring', () => {
      const random = seededRandom(7);
      let done = 0;
      for (let run = 0; run < 300; run += 1) {
        const start = 1 + random();
        const made = Array.from(
          { length: 12 },
          (_, nth) => 50 * (1 + (start - 1) * Math.exp(-nth / 4)) * (1 + 0.1 * normalDraw(random)),
        );
        const own = lane(1024, made);
        if (!isDone(own)) continue;
        done += 1;
        const called = next([lane(512, falling), own]);
        const sizes = called.kind === 'stop' ? [] : called.steps.map(({ configuration }) => configuration.memoryMb);
        expect(sizes).not.toContain(1024);
      }
      expect(done).toBeGreaterThan(100);
    });
  });

  it('stops at the cap', () => {
    expect(next([lane(512, falling)], plan, 'capReached').kind).toBe('stop');
  });
});

/**
 * As recorded of Java: calls of the small size wait longest for the compiler, so that the first ones make it look twice as
 * dear as the next size, and the later ones cost a fifth less.
 */
function compiled(): Curve {
  const made = new Map<string, number>();
  return {
    initMs: 3000,
    warmMs: ({ memoryMb }, random, environment) => {
      const key = `${memoryMb} ${environment}`;
      const before = made.get(key) ?? 0;
      made.set(key, before + 1);
      const later = memoryMb < 256 ? 400 : memoryMb < 512 ? 100 : memoryMb < 1024 ? 62 : 55;
      const first = (60_000 / memoryMb) * Math.exp(-before / 6);
      return (later + first * (memoryMb < 512 ? 3 : 0.3)) * (1 + 0.05 * normalDraw(random));
    },
  };
}

describe('the winner of a race', () => {
  const flat = (initMs: number): Curve => ({
    initMs,
    warmMs: ({ memoryMb }, random) => (memoryMb === 256 ? 50 : 100) * (1 + 0.02 * normalDraw(random)),
  });
  const environmentsOf = (initMs: number) => {
    const { measured } = play(flat(initMs), { ladders: { x86_64: [128, 256, 512] } });
    return measured.find(({ configuration }) => configuration.memoryMb === 128)?.environments;
  };

  it('is checked in a second environment where a cold start costs less than five warm calls', () => {
    expect(environmentsOf(200)).toBe(2);
  });

  it('is not where it costs more: a second host tells less than it costs', () => {
    expect(environmentsOf(2000)).toBe(1);
  });
});

describe('a race of a function that is compiled while it is used', () => {
  it.each([true, false])('names the size that is cheapest in the long run (known to compile: %s)', (compilesInUse) => {
    const found = Array.from({ length: 30 }, (_, seed) => {
      const played = play(compiled(), { ladders: { x86_64: [128, 256, 512, 1024] }, compilesInUse }, seed + 1);
      return played.outcome.answers[0]?.best.memoryMb;
    });
    expect(found.filter((memoryMb) => memoryMb === 256).length).toBeGreaterThanOrEqual(27);
  });

  it('makes no further calls where nothing falls', () => {
    const flat: Curve = { warmMs: ({ memoryMb }, random) => (25_600 / memoryMb) * (1 + 0.02 * normalDraw(random)) };
    const { measured } = play(flat, { ladders: { x86_64: [128, 256, 512] } });
    expect(measured.every(({ measurements }) => measurements.length < 24)).toBe(true);
  });

  it('is judged at equal ages: what is near a size that was called for longer is called on, too', () => {
    const measuredOf = (memoryMb: number, durationsMs: readonly number[]) => {
      const { configuration, measurements } = lane(memoryMb, durationsMs);
      const priced = measurements.map((call, index) => ({
        ...call,
        costUsd: (durationsMs[index - 1] ?? 500) * memoryMb * 1e-11 + 2e-7,
      }));
      return { configuration, measurements: priced, environments: 1 };
    };
    const old = Array.from({ length: 72 }, (_, index) => (index < 20 ? 60 : 20) + (index % 3));
    const young = Array.from({ length: 24 }, (_, index) => (index < 6 ? 40 : 12) + (index % 3));
    const next = search([measuredOf(128, old), measuredOf(256, young)], {
      ...defaults,
      ladders: { x86_64: [128, 256] },
      compilesInUse: true,
    });
    expect(next.kind === 'measure' && [next.phase, next.steps]).toEqual([
      'race',
      [{ configuration: x86(256), environment: 0, invocations: 12 }],
    ]);
  });
});
