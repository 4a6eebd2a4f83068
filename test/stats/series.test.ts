import { describe, expect, it } from 'vitest';
import { shapeNames, shapes } from '../../bench/simulation.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { odditiesOf } from '../../src/stats/series.ts';
import { normalDraw } from '../normalDraw.ts';

const clustersOf = (environments: number, count: number, value: (index: number) => number) =>
  Array.from({ length: environments }, (_, environment) => ({
    environment: `e${environment}`,
    values: Array.from({ length: count }, (_, index) => value(index)),
  }));
const kinds = (clusters: Parameters<typeof odditiesOf>[0]) => odditiesOf(clusters).map(({ kind }) => kind);

describe('oddities', () => {
  it('sees a drift of 10 %', () => {
    const random = seededRandom(1);
    const oddities = odditiesOf(
      clustersOf(2, 15, (index) => 100 * (1 + 0.1 * (index / 14)) * (1 + 0.01 * normalDraw(random))),
    );
    expect(oddities.map(({ kind }) => kind)).toContain('drift');
  });

  it('does not take different environments for a drift', () => {
    const random = seededRandom(2);
    const [first, second] = [100, 120].map((level) => ({
      environment: `at ${level}`,
      values: Array.from({ length: 15 }, () => level * (1 + 0.01 * normalDraw(random))),
    }));
    expect(kinds([first, second].filter((cluster) => cluster !== undefined))).not.toContain('drift');
  });

  it('sees neighbours that are alike', () => {
    const random = seededRandom(3);
    let level = 0;
    const clusters = clustersOf(1, 60, () => {
      level = 0.8 * level + normalDraw(random);
      return 100 + level;
    });
    expect(kinds(clusters)).toContain('autocorrelation');
  });

  it('sees slow first calls', () => {
    const random = seededRandom(4);
    expect(kinds(clustersOf(2, 10, (index) => (index < 3 ? 200 : 100) * (1 + 0.02 * normalDraw(random))))).toContain(
      'warmUp',
    );
  });

  it('sees two speed classes and says which', () => {
    const random = seededRandom(5);
    const oddities = odditiesOf(clustersOf(2, 20, () => (random() < 0.3 ? 150 : 100) + normalDraw(random)));
    const bimodal = oddities.find(({ kind }) => kind === 'bimodal');
    expect(bimodal).toMatchObject({ kind: 'bimodal' });
    if (bimodal?.kind !== 'bimodal') throw new Error('not bimodal');
    expect(bimodal.low).toBeCloseTo(100, -1);
    expect(bimodal.high).toBeCloseTo(150, -1);
  });

  it('sees rare calls that make up a tenth of the mean', () => {
    const values = [...Array.from({ length: 19 }, () => 100), 1000];
    // (1000 − 100) ÷ 20 = 45 of a mean of 145.
    expect(odditiesOf([{ environment: 'a', values }])).toContainEqual({
      kind: 'heavyTail',
      shareOfCalls: 0.05,
      shareOfMean: 45 / 145,
      // (1.96 ÷ 0.05)² × 201.2² ÷ 145².
      calls: 2960,
    });
  });

  it.each(shapeNames)('rarely sees order or classes where there are none: %s', (shape) => {
    const random = seededRandom(6);
    let wrong = 0;
    for (let run = 0; run < 400; run++) {
      const found = kinds(clustersOf(2, 15, () => shapes[shape](random))).filter((kind) => kind !== 'heavyTail');
      wrong += found.some((kind) => kind !== 'bimodal' || shape !== 'bimodal') ? 1 : 0;
    }
    expect(wrong / 400).toBeLessThan(0.12);
  });

  it('says nothing of constant, single or no values', () => {
    expect(odditiesOf([])).toEqual([]);
    expect(odditiesOf([{ environment: 'a', values: [5] }])).toEqual([]);
    expect(odditiesOf(clustersOf(2, 20, () => 5))).toEqual([]);
  });
});
