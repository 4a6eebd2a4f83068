import { describe, expect, it } from 'vitest';
import { baselineSize, betterSize, expectedHostCv, missingToBaseline } from '../../src/check/baselineSize.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';
import { normal, play, shares, succeeded } from './simulated.ts';

const options: GateOptions = {
  ...checkDefaults,
  memoryMb: 512,
  fixedBaseline: { runCv: 0.015, runDf: 1000, runs: 1 },
};

/** A baseline whose calls scatter by `cv` on hosts that differ by `spread`. */
function measured(samples: number, environments: number, cv: number, spread: number, seed: number): Measurement[] {
  const random = seededRandom(seed * 31 + 7);
  const hosts = Array.from({ length: environments }, () => Math.exp(spread * normalDraw(random)));
  return Array.from({ length: samples }, (_, index) =>
    succeeded(normal(cv)(random) * (hosts[index % environments] ?? 1), `b${index % environments}`),
  );
}

describe('the size of a baseline', () => {
  it('has at least the environments that a check opens, and more where hosts differ or the limit is tight', () => {
    expect(baselineSize(options, expectedHostCv.local)).toEqual({ samples: 50, environments: 8 });
    expect(baselineSize(options, expectedHostCv.aws)).toEqual({ samples: 100, environments: 32 });
    const wide = { ...options, limits: { cost: { max: 0.2 } } };
    expect(baselineSize(wide, expectedHostCv.aws)).toEqual({ samples: 50, environments: 4 });
    const tight = { ...options, limits: { cost: { max: 0.03 } } };
    expect(baselineSize(tight, expectedHostCv.aws)).toEqual({ samples: 300, environments: 32 });
  });

  it('lets an unchanged function pass in most runs on hosts that differ by 3 %, as a sweep of twenty calls does not', () => {
    const one = { costUsd: normal(0.05), spread: 0.03 };
    const passed = (samples: number, environments: number) =>
      shares((seed) => play(one, one, seed, options, measured(samples, environments, 0.05, 0.03, seed)), 120).passed;
    expect(passed(100, 32)).toBeGreaterThan(0.75);
    expect(passed(20, 2)).toBeLessThan(0.65);
  });

  it('is refused below two environments, however little the calls scatter', () => {
    expect(betterSize(measured(100, 1, 0.01, 0, 1), options)).toEqual({ samples: 100, environments: 4 });
  });

  it('names a larger one where that would decide, and none where the function itself scatters too much', () => {
    expect(betterSize(measured(100, 16, 0.05, 0.01, 1), options)).toBeUndefined();
    expect(betterSize(measured(20, 2, 0.15, 0.01, 3), options)?.samples).toBeGreaterThanOrEqual(50);
    expect(betterSize(measured(40, 4, 1, 0.01, 1), options)).toBeUndefined();
  });

  it('is not judged by budgets and by limits of failures, which no baseline decides', () => {
    const limits = { cost: { max: 0.05 }, p95Ms: { max: 100.5 }, errors: { max: 0 }, memoryHeadroom: { min: 0.99 } };
    expect(betterSize(measured(100, 16, 0.02, 0.01, 1), { ...options, limits })).toBeUndefined();
  });

  it('grows to its plan first, then as long as more calls help', () => {
    const least = { samples: 50, environments: 8 };
    expect(missingToBaseline(measured(20, 4, 0.02, 0.01, 1), least, options)).toEqual(least);
    expect(missingToBaseline(measured(50, 8, 0.02, 0.01, 1), least, options)).toBeUndefined();
    expect(missingToBaseline(measured(50, 8, 0.15, 0.01, 2), least, options)?.samples).toBeGreaterThan(50);
  });
});
