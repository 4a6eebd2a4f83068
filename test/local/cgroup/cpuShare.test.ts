import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contendedShare, cpuQuotaFor, modelledDurationMs, vcpusFor } from '../../../src/local/cgroup/cpuShare.ts';

describe('memory to CPU', () => {
  it('counts 1,769 MB as one vCPU', () => {
    expect(vcpusFor(1769)).toBe(1);
    expect(vcpusFor(3538)).toBe(2);
    expect(vcpusFor(128)).toBeCloseTo(0.07236, 5);
  });

  it('sets the quota of a 20 ms period', () => {
    expect(cpuQuotaFor(128)).toEqual({ quotaUs: 1447, periodUs: 20000 });
    expect(cpuQuotaFor(1769)).toEqual({ quotaUs: 20000, periodUs: 20000 });
    expect(cpuQuotaFor(10240)).toEqual({ quotaUs: 115772, periodUs: 20000 });
  });
});

describe('the modelled duration', () => {
  const modelled = (wallMs: number, cpuMs: number, memoryMb: number, runDelayMs = 0) =>
    modelledDurationMs({ wallMs, cpuMs, runDelayMs }, memoryMb);

  it('stretches CPU time by the share and leaves waiting as it is', () => {
    expect(modelled(1100, 100, 1769)).toBe(1100);
    expect(modelled(1100, 100, 884.5)).toBeCloseTo(1190, 6);
    expect(modelled(100, 100, 176.9)).toBeCloseTo(982, 6);
  });

  it('lets the first quota of a period run at full speed', () => {
    expect(modelled(1, 1, 128)).toBe(1);
    expect(modelled(5, 1.4, 128)).toBe(5);
    expect(modelled(2, 2, 176.9)).toBeCloseTo(2, 6);
  });

  it('limits several threads to the share together', () => {
    expect(modelled(100, 200, 1769)).toBe(200);
    expect(modelled(100, 200, 3538)).toBe(100);
    expect(modelled(100, 200, 7076)).toBe(100);
  });

  it('leaves out the time for which the host was busy with others', () => {
    expect(modelled(150, 100, 1769, 50)).toBe(100);
    expect(modelled(1150, 100, 1769, 50)).toBe(1100);
    expect(modelled(150, 100, 1769, 400)).toBe(100);
  });

  it('is never shorter than the CPU time of one core, and never shorter with less memory', () => {
    const ms = fc.double({ min: 0, max: 100_000, noNaN: true });
    const mb = fc.integer({ min: 128, max: 10_240 });
    fc.assert(
      fc.property(ms, ms, mb, mb, (wallMs, cpuMs, one, other) => {
        const small = modelled(wallMs, cpuMs, Math.min(one, other));
        const large = modelled(wallMs, cpuMs, Math.max(one, other));
        expect(large).toBeGreaterThanOrEqual(Math.min(wallMs, cpuMs) - 1e-6);
        // Within one period of 20 ms a larger quota can end just before a pause that a smaller one has already had.
        expect(small).toBeGreaterThanOrEqual(large - 20);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('contention', () => {
  it('is none when the environment got its share, however long its threads waited for each other', () => {
    expect(contendedShare({ wallMs: 1000, cpuMs: 1000, runDelayMs: 3000 }, 1769)).toBe(0);
  });

  it('is none when threads waited for the quota only', () => {
    expect(contendedShare({ wallMs: 982, cpuMs: 100, runDelayMs: 882 }, 176.9)).toBe(0);
  });

  it('is what threads waited beyond what the quota takes', () => {
    expect(contendedShare({ wallMs: 1228, cpuMs: 100, runDelayMs: 1128 }, 176.9)).toBeCloseTo(0.2, 2);
  });

  it('is none for a function that waits for the network, or has more memory than its thread can use', () => {
    expect(contendedShare({ wallMs: 1000, cpuMs: 2, runDelayMs: 0.1 }, 1769)).toBeCloseTo(0.0001, 6);
    expect(contendedShare({ wallMs: 1000, cpuMs: 1000, runDelayMs: 0 }, 3538)).toBe(0);
  });

  it('is the time for which a ready thread of a short-changed environment had no core', () => {
    expect(contendedShare({ wallMs: 1000, cpuMs: 600, runDelayMs: 400 }, 1769)).toBeCloseTo(0.4, 6);
    expect(contendedShare({ wallMs: 1000, cpuMs: 1200, runDelayMs: 800 }, 3538)).toBeCloseTo(0.4, 6);
  });

  it('stays within 0 and 1 for counters that make no sense', () => {
    expect(contendedShare({ wallMs: 0, cpuMs: 5, runDelayMs: 5 }, 128)).toBe(0);
    expect(contendedShare({ wallMs: 10, cpuMs: 0, runDelayMs: 500 }, 128)).toBe(1);
    expect(contendedShare({ wallMs: 10, cpuMs: 0, runDelayMs: -500 }, 128)).toBe(0);
  });
});
