import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lateness } from '../../../src/local/processes/lateness.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

it('what the process waited since a call was handed is what it came late', () => {
  let waitedMs = 100;
  const late = lateness(() => waitedMs);
  waitedMs = 130;
  late.seen();
  waitedMs = 137;
  expect(late.sinceSeen()).toBe(7);
});

it('events of one turn of the loop came late together, and the next turn’s did not', async () => {
  let waitedMs = 0;
  const late = lateness(() => waitedMs);
  waitedMs = 4;
  expect([late.sinceSeen(), late.sinceSeen()]).toEqual([4, 4]);
  await turn();
  expect(late.sinceSeen()).toBe(0);
});

it('what it waited for other things while a call slept is not of that call, but what came just before its answer is', () => {
  let waitedMs = 0;
  const late = lateness(() => waitedMs);
  late.seen();
  const end = late.watch();
  for (let look = 0; look < 10; look += 1) {
    waitedMs += 1;
    vi.advanceTimersByTime(5);
  }
  // Held up by others: the timer and the answer are served in one turn.
  waitedMs += 20;
  vi.advanceTimersByTime(5);
  expect(late.sinceSeen()).toBe(20);
  end();
});

it('looks as long as any call runs, and no longer', () => {
  const late = lateness(() => 0);
  const [one, other] = [late.watch(), late.watch()];
  one();
  expect(vi.getTimerCount()).toBe(1);
  other();
  expect(vi.getTimerCount()).toBe(0);
});
