import { describe, expect, it } from 'vitest';
import { percentile, percentileEstimate } from '../../src/stats/percentiles.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { sampleOf, stratifiedSample } from '../../src/stats/samples.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const sampleOfValues = (values: readonly number[]) => sampleOf(values.map((value) => ({ value, environment: 'a' })));

/** Each of an environment of its own. */
const independent = (values: readonly number[]) =>
  sampleOf(values.map((value, index) => ({ value, environment: `e${index}` })));

describe('percentiles', () => {
  it('takes the value that so many stay below, averaging at a jump', () => {
    expect(percentile(sampleOfValues([1, 2, 3, 4]), 0.5)).toBe(2.5);
    expect(percentile(sampleOfValues([1, 2, 3, 4, 5]), 0.5)).toBe(3);
    expect(percentile(sampleOfValues(upTo(25)), 0.95)).toBe(24);
    expect(percentile(sampleOfValues(upTo(20)), 0.95)).toBe(19.5);
    expect(percentile(sampleOfValues(upTo(100)), 0.99)).toBe(99.5);
  });

  it('says nothing where too few values reach beyond it', () => {
    expect(percentile([], 0.5)).toBeNull();
    expect(percentile(sampleOfValues([1]), 0.5)).toBeNull();
    expect(percentile(sampleOfValues(upTo(9)), 0.9)).toBeNull();
    expect(percentile(sampleOfValues(upTo(10)), 0.9)).toBe(9.5);
    expect(percentile(sampleOfValues(upTo(19)), 0.95)).toBeNull();
    expect(percentile(sampleOfValues(upTo(99)), 0.99)).toBeNull();
  });

  it('weighs payloads by their weight, not by how often they were called', () => {
    const observations = [
      ...[1, 1, 1, 1, 1, 1, 1, 1].map((value) => ({ value, environment: 'a', stratum: 'small' })),
      ...[100, 100].map((value) => ({ value, environment: 'a', stratum: 'large' })),
    ];
    const weights = [
      { name: 'small', weight: 1 },
      { name: 'large', weight: 3 },
    ];
    expect(percentile(sampleOf(observations), 0.5)).toBe(1);
    expect(percentile(stratifiedSample(observations, weights), 0.5)).toBe(100);
    // Two calls that stand for three quarters of the traffic are worth about 3.5 evenly weighted ones.
    expect(percentile(stratifiedSample(observations, weights), 0.75)).toBeNull();
  });

  it('bounds a percentile by order statistics, and leaves a side open that nothing bounds', () => {
    // P(the 2nd of 10 lies above the median) = 0.0107, of the 3rd 0.0547: David and Nagaraja's table.
    expect(percentileEstimate(independent(upTo(10)), 0.5, undefined)).toEqual({ estimate: 5.5, low: 2, high: 9 });
    expect(percentileEstimate(independent(upTo(20)), 0.95, undefined)).toEqual({ estimate: 19.5, low: 17, high: null });
    expect(percentileEstimate(independent(upTo(5)), 0.9, undefined)).toBeNull();
  });

  it('bounds a percentile of payloads that lie far apart by the calls of the one in which it lies', () => {
    // 60, 30 and 10 calls; p95 is the median of the ten, whose 2nd and 9th bound it to 2 · 0.0107.
    const calls = [
      ...upTo(60).map((nth) => ({ value: 50 + nth / 100, environment: `a${nth}`, stratum: 'small' })),
      ...upTo(30).map((nth) => ({ value: 100 + nth / 100, environment: `b${nth}`, stratum: 'middle' })),
      ...upTo(10).map((nth) => ({ value: 400 + nth, environment: `c${nth}`, stratum: 'large' })),
    ];
    const weights = [
      { name: 'small', weight: 6 },
      { name: 'middle', weight: 3 },
      { name: 'large', weight: 1 },
    ];
    expect(percentileEstimate(stratifiedSample(calls, weights), 0.95, undefined, 0.96)).toEqual({
      estimate: 405.5,
      low: 402,
      high: 409,
    });
    // As if of one payload: down to the middle one.
    expect(percentileEstimate(sampleOf(calls), 0.95, undefined, 0.98)?.low).toBeLessThan(101);
  });

  it('of payloads is not bounded from above by fewer than 72 calls, however few of them matter', () => {
    const calls = [
      ...upTo(54).map((nth) => ({ value: 50 + nth / 100, environment: `a${nth}`, stratum: 'small' })),
      ...upTo(6).map((nth) => ({ value: 400 + nth, environment: `c${nth}`, stratum: 'large' })),
    ];
    const weights = [
      { name: 'small', weight: 9 },
      { name: 'large', weight: 1 },
    ];
    expect(percentileEstimate(stratifiedSample(calls, weights), 0.95, undefined)?.high).toBeNull();
  });

  it('holds its 95 % whatever the distribution', () => {
    const random = seededRandom(4);
    let inside = 0;
    for (let run = 0; run < 1000; run++) {
      const estimate = percentileEstimate(
        independent(Array.from({ length: 60 }, () => -Math.log(1 - random()))),
        0.9,
        undefined,
      );
      if (estimate?.low != null && estimate.high != null && estimate.low <= Math.LN10 && Math.LN10 <= estimate.high)
        inside += 1;
    }
    expect(inside).toBeGreaterThan(940);
  });
});
