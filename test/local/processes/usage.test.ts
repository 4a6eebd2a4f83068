import { expect, it } from 'vitest';
import { cpuUseBetween, ofThread } from '../../../src/local/processes/usage.ts';

const reading = (cpuMs: number, threads: Readonly<Record<string, readonly [cpuMs: number, delayMs: number]>>) => ({
  cpuMs,
  threads: new Map(Object.entries(threads).map(([id, [ranMs, delayMs]]) => [id, { cpuMs: ranMs, delayMs }])),
});

it('counts what a single thread used between two readings', () => {
  const before = reading(100, { main: [100, 10] });
  expect(cpuUseBetween(before, reading(140, { main: [140, 16] }))).toEqual({
    cpuMs: 40,
    threadCpuMs: 40,
    threadDelayMs: 6,
  });
});

it('counts nothing that the process had used before it became the runtime', () => {
  const before = ofThread(7, { ranMs: 5, waitedMs: 12 });
  const use = { cpuMs: 40, threadCpuMs: 40, threadDelayMs: 6 };
  for (const name of ['7', '7/task/7']) {
    expect(cpuUseBetween(before, reading(45, { [name]: [45, 18] }))).toEqual(use);
  }
  // Where the host does not count.
  expect(cpuUseBetween(ofThread(7, undefined), reading(45, { 7: [45, 18] }))).toMatchObject({ threadDelayMs: 18 });
});

it('counts nothing that a helper waited: the busiest thread may have slept meanwhile', () => {
  const before = reading(0, { main: [0, 0], helper: [0, 0] });
  const { threadDelayMs } = cpuUseBetween(before, reading(100, { main: [99, 0], helper: [1, 50] }));
  expect(threadDelayMs).toBe(0);
});

it('takes threads side by side as the one of them that waited least, new ones from their start', () => {
  const before = reading(0, { main: [0, 0] });
  expect(cpuUseBetween(before, reading(200, { main: [100, 30], other: [100, 50] }))).toEqual({
    cpuMs: 200,
    threadCpuMs: 100,
    threadDelayMs: 30,
  });
});

it('takes what all waited at least where others ran nearly as much: the one that was waited for may have slept', () => {
  const before = reading(0, { main: [0, 0], collector: [0, 0] });
  const after = reading(2.3, { main: [1.1, 0.2], collector: [1.2, 5] });
  expect(cpuUseBetween(before, after)).toEqual({ cpuMs: 2.3, threadCpuMs: 1.2, threadDelayMs: 0.2 });
});

it('counts nothing where nothing ran', () => {
  expect(cpuUseBetween(reading(0, {}), reading(0, {}))).toEqual({ cpuMs: 0, threadCpuMs: 0, threadDelayMs: 0 });
});
