import { describe, expect, it } from 'vitest';
import { costModel, facts } from '../../bench/observe/production.ts';
import { observedCall, type ReadWindow } from '../../src/observe/calls.ts';
import { concludeObservation } from '../../src/observe/conclude.ts';
import type { MetricsRead, ProductionEvidence, ProvisionedRead } from '../../src/observe/evidence.ts';
import { renderObservationTable } from '../../src/reporters/observation/table.ts';

const hourMs = 3_600_000;
/** A month of 30.4 days is 2.4 times as long. */
const periodHours = 304;
const periodMs = periodHours * hourMs;
const months = 2.4;

const series = (value: number, from = 0, to = periodHours) =>
  new Map(Array.from({ length: to - from }, (_, hour) => [(from + hour) * hourMs, value]));
const none = new Map<number, number>();

/** 1,000 calls an hour of 1,000 ms at 1,024 MB: one GB-second each. */
function evidenceOf(change: Partial<ProductionEvidence> = {}, read: Partial<ProvisionedRead> = {}): ProductionEvidence {
  const version = facts('3', 1024);
  const record = {
    atMs: 1,
    stream: 's',
    version: '3',
    report: { requestId: 'r', durationMs: 1000, billedDurationMs: 1000, memorySizeMb: 1024, maxMemoryUsedMb: 90 },
  };
  const calls = [record, record].map((one) => observedCall(one, new Map([['3', version]]), version, costModel));
  const windows: readonly ReadWindow[] = [0, 1].map((half) => ({
    fromMs: (half * periodMs) / 2,
    toMs: ((half + 1) * periodMs) / 2,
    stratum: 'all',
    standsFor: 500 * periodHours,
    bytes: 0,
    expectedRecords: 2,
    calls,
  }));
  const metrics: MetricsRead = {
    calls: series(1000),
    errors: none,
    throttles: none,
    meanDurationMs: series(1000),
    durationMs: { p50: none, p95: none, p99: none },
    concurrency: none,
    logBytes: none,
    provisioned: [{ calls: none, served: none, spilled: none, most: none, use: none, byVersion: new Map(), ...read }],
    provisionedOfAll: none,
    byVersion: new Map(),
    perMinute: none,
    minutesFromMs: 0,
  };
  return {
    functionName: 'orders:live',
    region: 'us-east-1',
    toolVersion: '0.1.0',
    seed: 1,
    period: { fromMs: 0, toMs: periodMs, cellMs: hourMs },
    current: version,
    versions: new Map([['3', version]]),
    costModel,
    provisioned: [{ qualifier: 'live', environments: 2, modifiedMs: -1, versions: [{ version: '3', share: 1 }] }],
    metrics,
    windows,
    windowsPlanned: 2,
    windowS: 60,
    isWhole: true,
    stretches: [],
    sources: [],
    spend: { estimatedUsd: 0, spentUsd: 0, capUsd: 0.05 },
    warnings: [],
    ...change,
  };
}
const codes = (evidence: ProductionEvidence) => concludeObservation(evidence).warnings.map(({ code }) => code);

// us-east-1, x86_64: $0.0000041667 per GB-second configured, $0.0000097222 in place of $0.0000166667 for what runs in it.
const configured = 2 * 304 * 3600 * 0.0000041667 * months;
const calls = 304_000 * months;

