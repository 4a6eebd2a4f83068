import { describe, expect, it } from 'vitest';
import { commonVariance } from '../../src/search/believedScatter.ts';
import type { SizeEstimate } from '../../src/search/estimate.ts';
import { efforts } from '../../src/search/options.ts';
import { raceLap } from '../../src/search/race.ts';
import { defaults, x86 } from './simulated.ts';

const cvOf = (cv: number, freedom: number, told?: number) =>
  Math.sqrt(
    commonVariance(
      [{ squares: freedom * cv ** 2, freedom }],
      told === undefined ? undefined : { memoryMb: 512, architecture: 'x86_64', durationMs: 100, cv: told },
    ),
  );

describe('how calls scatter, from all sizes together', () => {
  it('is taken for quiet after a climb that was quiet', () => {
    expect(cvOf(0.01, 12)).toBeLessThan(0.03);
    expect(cvOf(0.01, 12)).toBeGreaterThanOrEqual(0.015);
  });

  it('is not believed of two calls that are alike by chance', () => {
    expect(cvOf(0.001, 1)).toBeGreaterThan(0.05);
  });

  it('follows the calls where there are many, and is at most what production told before there are any', () => {
    expect(cvOf(0.35, 200)).toBeCloseTo(0.35, 1);
    expect(cvOf(0, 0, 0.04)).toBeLessThan(cvOf(0, 0));
    expect(cvOf(0, 0, 0.5)).toBe(cvOf(0, 0));
  });
});

describe('a lap of the race', () => {
  const size = (memoryMb: number, count: number, centre: number, callUsd = centre): SizeEstimate => ({
    configuration: x86(memoryMb),
    count,
    centre,
    error: 0.15 / Math.sqrt(count),
    callUsd,
    coldRatio: 1,
  });
  const called = (...estimates: readonly SizeEstimate[]) =>
    (raceLap(estimates, [], defaults, efforts.default)?.wanted ?? []).map(
      ({ configuration }) => configuration.memoryMb,
    );

  it('leaves out the best where it is known far better than what it is compared with', () => {
    expect(called(size(256, 40, 1), size(512, 4, 1.02))).toEqual([512]);
  });

  it('calls both where they are known alike, and the best alone where it is known far worse', () => {
    expect(called(size(256, 8, 1), size(512, 8, 1.02))).toEqual([512, 256]);
    expect(called(size(256, 4, 1), size(512, 40, 1.02))).toEqual([256]);
  });

  it('puts off what is as well known and costs three times as much a call', () => {
    expect(called(size(256, 8, 1), size(1024, 8, 1.02, 3))).toEqual([256]);
  });

  it('ends where nothing promises more than the effort asks for', () => {
    expect(called(size(256, 60, 1), size(512, 60, 1.1))).toEqual([]);
  });
});
