import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import {
  binomialCdf,
  incompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from '../../src/stats/quantiles.ts';

const { jStat } = jstat;

describe('quantiles', () => {
  it('knows the values printed in every table', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(studentTQuantile(0.975, 1)).toBeCloseTo(12.706204736174698, 8);
    expect(studentTQuantile(0.975, 4)).toBeCloseTo(2.7764451051977987, 10);
    expect(studentTQuantile(0.95, 30)).toBeCloseTo(1.697260886593957, 10);
    expect(studentTQuantile(0.975, 1e9)).toBeCloseTo(1.959963984540054, 8);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
  });

  it.each([1e-10, 1e-6, 0.001, 0.025, 0.2, 0.5, 0.77, 0.999])('agrees with jstat on the normal quantile of %f', (p) => {
    expect(normalQuantile(p)).toBeCloseTo(jStat.normal.inv(p, 0, 1), 7);
    expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
  });

  it.each([0.7, 1, 2.5, 7, 31.4, 250])('agrees with jstat on Student’s t with %f degrees of freedom', (df) => {
    for (const p of [0.025, 0.3, 0.6, 0.9, 0.975, 0.9995]) {
      const t = studentTQuantile(p, df);
      expect(t / jStat.studentt.inv(p, df)).toBeCloseTo(1, 5);
      expect(studentTCdf(t, df)).toBeCloseTo(p, 11);
    }
  });

  it('agrees with jstat on the binomial and the incomplete beta', () => {
    for (const [k, n, p] of [
      [3, 10, 0.5],
      [19, 20, 0.95],
      [90, 100, 0.95],
      [0, 7, 0.1],
    ] as const) {
      expect(binomialCdf(k, n, p)).toBeCloseTo(jStat.binomial.cdf(k, n, p), 10);
    }
    expect(incompleteBeta(0.3, 2.5, 4)).toBeCloseTo(jStat.beta.cdf(0.3, 2.5, 4), 10);
    expect(binomialCdf(-1, 10, 0.5)).toBe(0);
    expect(binomialCdf(10, 10, 0.5)).toBe(1);
  });

  it('refuses what is no probability and no degrees of freedom', () => {
    expect(() => normalQuantile(0)).toThrow(RangeError);
    expect(() => normalQuantile(1)).toThrow(RangeError);
    expect(() => studentTQuantile(0.9, 0)).toThrow(RangeError);
  });
});
