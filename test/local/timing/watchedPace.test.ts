import { expect, it } from 'vitest';
import { watchPace } from '../../../src/local/timing/watchedPace.ts';

it('calm calls of a function that takes 31 ms tell of the calm pace, not only the slow ones of 50 ms', async () => {
  const watched = watchPace();
  const calls = [
    { cpuMs: 31, fastestMs: 0.0134 },
    { cpuMs: 50, fastestMs: 0.0179 },
    { cpuMs: 12, fastestMs: 0.0101 },
  ];
  const environment = watched.heard({
    spec: { codeSha256: 'mine', memoryMb: 1769 } as never,
    invoke: async () =>
      ({ status: 'success', pace: { busyMs: 31, referenceMs: 0.02, error: 0, ...calls.shift() } }) as never,
    stop: async () => undefined,
  });
  for (let call = 0; call < 3; call += 1) await environment.invoke({} as never);
  expect(watched.seen().fastestMs).toEqual([0.0134, 0.0179]);
});
