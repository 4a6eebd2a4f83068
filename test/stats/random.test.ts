import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

describe('random', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    const draws = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
  });

  it('draws evenly between 0 and 1', () => {
    const random = seededRandom(1);
    const bins = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw++) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(bins).toHaveLength(10);
    expect(Math.min(...bins)).toBeGreaterThan(850);
    expect(Math.max(...bins)).toBeLessThan(1150);
  });

  it('draws standard normal numbers', () => {
    const random = seededRandom(2);
    const draws = Array.from({ length: 10_000 }, () => normalDraw(random));
    expect(draws.filter((draw) => Math.abs(draw) < 1.96).length / 10_000).toBeCloseTo(0.95, 2);
    expect(draws.filter((draw) => draw > 0).length / 10_000).toBeCloseTo(0.5, 1);
  });

  it('shuffles without losing anything, each order as often as the others', () => {
    const random = seededRandom(3);
    const orders = new Map<string, number>();
    for (let round = 0; round < 6000; round++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    expect(Math.min(...orders.values())).toBeGreaterThan(850);
  });
});
