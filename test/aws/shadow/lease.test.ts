import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { holdLease } from '../../../src/aws/shadow/lease.ts';

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-11-23T12:00:00.000Z') }));
afterEach(() => vi.useRealTimers());

/** A service whose clock runs an hour ahead of this machine's. */
function held(endsAt: string) {
  let expiresAt = new Date(endsAt);
  const renewed: string[] = [];
  const letGo = holdLease(
    {
      clients: { lambda: { config: { systemClockOffset: 3_600_000 } } },
      clock: { now: () => new Date() },
      expiresAt: () => expiresAt,
    } as unknown as Parameters<typeof holdLease>[0],
    async (until) => {
      expiresAt = until;
      renewed.push(until.toISOString());
    },
  );
  return { renewed, letGo };
}

it('extends a lease that ends within ten minutes by the clock of the service, and no other', () => {
  const { renewed, letGo } = held('2026-11-23T13:12:00.000Z');
  vi.advanceTimersByTime(60_000);
  expect(renewed).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(renewed).toEqual(['2026-11-23T13:32:00.000Z']);
  vi.advanceTimersByTime(19 * 60_000);
  expect(renewed).toHaveLength(1);
  letGo();
});

it('is over when it is let go', () => {
  const { renewed, letGo } = held('2026-11-23T13:00:00.000Z');
  letGo();
  vi.advanceTimersByTime(60_000);
  expect(renewed).toEqual([]);
});
