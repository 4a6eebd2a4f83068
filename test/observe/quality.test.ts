import { describe, expect, it } from 'vitest';
import { heldMonth } from '../../bench/observe/held.ts';
import { foundIn } from '../../bench/observe/series.ts';

/** A few of what `npm run bench:observe` does a hundred of. */
describe('what observe says, where the truth is known', () => {
  it('is within two hundredths of the true bill, and its interval holds it', async () => {
    const months = [await heldMonth(0, 7), await heldMonth(1, 7), await heldMonth(2, 7)];
    expect(months.map(({ isWhole }) => isWhole)).toEqual([false, false, false]);
    for (const { error } of months) expect(Math.abs(error)).toBeLessThan(0.02);
    expect(months.filter(({ isHeld }) => isHeld).length).toBeGreaterThanOrEqual(2);
  });

  it('finds rises and falls of 5 %, and nothing where only weekdays differ', () => {
    const found = (step: number) => [1, 2, 3].filter((seed) => foundIn(seed, { days: 14, step }).length > 0).length;
    expect([found(1.05), found(1 / 1.05), found(1)]).toEqual([3, 3, 0]);
  });
});
