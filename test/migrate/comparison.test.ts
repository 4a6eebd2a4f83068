import { describe, expect, it } from 'vitest';
import { awsHosts } from '../../src/analysis/hosts.ts';
import { spreadOfCalls } from '../../src/analysis/rows.ts';
import type { Succeeded } from '../../src/analysis/summarize.ts';
import { type ArchitectureSide, breakEvenSlowdown, compareArchitectures } from '../../src/migrate/comparison.ts';
import { decideMove, moveFiguresOf } from '../../src/migrate/decision.ts';
import { migrationDocument } from '../../src/migrate/document.ts';
import { percentileRatio } from '../../src/migrate/percentileRatio.ts';
import { judgePreflight } from '../../src/migrate/preflight/preflight.ts';
import { savingsPerMonth } from '../../src/migrate/savings.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import type { CostModel } from '../../src/model/costModel.ts';
import { invocationCostUsd } from '../../src/pricing/pricing.ts';
import { sampleOf } from '../../src/stats/samples.ts';
import { runSpread } from '../../src/stats/spread.ts';

const costModel: CostModel = {
  region: 'us-east-1',
  gbSecondUsd: { x86_64: 0.0000166667, arm64: 0.0000133334 },
  requestUsd: { x86_64: 0.0000002, arm64: 0.0000002 },
  source: 'table',
  asOf: '2026-11-01',
  confidence: 'published',
};

const payloads = [{ name: 'payload', weight: 1 }];

function side(
  architecture: Architecture,
  memoryMb: number,
  durationsMs: readonly number[],
  environments = 24,
): ArchitectureSide {
  const measurements = durationsMs.map((durationMs, index): Succeeded => {
    const billedDurationMs = Math.ceil(durationMs);
    return {
      outcome: 'succeeded',
      requestId: `${architecture}-${index}`,
      startedAt: '2026-11-23T10:00:00.000Z',
      environment: `${architecture}-${index % environments}`,
      start: 'warm',
      durationMs,
      billedDurationMs,
      maxMemoryUsedMb: 90,
      costUsd: invocationCostUsd({ architecture, memoryMb, billedDurationMs }, costModel),
    };
  });
  return { memoryMb, measurements };
}

function compare(x86: ArchitectureSide, arm: ArchitectureSide) {
  const groups = [
    { architecture: 'x86_64' as const, calls: x86.measurements },
    { architecture: 'arm64' as const, calls: arm.measurements },
  ];
  const spreadOf = (figure: (measurement: Succeeded) => number) => spreadOfCalls(groups, figure, payloads, awsHosts);
  const spreads = { costs: spreadOf(({ costUsd }) => costUsd), durations: spreadOf(({ durationMs }) => durationMs) };
  return compareArchitectures({ x86_64: x86, arm64: arm }, payloads, spreads, { costModel, ephemeralStorageMb: 512 });
}

const repeat = (value: number, count = 100) => Array.from({ length: count }, (_, index) => value + (index % 5) / 100);

