import fc from 'fast-check';
import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../bench/simulation.ts';
import { mean, median, squaredDeviations } from '../../src/stats/moments.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { type Sample, sampleOf, stratifiedSample } from '../../src/stats/samples.ts';
import { hostsDiffer, runSpread, type Spread } from '../../src/stats/spread.ts';
import { meanEstimate, ratioEstimate } from '../../src/stats/statistics.ts';

/** Without anything believed beforehand: intervals are then the textbook's. */
const plain: Spread = {
  withinVariance: 0,
  withinWeight: 0,
  tailSecond: 0,
  tailThird: 0,
  betweenVariance: 0,
  betweenDf: 1,
};

const oneEnvironment = (values: readonly number[]): Sample =>
  sampleOf(values.map((value) => ({ value, environment: 'a' })));
const perEnvironment = (...clusters: readonly (readonly number[])[]): Sample =>
  sampleOf(clusters.flatMap((values, index) => values.map((value) => ({ value, environment: `e${index}` }))));

describe('moments', () => {
  it('agree with jstat', () => {
    const values = [3.1, 4.1, 5.9, 2.6, 5.3, 5.8];
    expect(mean(values)).toBeCloseTo(jstat.jStat.mean(values), 12);
    expect(squaredDeviations(values) / (values.length - 1)).toBeCloseTo(jstat.jStat.variance(values, true), 12);
    expect(median(values)).toBeCloseTo(jstat.jStat.median(values), 12);
  });
});

