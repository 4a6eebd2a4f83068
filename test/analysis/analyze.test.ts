import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import type { MeasuredLane } from '../../src/analysis/measuredLane.ts';
import { tuningResultSchema } from '../../src/model/run.ts';
import { seededRandom, shuffled } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';
import { around, asked, type Call, laneOf } from './analyzing.ts';

const thrown: Call = { outcome: 'functionError', errorType: 'Error', errorMessage: 'boom', durationMs: 2 };
const oom: Call = { outcome: 'outOfMemory', maxMemoryUsedMb: 128 };
const unreported: Call = { outcome: 'unreported', reason: 'no REPORT after 60 s' };
const cold = (durationMs: number): Call => ({ durationMs, start: 'cold', initDurationMs: 250 });
const rowOf = (lane: MeasuredLane, more: Partial<typeof asked> = {}) => {
  const row = analyze({ ...asked, ...more, lanes: [lane] }).configurations[0];
  if (row === undefined) throw new Error('no row');
  return row;
};

describe('a row', () => {
  it('keeps cold and warm apart, and every measurement', () => {
    const row = rowOf(laneOf(1024, [cold(900), cold(1100), ...around(100, 10)]));
    expect(row).toMatchObject({ memoryMb: 1024, architecture: 'x86_64', status: 'measured' });
    expect(row.warm).toMatchObject({ count: 10, environments: 2, maxMemoryUsedMb: 60 });
    expect(row.warm?.durationMs).toEqual({
      mean: 100,
      p50: 100,
      p90: 102,
      p95: null,
      p99: null,
      min: 98,
      max: 102,
      // Order statistics (98 and 102, 101) and what two environments may add. Of ten values none lies above nine in ten of all.
      intervals: {
        p50: { low: expect.closeTo(94.3, 0), high: expect.closeTo(106, 0) },
        p90: { low: expect.closeTo(96.5, 0), high: null },
      },
    });
    expect(row.warm?.initDurationMs).toBeUndefined();
    expect(row.cold?.durationMs.mean).toBe(1000);
    expect(row.cold?.initDurationMs).toMatchObject({ mean: 250, p95: null });
    expect(row.measurements).toHaveLength(12);
  });

  it('takes means of costs, with an interval around them', () => {
    const row = rowOf(laneOf(1024, [100, 100, 100, 300, 100, 100]));
    // 1 GB at one cent per second.
    expect(row.warm?.costUsd.mean).toBeCloseTo((0.01 * 800) / 6 / 1000, 12);
    expect(row.warm?.costUsd.low).toBeLessThan(row.warm?.costUsd.mean ?? 0);
    expect(row.warm?.costUsd.high).toBeGreaterThan(row.warm?.costUsd.mean ?? 0);
  });

  it('leaves the interval of a single sample open, and says so', () => {
    const { configurations, warnings } = analyze({ ...asked, lanes: [laneOf(512, [100])] });
    expect(configurations[0]?.warm?.costUsd).toEqual({ mean: 0.0005, low: 0.0005, high: 0.0005 });
    expect(warnings.map(({ code }) => code)).toContain('oneSample');
  });

  it('counts failures but keeps them out of durations and costs', () => {
    const row = rowOf(laneOf(512, [...around(100, 19), thrown]));
    expect(row.status).toBe('measured');
    expect(row.failures).toEqual({ functionError: 1, timedOut: 0, outOfMemory: 0, unreported: 0 });
    expect(row.warm?.count).toBe(19);
    expect(row.warm?.durationMs.min).toBe(98);
  });

  it('is disqualified above the error share, and keeps its figures', () => {
    const row = rowOf(laneOf(512, [...around(100, 16), thrown, thrown, thrown, thrown]));
    expect(row).toMatchObject({ status: 'disqualified', reason: '20 % of the calls failed: Error: boom' });
    expect(row.warm?.count).toBe(16);
    expect(rowOf(laneOf(512, [...around(100, 18), thrown, thrown])).status).toBe('measured');
    expect(
      rowOf(laneOf(512, [...around(100, 16), thrown, thrown, thrown, thrown]), { maxErrorShare: 0.2 }).status,
    ).toBe('measured');
  });

  it('is infeasible when nothing succeeded for lack of memory, disqualified when the code just fails', () => {
    expect(rowOf(laneOf(128, [oom, oom, oom]))).toMatchObject({
      status: 'infeasible',
      reason: 'out of memory at 128 MB',
    });
    expect(rowOf(laneOf(128, [thrown, thrown]))).toMatchObject({
      status: 'disqualified',
      reason: 'every call failed: Error: boom',
    });
  });

  it('is unmeasured when nothing is known of it, with the reason', () => {
    expect(rowOf(laneOf(128, []))).toMatchObject({ status: 'unmeasured', reason: 'it was not called' });
    expect(rowOf(laneOf(128, [unreported, unreported]))).toMatchObject({
      status: 'unmeasured',
      reason: 'no REPORT was found for any of 2 calls',
      failures: { unreported: 2 },
    });
    expect(
      rowOf({ ...laneOf(128, []), stopped: { kind: 'unmeasured', reason: 'the spend cap was reached' } }),
    ).toMatchObject({
      status: 'unmeasured',
      reason: 'the spend cap was reached',
    });
    expect(
      rowOf({ ...laneOf(128, []), stopped: { kind: 'infeasible', reason: 'refused by the account' } }).status,
    ).toBe('infeasible');
  });

  it('is measured by what came before it was stopped', () => {
    const row = rowOf({ ...laneOf(128, around(100, 7)), stopped: { kind: 'unmeasured', reason: 'interrupted' } });
    expect(row).toMatchObject({ status: 'measured', reason: 'interrupted', warm: { count: 7 } });
  });
});

