import type { Architecture } from '../model/configuration.ts';
import type { CostModel } from '../model/costModel.ts';
import type { ProductionRecord, VersionFacts } from '../model/production/production.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { restoreCostUsd } from '../pricing/snapStartCost.ts';
import type { Window } from './samplingPlan.ts';

/** One call of production with what it cost. */
export interface ObservedCall {
  readonly atMs: number;
  readonly stream: string;
  readonly version: string;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly runtime?: string | undefined;
  /** The version is gone, so its settings are those of today. */
  readonly isGuessed: boolean;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly costUsd: number;
  /** What that is made of. */
  readonly chargesUsd: CallCharges;
  /** What it would be billed in provisioned concurrency, where nothing is cold. */
  readonly warmBilledMs: number;
  readonly initMs?: number | undefined;
  readonly maxMemoryUsedMb: number;
  readonly outcome: 'ended' | 'timedOut' | 'outOfMemory';
}

export type CallCharges = Readonly<Record<'requests' | 'duration' | 'init' | 'snapStart' | 'storage', number>>;

export interface ReadWindow extends Window {
  readonly calls: readonly ObservedCall[];
}

/** Since then the init of ZIP functions with a managed runtime is billed; before, it was free. */
const initBilledSinceMs = Date.UTC(2025, 7, 1);

/** What that call would be billed today. */
export function billedTodayMs({ atMs, report }: ProductionRecord, facts: VersionFacts): number {
  const { billedDurationMs, durationMs, initDurationMs } = report;
  const wasFree =
    atMs < initBilledSinceMs &&
    facts.packageType === 'Zip' &&
    !(facts.runtime ?? '').startsWith('provided') &&
    initDurationMs !== undefined &&
    billedDurationMs === Math.ceil(durationMs);
  // One rounding of the sum, as Lambda does it.
  return wasFree ? Math.ceil(Math.round((durationMs + initDurationMs) * 1000) / 1000) : billedDurationMs;
}

export function observedCall(
  record: ProductionRecord,
  versions: ReadonlyMap<string, VersionFacts>,
  current: VersionFacts,
  costModel: CostModel,
): ObservedCall {
  const known = versions.get(record.version);
  const facts = known ?? current;
  const { report } = record;
  const billedMs = billedTodayMs(record, facts);
  const { architecture, runtime, ephemeralStorageMb } = facts;
  const invocation = { architecture, memoryMb: report.memorySizeMb, billedDurationMs: billedMs, ephemeralStorageMb };
  const snapStart =
    report.restoreDurationMs === undefined ? 0 : (restoreCostUsd(runtime, report.memorySizeMb, costModel) ?? 0);
  const callUsd = invocationCostUsd(invocation, costModel);
  const warmBilledMs = Math.min(billedMs, Math.ceil(report.durationMs));
  const isCold = report.initDurationMs !== undefined || report.restoreDurationMs !== undefined;
  const requests = costModel.requestUsd[architecture];
  const timeUsd = invocationCostUsd(
    { architecture, memoryMb: report.memorySizeMb, billedDurationMs: billedMs },
    costModel,
  );
  const init = isCold && billedMs > 0 ? (timeUsd - requests) * (1 - warmBilledMs / billedMs) : 0;
  return {
    atMs: record.atMs,
    stream: record.stream,
    version: record.version,
    memoryMb: report.memorySizeMb,
    architecture,
    runtime: known?.runtime,
    isGuessed: known === undefined,
    durationMs: report.durationMs,
    billedMs,
    costUsd: callUsd + snapStart,
    chargesUsd: { requests, duration: timeUsd - requests - init, init, snapStart, storage: callUsd - timeUsd },
    warmBilledMs,
    initMs: report.initDurationMs ?? report.restoreDurationMs,
    maxMemoryUsedMb: report.maxMemoryUsedMb,
    outcome:
      report.status === 'timeout' || (report.status === undefined && report.durationMs >= 1000 * facts.timeoutS)
        ? 'timedOut'
        : report.errorType === 'Runtime.OutOfMemory'
          ? 'outOfMemory'
          : 'ended',
  };
}

/**
 * Without what a function printed to look like its REPORT: Lambda's own comes last, and everything of that request before it lies
 * within its duration. A repeated asynchronous call has the same id and lies outside.
 */
export function withoutForged(records: readonly ProductionRecord[]): readonly ProductionRecord[] {
  const later = new Map<string, ProductionRecord>();
  const kept: ProductionRecord[] = [];
  for (const record of records.toSorted((one, other) => other.atMs - one.atMs)) {
    const key = `${record.stream} ${record.report.requestId}`;
    const last = later.get(key);
    // Logs and durations are of two clocks.
    const isWithin = last !== undefined && record.atMs >= last.atMs - last.report.durationMs - 1000;
    if (isWithin) continue;
    later.set(key, record);
    kept.push(record);
  }
  return kept.reverse();
}
