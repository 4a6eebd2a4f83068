import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burstMs, type CpuUse, cpuQuotaFor, modelled, unloaded } from '../../../src/local/cgroup/cpuShare.ts';
import { vcpusOf } from '../../../src/model/lambda/vcpus.ts';

describe('memory to CPU', () => {
  it('counts 1,769 MB as one vCPU', () => {
    expect(vcpusOf(1769)).toBe(1);
    expect(vcpusOf(3538)).toBe(2);
    expect(vcpusOf(128)).toBeCloseTo(0.07236, 5);
  });

  it('sets the quota of a 20 ms period', () => {
    expect(cpuQuotaFor(128)).toEqual({ quotaUs: 1447, periodUs: 20000 });
    expect(cpuQuotaFor(1769)).toEqual({ quotaUs: 20000, periodUs: 20000 });
    expect(cpuQuotaFor(10240)).toEqual({ quotaUs: 115772, periodUs: 20000 });
  });
});

/** Of a single thread, unless more CPU time is said to be of several. */
function used(wallMs: number, cpuMs: number, delayMs = 0, more: Partial<CpuUse> = {}): CpuUse {
  return { wallMs, cpuMs, threadCpuMs: cpuMs, threadDelayMs: delayMs, lateMs: 0, ...more };
}

describe('a burst of work under the quota', () => {
  it('runs a first quota at full speed, then one a period', () => {
    expect(burstMs(1, 128, 20)).toBe(1);
    // 2 ms a period: five quotas, four pauses.
    expect(burstMs(10, 176.9, 20)).toBeCloseTo(82, 6);
  });

  it('gets its second quota when the period ends that it began in', () => {
    expect(burstMs(10, 176.9, 7)).toBeCloseTo(69, 6);
    expect(burstMs(1, 176.9, 7)).toBe(1);
  });

  it('has no first pause when a period ends before its quota does', () => {
    expect(burstMs(1.5, 176.9, 0.5)).toBeCloseTo(1.5, 6);
    expect(burstMs(4, 176.9, 0.5)).toBeCloseTo(22, 6);
  });

  it('is never shorter than the work, and takes the longest from a whole period on', () => {
    const ms = fc.double({ min: 0, max: 10_000, noNaN: true });
    const phase = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(ms, phase, fc.integer({ min: 128, max: 1768 }), (cpuMs, phaseMs, memoryMb) => {
        const took = burstMs(cpuMs, memoryMb, phaseMs);
        expect(took).toBeGreaterThanOrEqual(cpuMs - 1e-6);
        expect(took).toBeLessThanOrEqual(burstMs(cpuMs, memoryMb, 20) + 1e-6);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('the duration on a free host, where a quota is enforced', () => {
  it('is the time of the clock where nothing came between', () => {
    expect(unloaded(used(1000, 2), 1769).durationMs).toBeCloseTo(1000, 6);
    expect(unloaded(used(1000, 1000), 3538)).toEqual({ durationMs: 1000, busyMs: 1000, contendedShare: 0 });
  });

  it('takes no pause of the quota for contention, the longest possible one included', () => {
    expect(unloaded(used(982, 100, 882), 176.9)).toEqual({ durationMs: 982, busyMs: 982, contendedShare: 0 });
  });

  it('leaves out what the thread waited beyond that', () => {
    const { durationMs, contendedShare } = unloaded(used(1228, 100, 1128), 176.9);
    expect(durationMs).toBeCloseTo(982, 6);
    expect(contendedShare).toBeCloseTo(0.2, 2);
    expect(unloaded(used(139, 127, 12), 1769).durationMs).toBeCloseTo(127, 6);
  });

  it('leaves time off the CPU as it is', () => {
    expect(unloaded(used(1100, 100), 1769).durationMs).toBeCloseTo(1100, 6);
  });

  it('takes off what a thread waited that slept as well only as far as it computed: its timer may have run on', () => {
    // A timer of 50 ms, and 8 ms of waiting while it ran.
    expect(unloaded(used(54.3, 1.7, 8), 1769).durationMs).toBeGreaterThan(53.5);
    expect(unloaded(used(1150, 100, 50), 1769).durationMs).toBeCloseTo(1145.434, 3);
    // Taking the event and handing the answer over is no sleep.
    expect(unloaded(used(164, 100, 60), 1769).durationMs).toBeCloseTo(104, 6);
  });

  it('leaves out what the endpoint came late, but no more than the thread was idle', () => {
    expect(unloaded(used(139, 127, 2, { lateMs: 8 }), 1769).durationMs).toBeCloseTo(129, 6);
    expect(unloaded(used(139, 127, 2, { lateMs: 80 }), 1769).durationMs).toBeCloseTo(127, 6);
  });

  it('takes threads that wait for each other under one share for no contention', () => {
    // Four threads with 250 ms of CPU time each, one vCPU.
    const four = { threadCpuMs: 250, threadDelayMs: 750 };
    expect(unloaded(used(1000, 1000, 0, four), 1769)).toEqual({ durationMs: 1000, busyMs: 1000, contendedShare: 0 });
  });

  it('leaves out what two threads side by side lost of two vCPUs', () => {
    const two = { threadCpuMs: 600, threadDelayMs: 400 };
    expect(unloaded(used(1000, 1200, 0, two), 3538)).toEqual({ durationMs: 600, busyMs: 600, contendedShare: 0.4 });
  });

  it('stays between nothing and the clock for counters that make no sense', () => {
    expect(unloaded(used(0, 5, 5), 128)).toEqual({ durationMs: 0, busyMs: 0, contendedShare: 0 });
    expect(unloaded(used(10, 0, 500), 128)).toEqual({ durationMs: 0, busyMs: 0, contendedShare: 1 });
    expect(unloaded(used(10, 0, -500), 128)).toEqual({ durationMs: 10, busyMs: 0, contendedShare: 0 });
  });
});

describe('the modelled duration', () => {
  const modelledMs = (use: CpuUse, memoryMb: number, phaseMs = 20) => modelled(use, memoryMb, phaseMs).durationMs;

  it('stretches CPU time by the share and leaves waiting as it is', () => {
    expect(modelledMs(used(1100, 100), 1769)).toBe(1100);
    expect(modelledMs(used(1100, 100), 884.5)).toBeCloseTo(1190, 6);
    expect(modelledMs(used(100, 100), 176.9)).toBeCloseTo(982, 6);
  });

  it('begins at any moment of a period', () => {
    expect(modelledMs(used(100, 100), 176.9, 13)).toBeCloseTo(975, 6);
  });

  it('limits several threads to the share together', () => {
    const two = { threadCpuMs: 100 };
    expect(modelledMs(used(100, 200, 0, two), 1769)).toBe(200);
    expect(modelledMs(used(100, 200, 0, two), 3538)).toBe(100);
    expect(modelledMs(used(100, 200, 0, two), 7076)).toBe(100);
  });

  it('leaves out the time for which the host was busy with others, and says how much that was', () => {
    expect(modelledMs(used(150, 100, 50), 1769)).toBe(100);
    expect(modelledMs(used(1150, 100, 50), 1769)).toBeCloseTo(1145.434, 3);
    expect(modelled(used(150, 100, 50), 1769, 20).contendedShare).toBeCloseTo(1 / 3, 6);
    expect(modelled(used(150, 100, 500), 1769, 20).contendedShare).toBeCloseTo(1 / 3, 6);
    expect(modelled(used(0, 0, 5), 1769, 20).contendedShare).toBe(0);
  });
});