describe('weighted payloads', () => {
  const payloads = [
    { name: 'small', weight: 9 },
    { name: 'large', weight: 1 },
  ];
  const small = (durationMs: number): Call => ({ durationMs, payload: 'small' });
  const large = (durationMs: number): Call => ({ durationMs, payload: 'large' });

  it('are combined by weight, however often each was called', () => {
    const row = rowOf(laneOf(1024, [small(100), small(100), large(1100), large(1100)]), { payloads });
    expect(row.warm?.durationMs.mean).toBeCloseTo(200, 10);
    expect(row.warm?.costUsd.mean).toBeCloseTo(0.002, 12);
  });

  it('disqualify a size that never answers one of them', () => {
    const failing: Call = { outcome: 'timedOut', durationMs: 3000, payload: 'large' };
    const row = rowOf(laneOf(128, [...Array.from({ length: 30 }, () => small(100)), failing]), { payloads });
    expect(row).toMatchObject({ status: 'disqualified', reason: 'payload large never succeeded: timed out' });
  });

  it('are left out of every comparison when one size was not called with them, and that is said', () => {
    const complete = laneOf(512, [small(100), small(102), small(98), small(100), large(2000), large(2000)]);
    const partial = laneOf(1024, [small(80), small(82), small(78), small(80)]);
    const { cheapest, warnings } = analyze({ ...asked, payloads, lanes: [complete, partial] });
    expect(cheapest).toMatchObject({ memoryMb: 512 });
    expect(warnings.find(({ code }) => code === 'payloadMissing')?.text).toContain(
      'payload large succeeded at 1,024 MB on x86_64',
    );
  });
});

describe('candidates', () => {
  it('are never disqualified, infeasible or projected rows', () => {
    const { cheapest, fastest, balanced } = analyze({
      ...asked,
      lanes: [laneOf(512, around(100)), laneOf(128, [10, thrown]), laneOf(256, [oom])],
      projected: [{ memoryMb: 512, architecture: 'arm64' }],
    });
    for (const choice of [cheapest, fastest, balanced]) {
      expect(choice).toEqual({ memoryMb: 512, architecture: 'x86_64', tiedWith: [] });
    }
  });

  it('with cold calls only are not compared with warm ones', () => {
    const lanes = [laneOf(512, around(100)), laneOf(128, [cold(10), cold(10)])];
    const { cheapest, configurations, warnings } = analyze({ ...asked, lanes });
    expect(configurations[1]).toMatchObject({ status: 'measured', cold: { count: 2 } });
    expect(cheapest).toMatchObject({ memoryMb: 512, tiedWith: [] });
    expect(warnings.map(({ code }) => code)).toContain('warmMissing');
  });

  it('are compared by their cold calls when nobody has a warm one', () => {
    const lanes = [laneOf(512, [cold(1000), cold(1010)]), laneOf(2048, [cold(900), cold(890)])];
    const { cheapest, fastest, warnings } = analyze({ ...asked, lanes });
    expect(cheapest).toMatchObject({ memoryMb: 512 });
    expect(fastest).not.toBeNull();
    expect(warnings.map(({ code }) => code)).toContain('coldOnly');
  });
});

