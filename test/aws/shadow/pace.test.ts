import { describe, expect, it } from 'vitest';
import { newPace, pauseBeforeLookMs } from '../../../src/aws/shadow/pace.ts';

const never = new AbortController().signal;

describe('when a copy is looked at', () => {
  /** When the looks at something that takes so long are sent; `answerMs`: how long each is under way. */
  function looksAtMs(
    settledMs: number,
    { expectedMs, elapsedMs = 0, answerMs = 0 }: { expectedMs?: number; elapsedMs?: number; answerMs?: number } = {},
  ): readonly number[] {
    const times: number[] = [];
    let nowMs = elapsedMs;
    while ((times.at(-1) ?? -1) < settledMs) {
      const sentMs = times.at(-1);
      const sinceLookMs = sentMs === undefined ? undefined : nowMs - sentMs;
      nowMs += pauseBeforeLookMs({ elapsedMs: nowMs, sinceLookMs, expectedMs, random: 0.5 });
      times.push(nowMs);
      nowMs += answerMs;
    }
    return times.map(Math.round);
  }

  it('is soon and often where nothing is known', () => {
    expect(looksAtMs(1000)).toEqual([200, 300, 400, 500, 600, 700, 805, 926, 1065]);
  });

  it('is no rarer where answers take their time', () => {
    expect(looksAtMs(1000, { answerMs: 100 })).toEqual([200, 300, 400, 500, 600, 705, 826, 965, 1124]);
    expect(looksAtMs(1000, { answerMs: 300 })).toEqual([200, 500, 800, 1100]);
  });

  it('is lost time of at most 15 %, and few looks at what takes a minute', () => {
    const times = looksAtMs(60_000);
    expect(times.length).toBeLessThan(45);
    expect(times.at(-1)).toBeLessThan(69_000);
  });

  it('is once, when the time is over that an earlier one took', () => {
    expect(looksAtMs(1000, { expectedMs: 1050 })).toEqual([1050]);
  });

  it('is at once where that time is over already', () => {
    expect(looksAtMs(1000, { expectedMs: 1050, elapsedMs: 3000 })).toEqual([3000]);
  });

  it('is after 5 s at the latest, because the first one may have waited for more than itself', () => {
    expect(looksAtMs(4000, { expectedMs: 60_000 })).toEqual([5000]);
  });

  it('is again and again where the time was too short', () => {
    expect(looksAtMs(2000, { expectedMs: 1000 })).toEqual([1000, 1150, 1323, 1521, 1749, 2011]);
  });
});

describe('what the first one finds', () => {
  it('is told to those that wait beside it and to those that come later', async () => {
    const pace = newPace();
    expect([pace.lead(), pace.lead()]).toEqual([true, false]);
    const beside = pace.expectedMs(never);
    pace.found(700);
    expect(await beside).toBe(700);
    expect(pace.lead()).toBe(false);
    expect(await pace.expectedMs(never)).toBe(700);
  });

  it('is nothing when it gave up: those beside it look for themselves, and the next one is the first', async () => {
    const pace = newPace();
    pace.lead();
    const beside = pace.expectedMs(never);
    pace.gaveUp();
    expect(await beside).toBeUndefined();
    expect(pace.lead()).toBe(true);
    pace.found(300);
    expect(await pace.expectedMs(never)).toBe(300);
  });

  it('is not waited for when the run stops', async () => {
    const pace = newPace();
    pace.lead();
    const stop = new AbortController();
    const beside = pace.expectedMs(stop.signal);
    stop.abort();
    await expect(beside).rejects.toMatchObject({ name: 'AbortError' });
  });
});
