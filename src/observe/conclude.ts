import { daysPerMonth } from '../model/amounts.ts';
import { type Observation, observationSchemaVersion } from '../model/production/observation.ts';
import type { Interval } from '../model/production/observedFigures.ts';
import type { Warning } from '../model/warning.ts';
import { logGbUsd } from '../pricing/monthlyPrices.ts';
import { bytesPerGb } from '../pricing/readingCost.ts';
import { restoreCostUsd } from '../pricing/snapStartCost.ts';
import { formatMemory, formatMemorySizes } from '../text/format.ts';
import { changesOf } from './changes.ts';
import { deployedSizes } from './cost.ts';
import { cutAtChanges } from './cutStrata.ts';
import { one, quantilesOf, ratioOfAmounts } from './estimate.ts';
import { type ProductionEvidence, sumOf } from './evidence.ts';
import { isoOf, onDemandFigures, totalFigures, versionFigures } from './figures.ts';
import { idleLifeOf } from './idleLife.ts';
import { dayMs, dayOf, hourOf, minuteMs, weekdayOf } from './period.ts';
import { type Provisioned, provisionedOf } from './provisioned.ts';
import { provisionedWarnings } from './provisionedWarnings.ts';
import { type Required, sinceChangeOf } from './sinceChange.ts';
import { worthOf } from './worth.ts';

export interface Asked {
  /** `--since-change`; `last`: without a date. */
  readonly sinceChangeMs?: number | 'last' | undefined;
  readonly required?: Required | undefined;
  /** Time of the processor in a call, where Lambda Insights tells it. */
  readonly cpuMs?: Interval | undefined;
}

/** Everything that was read → what is said of it. @throws TuneError NOT_MEASURED where a change was asked for and there is none */
export function concludeObservation(read: ProductionEvidence, asked: Asked = {}): Observation {
  const date = typeof asked.sinceChangeMs === 'number' ? [asked.sinceChangeMs] : [];
  const changes = changesOf(read, date);
  const deployed = changes.filter(({ kind }) => kind !== 'unknown' && kind !== 'date');
  const evidence = {
    ...read,
    windows: cutAtChanges(
      read,
      deployed.map(({ at }) => Date.parse(at)),
    ),
  };
  const { period, metrics, windows, current } = evidence;
  const provisioned = provisionedOf(evidence);
  const onDemand = onDemandFigures(evidence);
  const total = totalFigures(evidence, provisioned, onDemand);
  const versions = versionFigures(evidence, provisioned, onDemand);
  const records = windows.reduce((sum, { calls }) => sum + calls.length, 0);
  const logBytes = metrics === undefined || metrics.logBytes.size === 0 ? undefined : sumOf(metrics.logBytes);
  const environments = environmentsOf(evidence);
  const months = (period.toMs - period.fromMs) / dayMs / daysPerMonth;
  return {
    schemaVersion: observationSchemaVersion,
    tool: { name: 'lambda-tune', version: evidence.toolVersion },
    function: evidence.functionName,
    region: evidence.region,
    since: isoOf(period.fromMs),
    until: isoOf(period.toMs),
    seed: evidence.seed,
    sources: evidence.sources,
    sample: {
      windows: windows.length,
      windowsPlanned: evidence.windowsPlanned,
      secondsPerWindow: Math.round(evidence.windowS),
      records,
      isWhole: evidence.isWhole,
      endedBy: evidence.endedBy,
    },
    spend: evidence.spend,
    current: {
      version: current.version,
      memoryMb: current.memoryMb,
      architecture: current.architecture,
      runtime: current.runtime,
      timeoutS: current.timeoutS,
    },
    triggers: evidence.triggers,
    total: {
      ...total,
      errors: metrics === undefined ? null : sumOf(metrics.errors),
      throttles: metrics === undefined ? null : sumOf(metrics.throttles),
      provisioned:
        evidence.provisioned === undefined ? null : provisioned.rows.length === 0 ? undefined : provisioned.rows,
      logsUsdPerMonth: logBytes === undefined ? null : ((logBytes / bytesPerGb) * logGbUsd) / months,
      peakConcurrency:
        metrics === undefined || metrics.concurrency.size === 0 ? null : mostOf(metrics.concurrency.values()),
    },
    versions,
    environments,
    days: daysOf(evidence, provisioned),
    concurrency: heatOf(evidence),
    traffic: trafficOf(evidence, environments),
    downstream: evidence.downstream,
    cpuMs: asked.cpuMs,
    changes,
    sinceChange:
      asked.sinceChangeMs === undefined ? undefined : sinceChangeOf(changes, date.length > 0, asked.required),
    worth: worthOf(evidence, total, asked.cpuMs, provisioned.addedTodayUsd),
    warnings: [
      ...(evidence.warnings ?? []),
      ...warningsOf(evidence, records),
      ...provisionedWarnings(evidence, provisioned, versions, changes.length > 0),
    ],
  };
}