describe('what configurations are compared by', () => {
  const both = laneOf(1024, [cold(900), cold(1100), ...around(100, 10)]);
  const coldAlone = laneOf(512, [cold(900), cold(1100)]);

  it('is saved: warm calls, cold ones where there are no others, or the mixture that was asked for', () => {
    expect(analyze({ ...asked, lanes: [both, coldAlone] }).comparedBy).toEqual({ start: 'warm' });
    expect(analyze({ ...asked, lanes: [coldAlone] }).comparedBy).toEqual({ start: 'cold' });
    expect(analyze({ ...asked, coldShare: 0.2, lanes: [both] }).comparedBy).toEqual({ start: 'warm', coldShare: 0.2 });
  });

  it('is not said where nothing was measured', () => {
    expect(analyze({ ...asked, lanes: [laneOf(1024, [unreported])] }).comparedBy).toBeUndefined();
    expect(analyze({ ...asked, lanes: [] }).comparedBy).toBeUndefined();
  });
});

describe('projected rows', () => {
  it('charge the durations measured here at the other architecture’s price', () => {
    const { configurations } = analyze({
      ...asked,
      lanes: [laneOf(1024, around(100))],
      projected: [{ memoryMb: 1024, architecture: 'arm64' }],
    });
    expect(configurations[1]).toMatchObject({
      memoryMb: 1024,
      architecture: 'arm64',
      status: 'projected',
      reason: 'price only: the duration measured on x86_64 is assumed',
      projected: { durationMs: 100 },
      measurements: [],
    });
    expect(configurations[1]).not.toHaveProperty('warm');
    expect(configurations[1]?.projected?.costUsd.mean).toBeCloseTo(
      0.8 * (configurations[0]?.warm?.costUsd.mean ?? 0),
      12,
    );
  });

  it('are unmeasured where there is nothing to project from', () => {
    const { configurations } = analyze({
      ...asked,
      lanes: [laneOf(128, [oom])],
      projected: [{ memoryMb: 128, architecture: 'arm64' }],
    });
    expect(configurations[1]).toMatchObject({
      status: 'unmeasured',
      reason: 'no warm invocation was measured at 128 MB to project the price from',
    });
  });
});

describe('warnings', () => {
  const codes = (...lanes: readonly MeasuredLane[]) => analyze({ ...asked, lanes }).warnings.map(({ code }) => code);

  it('are none for a clean run', () => {
    const random = seededRandom(1);
    const lanes = [512, 1024].map((memoryMb) =>
      laneOf(
        memoryMb,
        Array.from({ length: 20 }, () => 100 * (1 + 0.03 * normalDraw(random))),
      ),
    );
    expect(codes(...lanes)).toEqual([]);
  });

  it('name a single environment, but not on one machine where there are no hosts to differ', () => {
    const lane = laneOf(512, around(100), { environments: 1 });
    const emulation = { architectures: ['x86_64'], cpu: 'cgroup', cores: 2 } as const;
    expect(codes(lane)).toContain('singleEnvironment');
    expect(analyze({ ...asked, lanes: [lane], emulation }).warnings).toEqual([]);
  });

  it('suspect a store of answers when only the very first call took long', () => {
    const remembered = laneOf(512, [cold(2000), cold(40), ...around(30, 10)]);
    const lazy = laneOf(512, [cold(2000), cold(1900), ...around(30, 10)]);
    expect(codes(remembered)).toContain('idempotency');
    expect(codes(lazy)).not.toContain('idempotency');
    expect(codes(laneOf(512, [cold(2000), ...around(30, 10)], { environments: 1 }))).not.toContain('idempotency');
  });

  it('count calls without a REPORT, and say that failures are in no figure', () => {
    const { warnings } = analyze({ ...asked, lanes: [laneOf(512, [...around(100, 18), unreported, thrown])] });
    expect(warnings.find(({ code }) => code === 'unreported')?.text).toContain('1 of 20 calls');
    expect(warnings.map(({ code }) => code)).toContain('failuresLeftOut');
  });

  it('gather all sizes of a kind in the order of the table, whichever was measured first, and shorten the list', () => {
    const lanes = [2048, 128, 4096, 256, 512, 1024, 3008, 1769].map((memoryMb) => laneOf(memoryMb, [100]));
    const found = analyze({ ...asked, lanes }).warnings.filter(({ code }) => code === 'oneSample');
    expect(found).toHaveLength(1);
    expect(found[0]?.text).toContain('2,048 MB on x86_64 and 2 more');
  });
});

