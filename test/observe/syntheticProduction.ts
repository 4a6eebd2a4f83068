import type {
  MetricQuery,
  MetricSeries,
  Production,
  ProductionRecord,
  TimeRange,
  VersionFacts,
} from '../../src/model/production.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';

/** A month of production with a known truth, made minute by minute from a seed when it is asked for. */
export interface SyntheticProduction {
  readonly seed: number;
  readonly range: TimeRange;
  readonly callsPerDay: number;
  readonly meanMs: number;
  readonly coldShare: number;
  /** From when on another version, size or speed. */
  readonly eras?: readonly Era[];
  /** How much days differ, as a share. */
  readonly dayNoise?: number;
  readonly bytesPerCall?: number;
  readonly timedOutShare?: number;
}

interface Era {
  readonly fromMs: number;
  readonly version: string;
  readonly memoryMb: number;
  readonly factor: number;
}

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

const minuteMs = 60_000;
const dayMs = 86_400_000;

function eraAt({ eras = [] }: SyntheticProduction, atMs: number): Era {
  return eras.findLast(({ fromMs }) => fromMs <= atMs) ?? { fromMs: 0, version: '1', memoryMb: 512, factor: 1 };
}

/** Busy by day and on working days. */
function ratePerMinute({ callsPerDay }: SyntheticProduction, atMs: number): number {
  const hour = (atMs % dayMs) / 3_600_000;
  const isWeekend = [0, 6].includes(new Date(atMs).getUTCDay());
  return ((callsPerDay / 1440) * (1 + 0.7 * Math.sin(((hour - 8) / 12) * Math.PI)) * (isWeekend ? 0.5 : 1.2)) / 1.0;
}

interface Call {
  readonly atMs: number;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly initMs: number | undefined;
  readonly environment: number;
  readonly isTimedOut: boolean;
}

function minuteRandom(of: SyntheticProduction, minute: number, salt: number): Random {
  return seededRandom((Math.imul(of.seed + 1, 0x9e3779b1) ^ Math.imul(minute + 1, 0x85ebca6b) ^ salt) >>> 0);
}

function countIn(of: SyntheticProduction, minute: number): number {
  return poisson(ratePerMinute(of, minute * minuteMs), minuteRandom(of, minute, 1));
}

function callsIn(of: SyntheticProduction, minute: number): readonly Call[] {
  const count = countIn(of, minute);
  if (count === 0) return [];
  const random = minuteRandom(of, minute, 2);
  const startMs = minute * minuteMs;
  const day = Math.floor(startMs / dayMs);
  const noise = 1 + (of.dayNoise ?? 0) * normal(minuteRandom(of, day, 3));
  const byHour =
    1 + 0.15 * Math.sin(((startMs % dayMs) / dayMs) * 2 * Math.PI) + (new Date(startMs).getUTCDay() === 1 ? 0.08 : 0);
  const level = of.meanMs * eraAt(of, startMs).factor * noise * byHour;
  const sigma = 0.7;
  return Array.from({ length: count }, () => {
    const isTimedOut = of.timedOutShare !== undefined && random() < of.timedOutShare;
    const drawnMs = isTimedOut ? 30_000 : level * Math.exp(sigma * normal(random) - (sigma * sigma) / 2);
    const durationMs = Math.round(drawnMs * 100) / 100;
    const isCold = random() < of.coldShare;
    const initMs = isCold ? Math.round(40_000 * Math.exp(0.3 * normal(random))) / 100 : undefined;
    return {
      atMs: startMs + Math.floor(random() * minuteMs),
      durationMs,
      initMs,
      billedMs: Math.ceil(Math.round((durationMs + (initMs ?? 0)) * 100) / 100),
      environment: isCold ? Math.floor(1e9 * random()) : Math.floor(20 * random()),
      isTimedOut,
    };
  });
}

/** Every call of the period, one by one. */
export function trueBill(of: SyntheticProduction): {
  readonly usd: number;
  readonly calls: number;
  readonly cold: number;
} {
  const total = { usd: 0, calls: 0, cold: 0 };
  for (let minute = of.range.fromMs / minuteMs; minute < of.range.toMs / minuteMs; minute += 1) {
    const { memoryMb } = eraAt(of, minute * minuteMs);
    for (const { billedMs, initMs } of callsIn(of, minute)) {
      total.usd += (billedMs / 1000) * (memoryMb / 1024) * costModel.gbSecondUsd.x86_64 + costModel.requestUsd.x86_64;
      total.calls += 1;
      if (initMs !== undefined) total.cold += 1;
    }
  }
  return total;
}

export function recordsOf(of: SyntheticProduction, range: TimeRange): readonly ProductionRecord[] {
  const records: ProductionRecord[] = [];
  for (let minute = Math.floor(range.fromMs / minuteMs); minute * minuteMs < range.toMs; minute += 1) {
    const { version, memoryMb } = eraAt(of, minute * minuteMs);
    for (const [index, call] of callsIn(of, minute).entries()) {
      if (call.atMs < range.fromMs || call.atMs >= range.toMs) continue;
      records.push({
        atMs: call.atMs,
        stream: `2026/10/01/[${version}]${call.environment.toString(16).padStart(32, '0')}`,
        version,
        report: {
          requestId: `${minute.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
          durationMs: call.durationMs,
          billedDurationMs: call.billedMs,
          memorySizeMb: memoryMb,
          maxMemoryUsedMb: 100 + (call.environment % 40),
          ...(call.initMs === undefined ? {} : { initDurationMs: call.initMs }),
          ...(call.isTimedOut ? { status: 'timeout' } : {}),
        },
      });
    }
  }
  return records.sort((one, other) => one.atMs - other.atMs);
}

/** What CloudWatch answers to one query. */
export function seriesOf(of: SyntheticProduction, query: MetricQuery, range: TimeRange): MetricSeries {
  const series = new Map<number, number>();
  const stepMs = query.stepS * 1000;
  const version = query.dimensions.ExecutedVersion;
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += stepMs) {
    let count = 0;
    for (let minute = fromMs / minuteMs; minute < (fromMs + stepMs) / minuteMs; minute += 1) {
      if (version === undefined || eraAt(of, minute * minuteMs).version === version) count += countIn(of, minute);
    }
    if (count === 0) continue;
    switch (`${query.metric} ${query.statistic}`) {
      case 'Invocations Sum':
        series.set(fromMs, count);
        break;
      case 'IncomingBytes Sum':
        series.set(fromMs, count * (of.bytesPerCall ?? 400));
        break;
      case 'ConcurrentExecutions Maximum':
        series.set(fromMs, Math.ceil(((count / (stepMs / 1000)) * of.meanMs) / 1000) + 1);
        break;
      case 'Errors Sum':
      case 'Throttles Sum':
        series.set(fromMs, 0);
        break;
    }
  }
  return series;
}

/** The same without a network. */
export function productionOf(of: SyntheticProduction): Production {
  return {
    metrics: async (queries, range) => new Map(queries.map((query) => [query.id, seriesOf(of, query, range)])),
    logGroup: async () => ({ name: '/aws/lambda/orders', storedBytes: 0, isStandard: true }),
    records: async (_source, range) => {
      const records = recordsOf(of, range);
      return { records, bytesScanned: records.length * (of.bytesPerCall ?? 400) };
    },
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: Random): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}
