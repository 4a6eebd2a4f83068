import { describe, expect, it } from 'vitest';
import { durationOnFreeHost, longest } from '../../../src/local/timing/freeHost.ts';

/** 10 ms of work, nothing else. At 176.9 MB a period of 20 ms yields 2 ms. */
const use = { wallMs: 10, cpuMs: 10, threadCpuMs: 10, threadDelayMs: 0, lateMs: 0 };
const modelledMs = (phase: number) => durationOnFreeHost({ cpu: 'modelled' }, 176.9, use, phase).durationMs;

describe('where no quota can be set', () => {
  it('an invocation begins at any moment of the quota’s period', () => {
    expect(modelledMs(0.999_999)).toBeCloseTo(82, 3);
    expect(modelledMs(0.35)).toBeCloseTo(69, 6);
    expect(modelledMs(0)).toBeCloseTo(82, 6);
    expect(modelledMs(0.1)).toBeCloseTo(64, 6);
  });

  it('the whole of the modelled work is on the CPU, and a wait is not', () => {
    const waiting = { ...use, wallMs: 110 };
    const made = durationOnFreeHost({ cpu: 'modelled' }, 176.9, waiting, 0.35);
    expect(made.durationMs).toBeCloseTo(169, 6);
    expect(made.busyMs).toBeCloseTo(69, 6);
  });
});

it('nothing is on the CPU that was not counted: the clock’s time stays as it is', () => {
  expect(durationOnFreeHost({ cpu: 'none' }, 512, use, 0)).toEqual({
    durationMs: 10,
    busyMs: 0,
    contendedShare: 0,
  });
});

it('of a runtime and its extensions side by side the slower one counts, with what it had on the CPU', () => {
  const runtime = { wallMs: 150, durationMs: 100, busyMs: 90, contendedShare: 0.1 };
  expect(longest([runtime])).toEqual({ durationMs: 100, busyMs: 90, contendedShare: 0.1 });
  const both = longest([runtime, { wallMs: 150, durationMs: 120, busyMs: 5, contendedShare: 0.2 }]);
  expect(both).toMatchObject({ durationMs: 120, busyMs: 5 });
  expect(both.contendedShare).toBeCloseTo(0.3, 9);
});

it('an extension that waited for most of its three milliseconds does not make a long call a contended one', () => {
  const runtime = { wallMs: 300, durationMs: 300, busyMs: 300, contendedShare: 0 };
  const extension = { wallMs: 3, durationMs: 1, busyMs: 1, contendedShare: 0.8 };
  expect(longest([runtime, extension])).toMatchObject({ durationMs: 300, busyMs: 300 });
  expect(longest([runtime, extension]).contendedShare).toBeCloseTo(0.008, 9);
});

it('a runtime that waited for a core is not what an extension slept beside it', () => {
  const waited = { wallMs: 400, durationMs: 20, busyMs: 20, contendedShare: 0.95 };
  const slept = { wallMs: 201, durationMs: 201, busyMs: 1, contendedShare: 0 };
  expect(longest([waited, slept])).toMatchObject({ durationMs: 201 });
});
