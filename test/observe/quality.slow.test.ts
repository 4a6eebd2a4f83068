import { describe, expect, it } from 'vitest';
import { heldBill, heldMonth, heldOverChange } from '../../bench/observe/held.ts';
import { month } from '../../bench/observe/production.ts';
import { foundIn } from '../../bench/observe/series.ts';

const hundred = Array.from({ length: 100 }, (_, seed) => seed);

describe('what observe says, where the truth is known', () => {
  it('is an interval that holds the true bill in 37 of 40 samples', async () => {
    const held: boolean[] = [];
    // All hundred are the bench's.
    for (const seed of hundred.slice(0, 40)) {
      const { isHeld, isWhole } = await heldMonth(seed);
      expect(isWhole).toBe(false);
      held.push(isHeld);
    }
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(37);
  });

  it('is so, too, where something was deployed in between', async () => {
    const held: boolean[] = [];
    for (const seed of hundred.slice(0, 30)) held.push((await heldOverChange(seed)).isHeld);
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(28);
  });

  it.each([1, 2, 3])('of seed %d is within two hundredths of the bill of a month of a million calls', async (seed) => {
    const { error } = await heldBill(month(seed, { dayNoise: 0.01 }, 30));
    expect(Math.abs(error)).toBeLessThan(0.02);
  });

  it('is so of ten days of a million calls each', async () => {
    // The bench's are thirty.
    const { error, isHeld } = await heldBill(month(1, { callsPerDay: 1e6, dayNoise: 0.01 }, 10));
    expect([Math.abs(error) < 0.02, isHeld]).toEqual([true, true]);
  });
});

describe('what changed', () => {
  it('is found in 90 of 100 series whose cost rises by 5 %', () => {
    const found = hundred.filter((seed) =>
      foundIn(1000 + seed, { days: 14, step: 1.05 }).some(({ ratio }) => ratio.estimate > 1),
    );
    expect(found.length).toBeGreaterThanOrEqual(90);
  });

  it.each([14, 28])('is not seen in more than 2 of 100 series of %d days in which only weekdays differ', (days) => {
    const alarms = hundred.filter((seed) => foundIn(seed, { days }).length > 0);
    expect(alarms.length).toBeLessThanOrEqual(2);
  });
});
