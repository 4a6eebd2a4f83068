import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSlotMs, ratePacer } from '../../src/measure/pace.ts';

describe('the rate', () => {
  it('lets the first call go at once and the others one interval apart', () => {
    expect(nextSlotMs(undefined, 1000, 5)).toBe(1000);
    expect(nextSlotMs(1000, 1001, 5)).toBe(1200);
    expect(nextSlotMs(1000, 9000, 5)).toBe(9000);
  });

  it('is never exceeded, however calls come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(500), { minLength: 2, maxLength: 50 }),
        fc.integer({ min: 1, max: 50 }),
        (gaps, rate) => {
          let nowMs = 0;
          let last: number | undefined;
          const slots = gaps.map((gap) => {
            nowMs += gap;
            last = nextSlotMs(last, nowMs, rate);
            return last;
          });
          return slots.every((slot, index) => index === 0 || slot - (slots[index - 1] ?? 0) >= 1000 / rate - 1e-6);
        },
      ),
    );
  });

  it('waits in the order of asking', async () => {
    const waits: number[] = [];
    const pace = ratePacer(4, { monotonicMs: () => 0, sleep: async (ms) => void waits.push(ms) });
    const { signal } = new AbortController();
    await Promise.all([pace(signal), pace(signal), pace(signal)]);
    expect(waits).toEqual([250, 500]);
  });
});
