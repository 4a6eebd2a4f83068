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

  /** A clock that only waiting moves, and every timer is so late. */
  function clockWith(lateMs: number) {
    let nowMs = 0;
    const sleep = async (ms: number) => {
      nowMs += ms + lateMs;
    };
    return { monotonicMs: () => nowMs, sleep };
  }

  it('waits in the order of asking', async () => {
    const clock = clockWith(0);
    const pace = ratePacer(4, clock);
    const { signal } = new AbortController();
    const went = await Promise.all([1, 2, 3].map(() => pace(signal).then(clock.monotonicMs)));
    expect(went).toEqual([0, 250, 500]);
  });

  it('counts from when a call really went, where timers are late', async () => {
    const clock = clockWith(40);
    const pace = ratePacer(10, clock);
    const { signal } = new AbortController();
    const went: number[] = [];
    await Promise.all([1, 2, 3].map(() => pace(signal).then(() => went.push(clock.monotonicMs()))));
    expect(went).toEqual([0, 140, 280]);
  });

  it('lets nobody wait once the run stops', async () => {
    const clock = clockWith(0);
    const stop = new AbortController();
    const pace = ratePacer(1, clock);
    await pace(stop.signal);
    stop.abort();
    await Promise.all([pace(stop.signal), pace(stop.signal)]);
    expect(clock.monotonicMs()).toBe(0);
  });
});
