import { describe, expect, it } from 'vitest';
import { inFlightBound } from '../../src/measure/inFlight.ts';

describe('the bound on what is in flight', () => {
  it('lets so many run side by side and no more', async () => {
    const bound = inFlightBound(2);
    const ends: (() => void)[] = [];
    const calls = [1, 2, 3].map(() => bound.run(() => new Promise<void>((resolve) => ends.push(resolve))));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect([ends.length, bound.active]).toEqual([2, 2]);
    ends[0]?.();
    await calls[0];
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(ends.length).toBe(3);
    for (const end of ends) end();
    await Promise.all(calls);
  });

  it('halves on a throttle, never below one', () => {
    const bound = inFlightBound(5);
    const seen = [1, 2, 3].map(() => {
      bound.throttled();
      return bound.limit;
    });
    expect(seen).toEqual([2, 1, 1]);
  });

  it('grows back by one after as many successes as it is wide, and no further than it was', () => {
    const bound = inFlightBound(4);
    bound.throttled();
    const seen = Array.from({ length: 8 }, () => {
      bound.succeeded();
      return bound.limit;
    });
    expect(seen).toEqual([2, 3, 3, 3, 4, 4, 4, 4]);
  });

  it('begins to count anew after a throttle', () => {
    const bound = inFlightBound(8);
    bound.throttled();
    for (let call = 0; call < 3; call += 1) bound.succeeded();
    bound.throttled();
    bound.succeeded();
    expect(bound.limit).toBe(2);
  });

  it('of one function shares with the others what is left of the account', () => {
    const all = inFlightBound(8);
    const [one, other] = [inFlightBound(6, all), inFlightBound(6, all)];
    one.throttled();
    expect([all.limit, other.limit]).toEqual([4, 4]);
    for (let call = 0; call < 4; call += 1) other.succeeded();
    expect([all.limit, one.limit]).toEqual([5, 5]);
  });
});