describe('comparing two architectures', () => {
  it('divides arm64 by x86_64, and splits the cost in price, memory and duration', () => {
    const comparison = compare(side('x86_64', 1024, repeat(999.5)), side('arm64', 1024, repeat(1099.5)));
    if (comparison === undefined) throw new Error('nothing compared');
    const { causes, costRatio, p95Ratio } = comparison;
    expect(costRatio.estimate).toBeCloseTo((0.0000133334 * 1.1 + 2e-7) / (0.0000166667 + 2e-7), 9);
    expect(causes.price).toBeCloseTo((0.0000133334 + 2e-7) / (0.0000166667 + 2e-7), 9);
    expect(causes.memory).toBe(1);
    expect(causes.price * causes.memory * causes.duration.estimate).toBeCloseTo(costRatio.estimate, 12);
    expect(p95Ratio?.estimate).toBeCloseTo(1.1, 3);
    expect(costRatio.low).toBeLessThan(costRatio.estimate);
  });

  it('tells what another size does to the cost apart from what it does to the duration', () => {
    const comparison = compare(side('x86_64', 1024, repeat(999.5)), side('arm64', 2048, repeat(499.5)));
    expect(comparison?.causes.memory).toBeCloseTo(1.985, 2);
    expect(comparison?.causes.duration.estimate).toBeCloseTo(0.5, 2);
    expect(comparison?.memoryMb).toEqual({ x86_64: 1024, arm64: 2048 });
  });

  it('has no answer without a success, and no p95 with fewer than 20 calls', () => {
    expect(compare(side('x86_64', 1024, repeat(100)), side('arm64', 1024, []))).toBeUndefined();
    expect(compare(side('x86_64', 1024, repeat(100)), side('arm64', 1024, repeat(100, 19)))?.p95Ratio).toBeNull();
  });

  it('does not bound a p95 from above with fewer than 72 calls', () => {
    const sampleWith = (count: number) =>
      sampleOf(repeat(100, count).map((value, index) => ({ value, environment: `e${index % 4}` })));
    const spread = runSpread([sampleWith(100)]);
    const sideWith = (count: number) => ({ sample: sampleWith(count), spread });
    expect(percentileRatio(sideWith(71), sideWith(200), 0.95)?.high).toBeNull();
    expect(percentileRatio(sideWith(72), sideWith(200), 0.95)?.high).toBeGreaterThan(1);
  });

  it('breaks even where arm64 takes a quarter longer, a little less where requests weigh', () => {
    expect(breakEvenSlowdown(1024, 100_000, costModel)).toBeCloseTo(1.25, 4);
    expect(breakEvenSlowdown(128, 1, costModel)).toBeCloseTo(1.25, 4);
    expect(breakEvenSlowdown(1024, 100, { ...costModel, requestUsd: { x86_64: 1e-6, arm64: 0 } })).toBeGreaterThan(1.9);
  });
});

describe('deciding', () => {
  const ratios = (cost: [number, number, number], p95: [number | null, number, number | null] | null) => ({
    costRatio: { low: cost[0], estimate: cost[1], high: cost[2] },
    p95Ratio: p95 && { low: p95[0], estimate: p95[1], high: p95[2] },
  });
  const cheaper = { require: 'cheaper', maxSlowdown: 0.05 } as const;

  it('holds or fails only where the interval says so', () => {
    expect(decideMove(ratios([0.7, 0.76, 0.8], null), 'x86_64', cheaper)).toEqual({
      ...cheaper,
      decided: 'holds',
      cheaper: 'holds',
    });
    expect(decideMove(ratios([0.9, 0.97, 1.01], null), 'x86_64', cheaper).decided).toBe('inconclusive');
    expect(decideMove(ratios([1.02, 1.1, 1.2], null), 'x86_64', cheaper).decided).toBe('fails');
  });

  it('counts a saving that is surely within the tolerance as none', () => {
    expect(decideMove(ratios([0.98, 0.995, 1.01], null), 'x86_64', cheaper, 0.03).decided).toBe('fails');
    expect(decideMove(ratios([0.96, 0.98, 1.01], null), 'x86_64', cheaper, 0.03).decided).toBe('inconclusive');
    expect(decideMove(ratios([0.98, 0.985, 0.99], null), 'x86_64', cheaper, 0.03).decided).toBe('holds');
  });

  it('asks the other way round for a function that is arm64 already', () => {
    expect(decideMove(ratios([0.7, 0.76, 0.8], null), 'arm64', cheaper).decided).toBe('fails');
    expect(decideMove(ratios([1.1, 1.2, 1.3], null), 'arm64', cheaper).decided).toBe('holds');
  });

  it('allows the slowdown that was allowed', () => {
    const notSlower = { require: 'not-slower', maxSlowdown: 0.05 } as const;
    expect(decideMove(ratios([1, 1, 1], [0.98, 1.02, 1.05]), 'x86_64', notSlower).decided).toBe('holds');
    expect(decideMove(ratios([1, 1, 1], [1.01, 1.04, 1.07]), 'x86_64', notSlower).decided).toBe('inconclusive');
    expect(decideMove(ratios([1, 1, 1], [1.06, 1.1, 1.2]), 'x86_64', notSlower).decided).toBe('fails');
    expect(decideMove(ratios([1, 1, 1], [0.98, 1, null]), 'x86_64', notSlower).decided).toBe('inconclusive');
    expect(decideMove(ratios([1, 1, 1], null), 'x86_64', notSlower).decided).toBe('inconclusive');
    expect(decideMove(ratios([1, 1, 1], [null, 0.8, 0.9]), 'arm64', notSlower).decided).toBe('fails');
  });

  it('of both fails with one, and is undecided with one', () => {
    const both = { require: 'both', maxSlowdown: 0 } as const;
    expect(decideMove(ratios([0.7, 0.8, 0.9], [0.8, 0.9, 1]), 'x86_64', both).decided).toBe('holds');
    expect(decideMove(ratios([0.7, 0.8, 0.9], null), 'x86_64', both).decided).toBe('inconclusive');
    expect(decideMove(ratios([1.1, 1.2, 1.3], null), 'x86_64', both).decided).toBe('fails');
  });

  it('turns the figures for the first sentence', () => {
    const comparison = compare(side('x86_64', 1024, repeat(1000)), side('arm64', 512, repeat(1000)));
    if (comparison === undefined) throw new Error('nothing compared');
    expect(moveFiguresOf(comparison, 'x86_64')).toMatchObject({
      to: 'arm64',
      memoryMb: 512,
      costRatio: comparison.costRatio,
    });
    const back = moveFiguresOf(comparison, 'arm64');
    expect(back).toMatchObject({ to: 'x86_64', memoryMb: 1024 });
    expect(back.costRatio.low).toBeCloseTo(1 / comparison.costRatio.high, 12);
  });
});