describe('the interval of a mean', () => {
  it('is Student’s where values are symmetric and nothing is believed beforehand', () => {
    // Mean 10, standard deviation √2.5, t(4, 0.975) = 2.7764.
    const estimate = meanEstimate(oneEnvironment([8, 9, 10, 11, 12]), plain);
    expect(estimate?.mean).toBe(10);
    expect(estimate?.low).toBeCloseTo(10 - 1.9632, 3);
    expect(estimate?.high).toBeCloseTo(10 + 1.9632, 3);
  });

  it('reaches further up than down where values are skewed to the right', () => {
    const estimate = meanEstimate(oneEnvironment([1, 1, 1.1, 1.2, 1.4, 2.8]), plain);
    if (estimate === undefined) throw new Error('no estimate');
    expect(estimate.high - estimate.mean).toBeGreaterThan(1.5 * (estimate.mean - estimate.low));
  });

  it('widens with fewer environments, however many samples there are', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 + (index % 5));
    const spread: Spread = { ...plain, betweenVariance: 0.03 ** 2, betweenDf: 1e9 };
    const one = meanEstimate(oneEnvironment(values), spread);
    const four = meanEstimate(
      perEnvironment(...[0, 1, 2, 3].map((part) => values.slice(25 * part, 25 * part + 25))),
      spread,
    );
    // 1.96 × 3 % of 102, the second ÷ √4; the part within adds a little.
    expect((one?.high ?? 0) - (one?.mean ?? 0)).toBeCloseTo(6.0, 1);
    expect((four?.high ?? 0) - (four?.mean ?? 0)).toBeCloseTo(3.0, 1);
    expect(one?.betweenShare).toBeGreaterThan(0.98);
  });

  it('combines payloads by weight, and counts an environment that served all of them once', () => {
    const observations = [10, 10, 10, 10].flatMap((value, index) => [
      { value, environment: `e${index % 2}`, stratum: 'small' },
      { value: value * 9, environment: `e${index % 2}`, stratum: 'large' },
    ]);
    const sample = stratifiedSample(observations, [
      { name: 'small', weight: 3 },
      { name: 'large', weight: 1 },
    ]);
    const spread: Spread = { ...plain, betweenVariance: 0.04, betweenDf: 1e9 };
    const estimate = meanEstimate(sample, spread);
    // 0.75 × 10 + 0.25 × 90; the values are constant, so 20 % ÷ √2 of it is all there is.
    expect(estimate?.mean).toBe(30);
    expect(estimate?.standardError).toBeCloseTo((30 * 0.2) / Math.SQRT2, 10);
    expect(estimate).toMatchObject({ count: 8, environments: 2 });
  });

  it('does not claim to know exactly what it saw twice', () => {
    const samples = [oneEnvironment([100, 100, 100, 100])];
    const estimate = meanEstimate(samples[0] ?? [], runSpread(samples));
    expect(estimate?.low).toBeLessThan(99);
    expect(estimate?.high).toBeGreaterThan(101);
  });

  it('is nothing without values', () => {
    expect(meanEstimate([], plain)).toBeUndefined();
    expect(ratioEstimate([], oneEnvironment([1]), plain)).toBeUndefined();
  });

  it('is finite, ordered and scales with the unit for any values', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (groups, environments) => {
          const samplesAt = (unit: number) =>
            groups.map((group) =>
              sampleOf(group.map((value, index) => ({ value: value * unit, environment: `e${index % environments}` }))),
            );
          const estimateAt = (unit: number) => {
            const samples = samplesAt(unit);
            return meanEstimate(samples[0] ?? [], runSpread(samples));
          };
          const estimate = estimateAt(1);
          const inMillions = estimateAt(1e-6);
          if (estimate === undefined || inMillions === undefined) throw new Error('no estimate');
          for (const figure of Object.values(estimate)) expect(Number.isFinite(figure)).toBe(true);
          expect(estimate.low).toBeLessThanOrEqual(estimate.mean);
          expect(estimate.high).toBeGreaterThanOrEqual(estimate.mean);
          expect((inMillions.high * 1e6) / estimate.high).toBeCloseTo(1, 6);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('the ratio of two means', () => {
  it('is the same whichever way round', () => {
    const one = perEnvironment([10, 11, 12], [11, 12, 13]);
    const other = perEnvironment([20, 25, 22], [21, 24, 20]);
    const spread = runSpread([one, other]);
    const there = ratioEstimate(one, other, spread);
    const back = ratioEstimate(other, one, spread);
    if (there === undefined || back === undefined) throw new Error('no ratio');
    expect(there.ratio * back.ratio).toBeCloseTo(1, 12);
    expect(there.low * back.high).toBeCloseTo(1, 12);
    expect(there.high).toBeLessThan(1);
  });

  it('is unknown where a mean is 0', () => {
    expect(ratioEstimate(oneEnvironment([0, 0]), oneEnvironment([1, 2]), plain)).toBeUndefined();
  });
});

describe('the spread of a run', () => {
  it('is what was believed while every configuration has one environment', () => {
    const spread = runSpread([oneEnvironment([10, 11, 12]), oneEnvironment([20, 21])]);
    expect(spread.betweenVariance).toBe(hostsDiffer.betweenCv ** 2);
    expect(spread.betweenDf).toBe(hostsDiffer.betweenDf);
  });

  it('learns from environments that differ, and from ones that do not', () => {
    const learnt = (spread: number) => {
      const samples = simulate(
        { shape: 'normal 0.1', count: 80, environments: 4, spread, means: [1, 2, 3, 4, 5, 6] },
        seededRandom(9),
      );
      return Math.sqrt(runSpread(samples).betweenVariance);
    };
    expect(learnt(0.08)).toBeGreaterThan(0.055);
    expect(learnt(0.08)).toBeLessThan(0.11);
    // What is believed before anything is seen is 3 %, and stays a part of it.
    expect(learnt(0)).toBeLessThan(0.022);
  });

  it('keeps its belief where values scatter too much to tell environments apart', () => {
    const samples = simulate(
      { shape: 'lognormal 1.5', count: 8, environments: 2, spread: 0, means: [1, 1] },
      seededRandom(9),
    );
    const { betweenVariance, betweenDf } = runSpread(samples);
    expect(Math.sqrt(betweenVariance)).toBeGreaterThan(0.015);
    expect(Math.sqrt(betweenVariance)).toBeLessThan(0.08);
    expect(betweenDf).toBeLessThan(5);
  });

  it('does not let one noisy configuration blur quiet ones', () => {
    const quiet = [100, 101, 100, 99, 100, 101, 99, 100];
    const noisy = [50, 150, 80, 130, 60, 140, 90, 100];
    const { withinVariance } = runSpread([quiet, quiet, quiet, noisy].map(oneEnvironment));
    expect(Math.sqrt(withinVariance)).toBeLessThan(0.06);
  });

  it('knows of rare slow calls at a size that happened to have none', () => {
    const quiet = Array.from({ length: 20 }, (_, index) => 100 + (index % 3));
    const struck = [...quiet.slice(1), 1000];
    const alone = meanEstimate(oneEnvironment(quiet), runSpread([oneEnvironment(quiet)]));
    const together = meanEstimate(oneEnvironment(quiet), runSpread([quiet, struck].map(oneEnvironment)));
    expect((together?.high ?? 0) - 100).toBeGreaterThan(2 * ((alone?.high ?? 0) - 100));
  });
});
