import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { steadyPartsOf } from '../../src/analysis/steady.ts';
import { asked, laneOf } from './analyzing.ts';

/** Twelve slow calls, then twelve at the level; dealt in turn to two environments. */
const compiled = (level: number) =>
  Array.from(
    { length: 40 },
    (_, index) => level * (1 + (index < 16 ? (16 - index) / 8 : 0)) * (1 + 0.01 * (index % 3)),
  );

describe('a run whose first warm calls are slower', () => {
  const analysis = analyze({ ...asked, lanes: [laneOf(256, compiled(40)), laneOf(512, compiled(25))] });
  const [small, large] = analysis.configurations;

  it('judges rows by the later calls, and saves what all of them come to', () => {
    expect(small?.warm?.count).toBe(24);
    expect(small?.warm?.durationMs.mean).toBeCloseTo(40.4, 1);
    expect(small?.steady).toMatchObject({ reached: true, afterCalls: 8, allWarm: { count: 40 } });
    expect(small?.steady?.allWarm.meanMs).toBeCloseTo(57.5, 0);
    expect(small?.measurements).toHaveLength(40);
  });

  it('chooses by them, too', () => {
    // All calls of one lane cost alike: only the later ones tell which size is cheaper in the long run.
    expect(analysis.cheapest?.memoryMb).toBe(256);
    expect(large?.warm?.durationMs.mean).toBeCloseTo(25.25, 1);
  });

  it('says both figures once, and not the older words beside them', () => {
    const texts = analysis.warnings.filter(({ code }) => code === 'warmUp').map(({ text }) => text);
    expect(texts).toEqual([
      'The first warm calls of an environment are slower than its later ones, as where code is compiled while it is used. Rows are of the later ones: 256 MB on x86_64 (40.4 ms after the first 8 calls, 57.5 ms over all), 512 MB on x86_64 (25.3 ms after the first 8 calls, 36.0 ms over all).',
    ]);
    expect(small?.warmUp).toBeUndefined();
  });
});

it('what still falls at the end is called not steady', () => {
  const falling = Array.from({ length: 20 }, (_, index) => 100 - 3 * index);
  const { configurations, warnings } = analyze({ ...asked, lanes: [laneOf(512, falling, { environments: 1 })] });
  expect(configurations[0]?.steady).toMatchObject({ reached: false, afterCalls: 10 });
  expect(warnings.find(({ code }) => code === 'notSteady')?.text).toBe(
    'Durations still fell when the last call was made at 512 MB on x86_64: in the long run these sizes may be faster and cheaper than is shown. More calls would tell: --invocations.',
  );
});

it('failures before the steady part count for the share of errors as ever', () => {
  const failed = { outcome: 'functionError', durationMs: 5 } as const;
  const calls = [...compiled(40), failed, failed];
  const { configurations } = analyze({
    ...asked,
    maxErrorShare: 0.06,
    lanes: [laneOf(256, calls), laneOf(512, compiled(25))],
  });
  // 2 of 42: of the judged 24 alone they would be too many.
  expect(configurations[0]?.status).toBe('measured');
});

it('without a trend every warm call is judged', () => {
  const level = Array.from({ length: 20 }, (_, index) => 100 + (index % 4));
  const { configurations } = analyze({ ...asked, lanes: [laneOf(512, level)] });
  expect(configurations[0]?.warm?.count).toBe(20);
  expect(configurations[0]?.steady).toBeUndefined();
});

describe('of a runtime that compiles in use', () => {
  // One run of a recorded Java function: at 128 and 256 MB calls wait for their slice of CPU, the first as the last.
  const lanes = [
    [
      27.9, 35.2, 43.7, 59.2, 39.6, 43.4, 26.7, 64.1, 58.7, 52.1, 35.3, 43, 39.6, 28.9, 48.4, 69.6, 74, 41.7, 30.3, 34,
      51.5, 64.9, 47.2,
    ],
    [
      13, 2.7, 17.7, 21.8, 25.3, 18.1, 14.5, 14.4, 2.6, 3.1, 12.9, 25.5, 10.9, 15, 2.5, 15.4, 16.1, 2.5, 14.5, 2.6, 2.5,
      17.1, 13.5,
    ],
    [
      7.1, 3.2, 17.3, 11.8, 13.5, 4, 3.6, 9.5, 18.3, 3.4, 2.6, 3.8, 11.6, 17.6, 15.6, 3.7, 2.8, 2.4, 3.2, 2.1, 2.3, 2.6,
      2.8,
    ],
  ].map((durations, index) => laneOf(128 * 2 ** index, durations, { environments: 1 }));

  it('one size that falls by itself is seen among others that do not', () => {
    expect(steadyPartsOf(lanes, [], true)[2]).toMatchObject({ after: 11, isReached: false });
  });

  it('is not looked for where nobody expects it: sizes are asked together then', () => {
    expect(steadyPartsOf(lanes)).toEqual([undefined, undefined, undefined]);
  });
});
