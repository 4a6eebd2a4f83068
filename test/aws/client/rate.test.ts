import { expect, it } from 'vitest';
import { tokenBucket } from '../../../src/aws/client/rate.ts';

function virtualClock() {
  let nowMs = 0;
  return {
    monotonicMs: () => nowMs,
    sleep: async (ms: number) => {
      waits.push(ms);
    },
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}
let waits: number[] = [];

it('lets a burst of ten through, then five a second', async () => {
  waits = [];
  const bucket = tokenBucket({ perSecond: 5, burst: 10 }, virtualClock());
  for (let call = 0; call < 13; call += 1) await bucket.take();
  expect(waits).toEqual([200, 400, 600]);
});

it('fills up again while nothing is sent, up to one burst', async () => {
  waits = [];
  const clock = virtualClock();
  const bucket = tokenBucket({ perSecond: 5, burst: 10 }, clock);
  for (let call = 0; call < 10; call += 1) await bucket.take();
  clock.advance(60_000);
  for (let call = 0; call < 11; call += 1) await bucket.take();
  expect(waits).toEqual([200]);
});
