import { describe, expect, it } from 'vitest';
import { lookConfidences, plannedLooks } from '../../src/check/levels.ts';
import { normalQuantile } from '../../src/stats/quantiles.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../normalDraw.ts';

describe('planned looks', () => {
  it('grow by a sixth from the first to the last', () => {
    expect(plannedLooks(12, 100)).toEqual([12, 16, 20, 24, 28, 33, 39, 46, 54, 63, 74, 87, 100]);
  });

  it('leave out a last step that adds next to nothing', () => {
    expect(plannedLooks(12, 18)).toEqual([12, 18]);
  });

  it('are one look where the cap is below the first', () => {
    expect(plannedLooks(12, 5)).toEqual([5]);
  });
});

describe('confidence of each look', () => {
  it('of a single look is the plain one', () => {
    expect(lookConfidences(plannedLooks(12, 12), 0.05)[0]).toBeCloseTo(0.95, 6);
  });

  it('at the first look spends what the spending function gives it: 0.1 · 0.12^1.1', () => {
    expect(1 - (lookConfidences(plannedLooks(12, 100), 0.1)[0] ?? 0)).toBeCloseTo(0.009707, 5);
  });

  it('of all looks together keeps to alpha, by simulation of a random walk', () => {
    const looks = plannedLooks(12, 100);
    const bounds = lookConfidences(looks, 0.1).map(normalQuantile);
    const random = seededRandom(1);
    const runs = 20_000;
    let crossed = 0;
    for (let run = 0; run < runs; run++) {
      let [sum, count] = [0, 0];
      for (const [index, look] of looks.entries()) {
        sum += Math.sqrt(look - count) * normalDraw(random);
        count = look;
        if (sum / Math.sqrt(count) > (bounds[index] ?? 0)) {
          crossed += 1;
          break;
        }
      }
    }
    expect(crossed / runs).toBeGreaterThan(0.094);
    expect(crossed / runs).toBeLessThan(0.106);
  });
});
