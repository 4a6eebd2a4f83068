import { describe, expect, it } from 'vitest';
import { estimateOf, worstCaseUsd } from '../../src/plan/estimate.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';

const facts = { timeoutS: 30, ephemeralStorageMb: 512, snapStart: false, runtime: 'python3.13' };
const size = {
  configurations: [
    { memoryMb: 1024, architecture: 'x86_64' },
    { memoryMb: 512, architecture: 'x86_64' },
    { memoryMb: 2048, architecture: 'x86_64' },
  ],
  environmentsPerConfiguration: 2,
  warmInvocations: 10,
  maxInFlight: 4,
} as const;
const virginia = costModelFor('us-east-1');

describe('estimateOf', () => {
  it('assumes a second a call, and says so', () => {
    const estimate = estimateOf(size, facts, virginia);
    expect(estimate.invocations).toBe(36);
    // 12 calls each at 3.5 GB in sum for 1 s, and 36 requests
    expect(estimate.expectedUsd).toBeCloseTo(12 * 3.5 * 0.0000166667 + 36 * 2e-7, 12);
    expect(estimate.assumption).toBe('Nothing is measured yet: it is assumed that every call bills 1000 ms.');
    expect(estimate.notIncluded).toEqual([]);
  });

  it('bills every call to its timeout at worst, cold ones with 10 s of init', () => {
    const estimate = estimateOf(size, facts, virginia);
    // cold: 2 × 40 s, warm: 10 × 30 s of 3.5 GB; two more calls of the reference (1 GB) at 40 s
    expect(estimate.worstCaseUsd).toBeCloseTo((380 * 3.5 + 80) * 0.0000166667 + 38 * 2e-7, 10);
    expect(worstCaseUsd({ memoryMb: 1024, architecture: 'arm64' }, facts, virginia)).toBeCloseTo(
      40 * 0.0000133334 + 2e-7,
      12,
    );
  });

  it('counts pauses, a rate and hooks into the time, and what hooks cost into the dollars', () => {
    // Six calls in a chain have five pauses of 2 s: 6 + 10 s, above the 9 s of work over the slots.
    expect(estimateOf({ ...size, pauseMs: 2000 }, facts, virginia).expectedSeconds).toBeCloseTo(26.4, 6);
    // 36 calls at one in two seconds.
    expect(estimateOf({ ...size, maxRatePerS: 0.5 }, facts, virginia).expectedSeconds).toBeCloseTo(82.4, 6);
    const hooks = {
      perCall: { expectedUsd: 0.001, worstUsd: 0.01, expectedMs: 1000 },
      perRun: { expectedUsd: 0.1, worstUsd: 1 },
      hasCommands: true,
    };
    const [plain, hooked] = [estimateOf(size, facts, virginia), estimateOf({ ...size, hooks }, facts, virginia)];
    // Each call takes a second more: 72 s of work over four slots.
    expect(hooked.expectedSeconds).toBeCloseTo(28.4, 6);
    expect(hooked.expectedUsd - plain.expectedUsd).toBeCloseTo(36 * 0.001 + 0.1, 12);
    expect(hooked.worstCaseUsd - plain.worstCaseUsd).toBeCloseTo(38 * 0.01 + 1, 12);
    expect(hooked.assumption).toContain('How long the commands of hooks take is not known.');
  });

  it('assumes no more than the timeout', () => {
    expect(estimateOf({ ...size, warmInvocations: 1 }, { ...facts, timeoutS: 0.5 }, virginia).assumption).toContain(
      '500 ms',
    );
  });

  it('takes as long as the longest chain or the work over the slots, and the control plane', () => {
    // 36 s of work over 4 slots = 9 s; control plane 10 s + (12 - 10) / 5
    expect(estimateOf(size, facts, virginia).expectedSeconds).toBeCloseTo(19.4, 6);
    // 6 calls in a chain when all have a slot
    expect(estimateOf({ ...size, maxInFlight: 32 }, facts, virginia).expectedSeconds).toBeCloseTo(16.4, 6);
  });

  it('includes restores and snapshots of SnapStart where they have a price, and names them elsewhere', () => {
    const without = estimateOf(size, facts, virginia);
    const snapStart = estimateOf(size, { ...facts, snapStart: true }, virginia);
    // 3.5 GB: two restores each, three hours of cache
    expect(snapStart.expectedUsd - without.expectedUsd).toBeCloseTo(
      3.5 * (2 * 0.0001397998 + 3 * 3600 * 0.0000015046),
      10,
    );
    expect(snapStart.notIncluded).toEqual([]);
    const ireland = estimateOf(size, { ...facts, snapStart: true }, costModelFor('eu-west-1'));
    expect(ireland.expectedUsd).toBeCloseTo(without.expectedUsd, 12);
    expect(ireland.notIncluded).toEqual([
      "SnapStart's charges for restores and snapshots: their prices in eu-west-1 are not known.",
    ]);
    const java = estimateOf(size, { ...facts, snapStart: true, runtime: 'java21' }, costModelFor('eu-west-1'));
    expect(java.notIncluded).toEqual([]);
  });
});