describe('savings', () => {
  it('scale what is paid today by the ratio of costs and its bounds, so that their sign is the verdict’s', () => {
    const comparison = compare(side('x86_64', 1024, repeat(1000)), side('arm64', 1024, repeat(1000)));
    if (comparison === undefined) throw new Error('nothing compared');
    const costs = {
      ...comparison,
      costUsd: { x86_64: 10e-6, arm64: 6e-6 },
      costRatio: { estimate: 0.6, low: 0.5, high: 0.75 },
    };
    const savings = savingsPerMonth(costs, 'x86_64', 1_000_000);
    expect(savings.requestsPerMonth).toBe(1_000_000);
    expect([savings.usd, savings.low, savings.high].map((usd) => Math.round(usd * 1e6) / 1e6)).toEqual([4, 2.5, 5]);
    expect(savingsPerMonth(costs, 'arm64', 1_000_000).usd).toBeCloseTo(-4, 9);
    expect(savingsPerMonth(costs, 'arm64', 1_000_000).high).toBeLessThan(0);
  });
});

describe('the document of migrate --json', () => {
  it('holds what the pieces say, in the shape that is promised', () => {
    const comparison = compare(side('x86_64', 1024, repeat(1000)), side('arm64', 1024, repeat(1010)));
    if (comparison === undefined) throw new Error('nothing compared');
    const document = migrationDocument({
      tool: { name: 'lambda-tune', version: '1.2.3' },
      runId: 'run',
      function: 'orders',
      current: { memoryMb: 1024, architecture: 'x86_64' },
      preflight: judgePreflight({ wanted: 'arm64', runtime: 'go1.x', layers: [] }),
      verdict: { kind: 'cannot', because: 'notReady', reason: 'it is not ready' },
      comparison,
      required: decideMove(comparison, 'x86_64', { require: 'both', maxSlowdown: 0.05 }),
      smoke: [{ response: { kind: 'equal' }, errors: {} }],
      steps: [],
    });
    expect(document.schemaVersion).toBe(2);
    expect(document.preflight.verdict).toBe('incompatible');
    expect(document.comparison?.memoryMb).toEqual({ x86_64: 1024, arm64: 1024 });
    expect(Object.keys(document).slice(0, 2)).toEqual(['schemaVersion', 'verdict']);
    expect(document.required?.decided).toBe('holds');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