describe('for any measurements', () => {
  const call = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0.5, max: 5000, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: 0.5, max: 5000, noNaN: true }).map(cold) },
    { weight: 1, arbitrary: fc.constantFrom(thrown, oom, unreported) },
  );
  const sizes = fc.uniqueArray(fc.constantFrom(128, 256, 512, 1024, 1769, 3008), { minLength: 1 });
  const lanes = sizes.chain((memoryMbs) =>
    fc
      .tuple(...memoryMbs.map(() => fc.array(call, { maxLength: 8 })))
      .map((calls) => memoryMbs.map((memoryMb, index) => laneOf(memoryMb, calls[index] ?? []))),
  );

  it('there is no NaN, nothing infinite, and intervals hold their mean', () => {
    fc.assert(
      fc.property(lanes, (given) => {
        const projected = given.map(({ configuration }) => ({ ...configuration, architecture: 'arm64' as const }));
        const analysis = analyze({ ...asked, lanes: given, projected });
        // The schema of the saved run refuses NaN, infinities and negative figures, too.
        tuningResultSchema.shape.configurations.parse(analysis.configurations);
        tuningResultSchema.shape.cheapest.parse(analysis.cheapest);
        JSON.stringify(analysis, (_key, value: unknown) => {
          // There are thousands of them.
          if (typeof value === 'number' && !(value >= 0 && value < Number.POSITIVE_INFINITY))
            throw new Error(`${value}`);
          return value;
        });
        for (const row of analysis.configurations) {
          if (row.projected) expect(Object.keys(row.projected.costUsd)).toEqual(['mean']);
          for (const interval of [row.warm?.costUsd, row.cold?.costUsd]) {
            if (interval === undefined) continue;
            expect(interval.low).toBeLessThanOrEqual(interval.mean);
            expect(interval.high).toBeGreaterThanOrEqual(interval.mean);
          }
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('the order in which they come does not matter', () => {
    fc.assert(
      fc.property(lanes, fc.integer(), (given, seed) => {
        const random = seededRandom(seed);
        const mixed = shuffled(given, random).map((lane) => ({
          ...lane,
          measurements: shuffled(lane.measurements, random),
        }));
        const one = analyze({ ...asked, lanes: given });
        const other = analyze({ ...asked, lanes: mixed });
        const choices = ({ cheapest, fastest, balanced }: typeof one) => ({ cheapest, fastest, balanced });
        expect(choices(other)).toEqual(choices(one));
        for (const row of one.configurations) {
          const twin = other.configurations.find(({ memoryMb }) => memoryMb === row.memoryMb);
          expect(twin?.status).toBe(row.status);
          expect(twin?.reason).toBe(row.reason);
          expect(twin?.warm?.costUsd.high ?? 0).toBeCloseTo(row.warm?.costUsd.high ?? 0, 9);
        }
      }),
      { seed: 2, numRuns: 150 },
    );
  });

  it('a size that is both dearer and slower than the cheapest never changes which is cheapest', () => {
    fc.assert(
      fc.property(lanes, (given) => {
        const before = analyze({ ...asked, lanes: given }).cheapest;
        const slowest = Math.max(
          0,
          ...given.flatMap(({ measurements }) => measurements.map((one) => ('durationMs' in one ? one.durationMs : 0))),
        );
        const dominated = laneOf(10_240, around(slowest * 2 + 10, 6));
        const after = analyze({ ...asked, lanes: [...given, dominated] }).cheapest;
        if (
          before === null ||
          given.every(
            ({ measurements }) =>
              !measurements.some(({ start, outcome }) => start === 'warm' && outcome === 'succeeded'),
          )
        )
          return;
        expect(after).toMatchObject({ memoryMb: before.memoryMb, architecture: before.architecture });
      }),
      { seed: 3, numRuns: 150 },
    );
  });
});

describe('by simulation', () => {
  it('two sizes of equal cost are called tied, one 30 % dearer is not', () => {
    const random = seededRandom(21);
    let apart = 0;
    let missed = 0;
    const runs = 150;
    for (let run = 0; run < runs; run++) {
      const lane = (memoryMb: number, level: number) => {
        const hosts = [1 + 0.03 * normalDraw(random), 1 + 0.03 * normalDraw(random)];
        return laneOf(
          memoryMb,
          Array.from({ length: 20 }, (_, index) => level * (hosts[index % 2] ?? 1) * (1 + 0.05 * normalDraw(random))),
        );
      };
      const { cheapest } = analyze({
        ...asked,
        lanes: [lane(512, 2000), lane(1024, 1000), lane(2048, 650), lane(4096, 600)],
      });
      const named = [cheapest, ...(cheapest?.tiedWith ?? [])].map((one) => one?.memoryMb);
      if (!named.includes(512) || !named.includes(1024)) apart += 1;
      if (named.includes(2048)) missed += 1;
    }
    expect(apart / runs).toBeLessThan(0.07);
    expect(missed / runs).toBeLessThan(0.05);
  });
});
