import { describe, expect, it } from 'vitest';
import { costModel, facts } from '../../bench/observe/production.ts';
import type { ObservedFigures } from '../../src/model/production/observedFigures.ts';
import type { Downstream } from '../../src/model/production/worth.ts';
import type { ObservedCall } from '../../src/observe/calls.ts';
import type { ProductionEvidence } from '../../src/observe/evidence.ts';
import { worthOf } from '../../src/observe/worth.ts';
import { invocationCostUsd } from '../../src/pricing/pricing.ts';

const hourMs = 3_600_000;
const durationMs = 100;
const callAt = (index: number, memoryMb: number): ObservedCall => ({
  atMs: index,
  stream: 's',
  version: '1',
  memoryMb,
  architecture: 'x86_64',
  isGuessed: false,
  durationMs,
  billedMs: durationMs,
  costUsd: invocationCostUsd({ architecture: 'x86_64', memoryMb, billedDurationMs: durationMs }, costModel),
  chargesUsd: { requests: 0, duration: 0, init: 0, snapStart: 0, storage: 0 },
  warmBilledMs: durationMs,
  maxMemoryUsedMb: 200,
  outcome: 'ended',
});

/** A million calls of 100 ms at 1,024 MB in 30.4 days, of which up to 200 MB were used. */
function worth(change: Partial<ProductionEvidence> = {}, cpuMs?: { estimate: number; low: number; high: number }) {
  const calls = Array.from({ length: 10 }, (_, index) => callAt(index, 1024));
  const toMs = 30.4 * 24 * hourMs;
  const evidence = {
    period: { fromMs: 0, toMs, cellMs: hourMs },
    current: facts('1', 1024),
    costModel,
    windows: [{ fromMs: 0, toMs, stratum: 'all', standsFor: 1e6, bytes: 0, expectedRecords: 10, calls }],
    ...change,
  } as unknown as ProductionEvidence;
  const usd = { estimate: 1.87, low: 1.87, high: 1.87 };
  const total = { invocations: 1e6, costPerMonthUsd: usd, costPerMillionUsd: usd } as ObservedFigures;
  return worthOf(evidence, total, cpuMs);
}
const downstream = (share: number): Downstream => ({ traces: 100, tracesAtP50: 20, p50Ms: 100, share, services: [] });
/** Of a million calls: 100 ms at 1 GB. */
const durationUsd = 1e6 * 0.1 * 0.0000166667;

describe('what tuning could be worth', () => {
  it('is at best the same duration at the size that its memory needs, on the cheaper architecture', () => {
    const { atMostUsdPerMonth, ofUsdPerMonth, shortenableShare } = worth();
    expect(ofUsdPerMonth).toBeCloseTo(durationUsd + 0.2, 6);
    expect(atMostUsdPerMonth).toBeCloseTo(durationUsd * (1 - 0.8 * (256 / 1024)), 4);
    expect(shortenableShare).toBeUndefined();
  });

  it('is less where X-Ray shows that the function itself takes the time: a smaller size makes that longer', () => {
    const own = worth({ downstream: downstream(0) });
    const mostlyOthers = worth({ downstream: downstream(0.78) });
    // 22 ms of 100 ms are its own, at least 69.4 % of them the processor's: four times as long at 256 MB.
    const longerMs = 22 * (1 - 2 * 0.153) * 3;
    expect(mostlyOthers.atMostUsdPerMonth).toBeCloseTo(durationUsd * (1 - 0.8 * 0.25 * ((100 + longerMs) / 100)), 4);
    expect(own.atMostUsdPerMonth).toBeLessThan(mostlyOthers.atMostUsdPerMonth ?? 0);
    expect(mostlyOthers.atMostUsdPerMonth).toBeLessThan(worth().atMostUsdPerMonth ?? 0);
    expect(mostlyOthers.shortenableShare).toBeCloseTo(0.22, 9);
    expect(mostlyOthers.because).toContain(
      '78 % of p50 is calls of others, which no memory shortens: at most 22 % could be saved of its time',
    );
  });

  it('takes no more for the processor than what is no call of others, whatever Lambda Insights says', () => {
    const all = { estimate: 50, low: 50, high: 50 };
    // Nothing of it is its own: the smallest size takes as long.
    expect(worth({ downstream: downstream(1) }, all).atMostUsdPerMonth).toBeCloseTo(durationUsd * (1 - 0.8 * 0.25), 4);
    expect(worth({}, all).atMostUsdPerMonth).toBeLessThan(worth().atMostUsdPerMonth ?? 0);
  });

  it('is that of today: what an earlier size cost is no longer to be saved', () => {
    const calls = Array.from({ length: 10 }, (_, index) => callAt(index, index < 5 ? 2048 : 1024));
    const windows = [{ fromMs: 0, toMs: hourMs, stratum: 'all', standsFor: 1e6, bytes: 0, expectedRecords: 10, calls }];
    expect(worth({ windows }).ofUsdPerMonth).toBeCloseTo(durationUsd + 0.2, 6);
  });
});
