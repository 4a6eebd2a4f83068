import { pastSeries } from '../../src/local/testing/production/pastSeries.ts';
import {
  callsIn,
  memoryUsedMb,
  minutesIn,
  requestIdOf,
  type SyntheticProduction,
  usualBytesPerCall,
} from '../../src/local/testing/production/syntheticProduction.ts';
import { totalsOf } from '../../src/local/testing/production/totals.ts';
import type {
  MetricQuery,
  MetricSeries,
  Production,
  ProductionRecord,
  TimeRange,
  VersionFacts,
} from '../../src/model/production/production.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';

/** Synthetic production as `observe` reads it, without a network, and what it truly costs. */

export const costModel = costModelFor('us-east-1');

export const facts = (version = '1', memoryMb = 512): VersionFacts => ({
  version,
  memoryMb,
  architecture: 'x86_64',
  runtime: 'nodejs22.x',
  packageType: 'Zip',
  timeoutS: 30,
  ephemeralStorageMb: 512,
  snapStart: false,
});

export const dayMs = 86_400_000;
/** A Monday. */
export const beginning = Date.UTC(2026, 9, 5);

export function month(seed: number, change: Partial<SyntheticProduction> = {}, days = 28): SyntheticProduction {
  return {
    seed,
    range: { fromMs: beginning, toMs: beginning + days * dayMs },
    callsPerDay: 33_000,
    meanMs: 120,
    coldShare: 0.01,
    ...change,
  };
}

interface TrueBill {
  readonly usd: number;
  readonly calls: number;
  readonly cold: number;
}

/** Every call of the period, one by one. */
export function trueBill(of: SyntheticProduction): TrueBill {
  const { calls, cold, billed } = totalsOf(of, of.range.fromMs, of.range.toMs);
  const { gbSecondUsd, requestUsd } = costModel;
  let usd = 0;
  for (const [memoryMb, own] of billed) {
    usd += (own.ms / 1000) * (memoryMb / 1024) * gbSecondUsd.x86_64 + own.calls * requestUsd.x86_64;
  }
  return { usd, calls, cold };
}

function recordsOf(of: SyntheticProduction, range: TimeRange): readonly ProductionRecord[] {
  const records: ProductionRecord[] = [];
  for (const minute of minutesIn(of, range.fromMs, range.toMs)) {
    callsIn(of, minute).forEach((call, index) => {
      if (call.atMs < range.fromMs || call.atMs >= range.toMs) return;
      records.push({
        atMs: call.atMs,
        stream: `2026/10/01/[${call.version}]${call.environment.toString(16).padStart(32, '0')}`,
        version: call.version,
        report: {
          requestId: requestIdOf(minute, index),
          durationMs: call.durationMs,
          billedDurationMs: call.billedMs,
          memorySizeMb: call.memoryMb,
          maxMemoryUsedMb: memoryUsedMb(call),
          ...(call.initMs === undefined ? {} : { initDurationMs: call.initMs }),
          ...(call.outcome === 'timeout' ? { status: 'timeout' } : {}),
        },
      });
    });
  }
  return records.sort((one, other) => one.atMs - other.atMs);
}

/** What CloudWatch answers to one query. */
function seriesOf(of: SyntheticProduction, query: MetricQuery, { fromMs, toMs }: TimeRange): MetricSeries {
  const { metric, statistic, stepS, dimensions } = query;
  return pastSeries(of, {
    metric,
    statistic,
    fromMs,
    toMs,
    stepMs: stepS * 1000,
    version: dimensions.ExecutedVersion,
  });
}

export function productionOf(of: SyntheticProduction): Production {
  return {
    metrics: async (queries, range) => new Map(queries.map((query) => [query.id, seriesOf(of, query, range)])),
    logGroup: async () => ({ name: '/aws/lambda/orders', storedBytes: 0, isStandard: true }),
    records: async (_source, range) => {
      const records = recordsOf(of, range);
      return { records, bytesScanned: records.length * (of.bytesPerCall ?? usualBytesPerCall) };
    },
  };
}