describe('provisioned concurrency', () => {
  it('is a charge of its own, and what ran in it is billed at its price', () => {
    const { total, versions, days } = concludeObservation(
      evidenceOf({}, { served: series(900), spilled: series(100) }),
    );
    const charges = total.chargesUsdPerMonth;
    expect(charges?.provisioned).toBeCloseTo(configured, 6);
    expect(charges?.duration).toBeCloseTo(calls * (0.9 * 0.0000097222 + 0.1 * 0.0000166667), 6);
    expect(charges?.requests).toBeCloseTo(calls * 0.0000002, 9);
    const { requests = 0, duration = 0, init = 0, provisioned, snapStart = 0, storage = 0 } = charges ?? {};
    const sum = requests + duration + init + (provisioned ?? 0) + snapStart + storage;
    expect(total.costPerMonthUsd?.estimate).toBeCloseTo(sum, 9);
    expect(charges?.total).toBe(total.costPerMonthUsd?.estimate);
    expect(total.costPerMillionUsd?.estimate).toBeCloseTo((sum / calls) * 1e6, 6);
    expect(versions[0]?.costPerMonthUsd?.estimate).toBeCloseTo(sum, 9);
    const byDay = days.reduce((all, { costUsd }) => all + (costUsd ?? 0), 0);
    // Of days in which records were read.
    expect(byDay).toBeGreaterThan(0);
    expect(total.provisioned).toEqual([
      {
        qualifier: 'live',
        environments: 2,
        meanEnvironments: 2,
        configuredUsdPerMonth: expect.objectContaining({ estimate: charges?.provisioned }),
        durationUsdPerMonth: expect.closeTo(calls * 0.9 * 0.0000097222, 6),
        invocations: 273_600,
        spilledInvocations: 30_400,
        use: 0.125,
        breakEvenUse: expect.closeTo(0.6, 3),
      },
    ]);
  });

  it('that was configured in the period is what CloudWatch tells of the time before', () => {
    const config = {
      qualifier: 'live',
      environments: 8,
      modifiedMs: 200 * hourMs,
      versions: [{ version: '3', share: 1 }],
    };
    // Nothing for 100 hours, then four of which three were in use at once; from hour 150 on nobody calls until eight are configured.
    const read = { most: series(3, 100, 150), use: series(0.75, 100, 150), served: series(900, 100, 304) };
    const evidence = evidenceOf({ provisioned: [config] }, read);
    const [row] = concludeObservation(evidence).total.provisioned ?? [];
    expect(row?.meanEnvironments).toBeCloseTo((50 * 4 + 50 * 4 + 104 * 8) / 304, 9);
    const usd = (environmentHours: number) => environmentHours * 3600 * 0.0000041667 * months;
    expect(row?.configuredUsdPerMonth?.low).toBeCloseTo(usd(50 * 4 + 104 * 8), 6);
    expect(row?.configuredUsdPerMonth?.high).toBeCloseTo(usd(100 * 4 + 50 * 4 + 50 * 8 + 104 * 8), 6);
    expect(codes(evidence)).toContain('provisionedAssumed');
  });

  it('is none where all calls ran on demand', () => {
    const config = {
      qualifier: 'live',
      environments: 8,
      modifiedMs: 200 * hourMs,
      versions: [{ version: '3', share: 1 }],
    };
    const evidence = evidenceOf({ provisioned: [config] }, { calls: series(1000) });
    const { meanEnvironments, configuredUsdPerMonth } = concludeObservation(evidence).total.provisioned?.[0] ?? {};
    expect(meanEnvironments).toBeCloseTo((104 * 8) / 304, 9);
    expect(configuredUsdPerMonth?.low).toBe(configuredUsdPerMonth?.high);
    expect(codes(evidence)).not.toContain('provisionedAssumed');
  });

  it('of a function that nobody called is all of its cost', () => {
    const evidence = evidenceOf({ windows: [], sources: [] });
    const idle = { ...evidence, metrics: { ...(evidence.metrics as MetricsRead), calls: none, meanDurationMs: none } };
    const observation = concludeObservation(idle);
    expect(observation.total.costPerMonthUsd?.estimate).toBeCloseTo(configured, 6);
    expect(observation.total.costPerMillionUsd).toBeNull();
    expect(renderObservationTable(observation, { columns: 200, color: false })).toMatch(
      /^orders:live was not called in the period; its provisioned concurrency costs \$21\.89 a month\./,
    );
  });

  it('whose price or presence is not known is said, and not in the total', () => {
    const without = concludeObservation(evidenceOf({ provisioned: [] }));
    expect(without.total.provisioned).toBeUndefined();
    const unpriced = concludeObservation(evidenceOf({ costModel: { ...costModel, source: 'option' } }));
    expect(unpriced.total.chargesUsdPerMonth?.provisioned).toBeNull();
    expect(unpriced.total.costPerMonthUsd).toEqual(without.total.costPerMonthUsd);
    expect(unpriced.warnings.map(({ code }) => code)).toContain('provisionedUnpriced');
    const unreadable = concludeObservation(evidenceOf({ provisioned: undefined }));
    expect(unreadable.total.provisioned).toBeNull();
    expect(renderObservationTable(unreadable, { columns: 200, color: false })).toMatch(
      /a month, without its provisioned concurrency, whose cost is not known,[\s\S]*provisioned concurrency not known;/,
    );
    expect(codes(evidenceOf({ metrics: undefined }))).toContain('provisionedUncounted');
  });

  it('that an alias had once is told by the calls in it', () => {
    const evidence = evidenceOf({ provisioned: [], functionName: 'orders' });
    const metrics = { ...(evidence.metrics as MetricsRead), provisioned: [], provisionedOfAll: series(10) };
    expect(codes({ ...evidence, metrics })).toContain('provisionedGone');
  });
});