function environmentsOf({ windows, stretches, current }: ProductionEvidence): Observation['environments'] {
  const marks = new Map<string, number>();
  let highest = 0;
  for (const { stream, maxMemoryUsedMb, memoryMb } of windows.flatMap(({ calls }) => calls)) {
    marks.set(stream, Math.max(marks.get(stream) ?? 0, maxMemoryUsedMb));
    if (memoryMb === current.memoryMb) highest = Math.max(highest, maxMemoryUsedMb);
  }
  const ordered = [...marks.values()].sort((one, other) => one - other);
  const at = (share: number) => ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)] ?? 0;
  return {
    seen: ordered.length,
    highWaterMb: ordered.length === 0 ? null : { p50: at(0.5), p95: at(0.95), max: at(1) },
    headroomShare: highest === 0 ? null : Math.min(1, Math.max(0, 1 - highest / current.memoryMb)),
    idleLifeS: idleLifeOf(stretches) ?? null,
  };
}

function daysOf(evidence: ProductionEvidence, { byDay }: Provisioned): Observation['days'] {
  const { metrics, windows } = evidence;
  if (metrics === undefined) return [];
  const days = new Map<number, { calls: number; errors: number; throttles: number }>();
  const add = (series: ReadonlyMap<number, number>, key: 'calls' | 'errors' | 'throttles') => {
    for (const [at, value] of series) {
      const day = days.get(dayOf(at)) ?? { calls: 0, errors: 0, throttles: 0 };
      days.set(dayOf(at), { ...day, [key]: day[key] + value });
    }
  };
  add(metrics.calls, 'calls');
  add(metrics.errors, 'errors');
  add(metrics.throttles, 'throttles');
  const { p50, p95, p99 } = metrics.durationMs;
  return [...days]
    .toSorted(([a], [b]) => a - b)
    .map(([day, { calls, errors, throttles }]) => {
      const own = windows.filter(({ fromMs }) => dayOf(fromMs) === day).map((window) => ({ ...window, stratum: '' }));
      const perCall = ratioOfAmounts(own, ({ costUsd }) => costUsd, one, { isWhole: true });
      const durations = [p50.get(day), p95.get(day), p99.get(day)] as const;
      return {
        day: isoOf(day).slice(0, 10),
        invocations: calls,
        errors,
        throttles,
        costUsd: perCall === undefined ? null : Math.max(0, perCall.estimate * calls + (byDay.get(day) ?? 0)),
        durationMs:
          durations[0] === undefined || durations[1] === undefined || durations[2] === undefined
            ? null
            : { p50: durations[0], p95: durations[1], p99: durations[2] },
      };
    });
}

function heatOf({ metrics }: ProductionEvidence): Observation['concurrency'] {
  if (metrics === undefined || metrics.concurrency.size === 0) return null;
  const heat = Array.from({ length: 7 }, () => new Array<number | null>(24).fill(null));
  for (const [at, value] of metrics.concurrency) {
    const row = heat[weekdayOf(at)];
    if (row !== undefined) row[hourOf(at)] = Math.max(row[hourOf(at)] ?? 0, value);
  }
  return heat;
}

