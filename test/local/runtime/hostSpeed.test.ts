import { expect, it } from 'vitest';
import { hostSpeeds, loopSample } from '../../../src/local/runtime/hostSpeed.ts';

const sample = (ms: number) => ({ quickMs: ms, meanMs: ms });

function calibrated(...timesMs: readonly number[]) {
  const speeds = hostSpeeds();
  for (const ms of timesMs) speeds.add(sample(ms));
  return speeds;
}

it('takes the second quickest loop of a sample: one is interrupted, one may be a lucky reading', () => {
  expect(loopSample([0.3, 0.25, 4, 0.24, 0.26])).toEqual({ quickMs: 0.25, meanMs: expect.closeTo(1.01, 6) });
});

it('takes the third best of all samples for the free host', () => {
  const speeds = calibrated(0.5, 0.2, 0.6, 0.21, 0.25, 0.4, 0.3);
  expect(speeds.slowness([sample(0.5), sample(0.5)])).toEqual({ running: 2, atMost: 2, waitingToo: 2 });
});

it('believes that work was slow only where both samples around it are', () => {
  const speeds = calibrated(0.25, 0.25, 0.25);
  expect(speeds.slowness([sample(0.5), sample(0.25)])).toEqual({ running: 1, atMost: 2, waitingToo: 1 });
  expect(speeds.slowness([sample(0.5), sample(0.375)]).running).toBe(1.5);
});

it('takes ordinary scatter for nothing, and says nothing where nothing is known', () => {
  const speeds = calibrated(0.25, 0.25, 0.25);
  expect(speeds.slowness([sample(0.257), sample(0.257)]).running).toBe(1);
  expect(speeds.slowness([undefined, undefined])).toEqual({ running: 1, atMost: 1, waitingToo: 1 });
  expect(hostSpeeds().slowness([sample(1), sample(1)])).toEqual({ running: 1, atMost: 1, waitingToo: 1 });
});