/** The minutes in which it was called, and what a replay of them needs to know of its calls. */
function trafficOf(
  { metrics, period, windows }: ProductionEvidence,
  { idleLifeS }: Observation['environments'],
): Observation['traffic'] {
  if (metrics === undefined || metrics.perMinute.size === 0) return undefined;
  const fromMs = metrics.minutesFromMs;
  const minutes = Math.max(1, Math.floor((period.toMs - fromMs) / minuteMs));
  const durations = quantilesOf(windows, ({ durationMs }) => durationMs, handedOn);
  const calls = sumOf(metrics.calls);
  return {
    startsAt: isoOf(fromMs),
    minutesEach: 1,
    counts: Array.from({ length: minutes }, (_, index) => metrics.perMinute.get(fromMs + index * minuteMs) ?? 0),
    durationQuantilesMs: durations?.map((ms, index) => ({ share: handedOn[index] ?? 1, ms })),
    idleLifeS:
      idleLifeS === null || idleLifeS.estimate <= 0
        ? undefined
        : { estimate: idleLifeS.estimate, low: idleLifeS.low, high: idleLifeS.high ?? undefined },
    logBytesPerCall: calls > 0 && metrics.logBytes.size > 0 ? sumOf(metrics.logBytes) / calls : undefined,
  };
}

/** Each hundredth, and the end of the tail. */
const handedOn = [...Array.from({ length: 99 }, (_, index) => (index + 1) / 100), 0.995, 0.999];

function warningsOf(evidence: ProductionEvidence, records: number): readonly Warning[] {
  const { windows, metrics, current, costModel, isWhole, windowsPlanned } = evidence;
  const calls = windows.flatMap((window) => window.calls);
  const warnings: Warning[] = [];
  const warn = (code: string, text: string) => warnings.push({ code, text });
  if (records === 0 && metrics !== undefined && sumOf(metrics.calls) > 0) {
    warn(
      'noRecords',
      `No REPORT was read: costs are those of the mean duration in CloudWatch, without billed init; cold starts and memory are not known.${sizesText(evidence)}`,
    );
  }
  if (calls.some(({ isGuessed }) => isGuessed)) {
    warn('versionsGone', 'Versions that were deleted are priced as the function is today, at their own memory size.');
  }
  if (
    calls.some(({ initMs }) => initMs !== undefined) &&
    current.snapStart &&
    restoreCostUsd(current.runtime, 1024, costModel) === undefined
  ) {
    warn('restoreUnpriced', `What SnapStart costs in ${costModel.region} is not known: it is not in the cost.`);
  }
  if (evidence.endedBy !== undefined) {
    warn(
      'endedEarly',
      `Reading was ended by ${endedWords[evidence.endedBy]}: ${windows.length} of ${windowsPlanned} stretches were read, and the intervals are those of what was.`,
    );
  }
  const counted = metrics === undefined ? 0 : sumOf(metrics.calls);
  if (isWhole && counted > 0 && records > 0 && Math.abs(records / counted - 1) > 0.05) {
    warn(
      'countsDiffer',
      `CloudWatch counts ${Math.round(counted)} calls, the logs hold ${records} REPORTs: some are missing there, or belong to other callers.`,
    );
  }
  return warnings;
}

/** Counts by name tell no memory size. */
function sizesText(evidence: ProductionEvidence): string {
  const { metrics, current, period } = evidence;
  if (metrics === undefined || metrics.byVersion.size > 0) return '';
  const others = deployedSizes(evidence).filter((memoryMb) => memoryMb !== current.memoryMb);
  const isChanged = (current.lastModifiedMs ?? 0) > period.fromMs;
  if (others.length === 0 && !isChanged) return '';
  const sizes = others.length === 0 ? '' : `; versions of ${formatMemorySizes(others)} may have answered, too`;
  return ` Calls are priced at the ${formatMemory(current.memoryMb)} of today${sizes}${isChanged ? '; what it was set to before it was modified in the period is not known' : ''}.`;
}

const endedWords = { cap: 'the cap (--max-spend-usd)', interrupt: 'an interrupt', failure: 'a failure' } as const;

function mostOf(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}
