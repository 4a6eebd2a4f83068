import { keyOf } from '../model/configuration.ts';
import { daysPerMonth, type Interval, type ObservedFigures, type ObservedVersion } from '../model/observation.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { ObservedCall } from './calls.ts';
import { type Amount, one, quantilesOf, ratioOf } from './estimate.ts';
import { type Evidence, type MetricsRead, sumOf } from './evidence.ts';
import { dayMs } from './period.ts';

/** All calls of the period together. */
export function totalFigures(evidence: Evidence): ObservedFigures {
  const { metrics, windows } = evidence;
  const counted = metrics === undefined ? undefined : sumOf(metrics.calls);
  const standsFor = windows.reduce((sum, window) => sum + (window.calls.length > 0 ? window.standsFor : 0), 0);
  const invocations = counted ?? standsFor;
  const isRead = windows.some(({ calls }) => calls.length > 0);
  const cost = isRead
    ? ratioOf(windows, ({ costUsd }) => costUsd, one, evidence)
    : costByMetrics(evidence, counted ?? 0);
  const read = recordFigures(evidence, () => true);
  return {
    ...read,
    ...costFigures(cost, invocations, evidence),
    invocations,
    invocationsAre: counted === undefined && !evidence.isWhole ? 'estimated' : 'exact',
    durationMs: isRead || metrics === undefined ? read.durationMs : durationsByMetrics(metrics),
  };
}

/** One for each version, memory size and architecture; their costs add up to that of all. */
export function versionFigures(evidence: Evidence, total: ObservedFigures): readonly ObservedVersion[] {
  const groups = new Map<string, ObservedCall[]>();
  for (const { calls } of evidence.windows) {
    for (const call of calls) {
      const key = groupOf(call);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [call]);
      else group.push(call);
    }
  }
  const figures = [...groups].flatMap(([key, calls]) => {
    const [first] = calls;
    if (first === undefined) return [];
    const isOwn = (call: ObservedCall) => groupOf(call) === key;
    const share = ratioOf(evidence.windows, own(isOwn, one), one, evidence)?.estimate;
    const counted = evidence.metrics?.byVersion.get(first.version);
    const isAlone = [...groups.keys()].filter((other) => other.startsWith(`${first.version} `)).length === 1;
    const exact = counted !== undefined && isAlone ? sumOf(counted) : undefined;
    const isAll = groups.size === 1;
    const invocations = isAll
      ? total.invocations
      : (exact ?? (share ?? calls.length / allCalls(evidence)) * total.invocations);
    const cost = ratioOf(
      evidence.windows,
      own(isOwn, ({ costUsd }) => costUsd),
      own(isOwn, one),
      evidence,
    );
    const times = calls.map(({ atMs }) => atMs);
    return [
      {
        version: first.version,
        memoryMb: first.memoryMb,
        architecture: first.isGuessed ? null : first.architecture,
        runtime: first.runtime,
        firstSeen: isoOf(times.reduce((least, at) => Math.min(least, at))),
        lastSeen: isoOf(times.reduce((most, at) => Math.max(most, at))),
        ...recordFigures(evidence, isOwn),
        ...costFigures(cost, invocations, evidence),
        invocations,
        invocationsAre:
          (isAll && total.invocationsAre === 'exact') || exact !== undefined
            ? ('exact' as const)
            : ('estimated' as const),
      },
    ];
  });
  return adjusted(figures, total).toSorted((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1));
}

/** Parts are estimated one by one; a factor near 1 makes them the parts of the whole. */
function adjusted(parts: readonly ObservedVersion[], total: ObservedFigures): readonly ObservedVersion[] {
  const sum = parts.reduce((all, { costPerMonthUsd }) => all + (costPerMonthUsd?.estimate ?? 0), 0);
  const whole = total.costPerMonthUsd?.estimate;
  if (whole === undefined || !(sum > 0) || parts.some(({ costPerMonthUsd }) => costPerMonthUsd === null)) return parts;
  const factor = whole / sum;
  return parts.map((part) => ({
    ...part,
    costPerMonthUsd: scaled(part.costPerMonthUsd, factor),
    costPerMillionUsd: scaled(part.costPerMillionUsd, factor),
  }));
}

type FromRecords = Pick<
  ObservedFigures,
  'durationMs' | 'coldShare' | 'initMs' | 'maxMemoryUsedMb' | 'timedOutShare' | 'outOfMemoryShare'
>;

function recordFigures(evidence: Evidence, isOwn: (call: ObservedCall) => boolean): FromRecords {
  const { windows } = evidence;
  const durations = quantilesOf(windows, (call) => (isOwn(call) ? call.durationMs : undefined), [0.5, 0.95, 0.99]);
  const inits = quantilesOf(windows, (call) => (isOwn(call) ? call.initMs : undefined), [0.5, 0.95]);
  const shareOf = (is: (call: ObservedCall) => boolean): Interval | null => {
    const found = ratioOf(windows, (call) => Number(isOwn(call) && is(call)), own(isOwn, one), evidence);
    return found === undefined ? null : { ...found, high: Math.min(1, found.high) };
  };
  const marks = windows.flatMap(({ calls }) => calls.filter(isOwn)).map(({ maxMemoryUsedMb }) => maxMemoryUsedMb);
  return {
    durationMs:
      durations === undefined ? null : { p50: durations[0] ?? 0, p95: durations[1] ?? 0, p99: durations[2] ?? 0 },
    coldShare: shareOf(({ initMs }) => initMs !== undefined),
    initMs: inits === undefined ? null : { p50: inits[0] ?? 0, p95: inits[1] ?? 0 },
    maxMemoryUsedMb: marks.length === 0 ? null : marks.reduce((most, mark) => Math.max(most, mark)),
    timedOutShare: shareOf(({ outcome }) => outcome === 'timedOut'),
    outOfMemoryShare: shareOf(({ outcome }) => outcome === 'outOfMemory'),
  };
}

function costFigures(perCallUsd: Interval | undefined, invocations: number, { period }: Evidence) {
  const perMonth = (invocations / (period.toMs - period.fromMs)) * dayMs * daysPerMonth;
  return {
    costPerMillionUsd: perCallUsd === undefined ? null : scaled(perCallUsd, 1e6),
    costPerMonthUsd: perCallUsd === undefined ? null : scaled(perCallUsd, perMonth),
  };
}

/**
 * Without records: mean durations at the memory sizes of the versions that are known. Each call is rounded up to a millisecond,
 * which is between nothing and 1 ms. Billed init is not in it.
 */
function costByMetrics({ metrics, current, versions, costModel }: Evidence, invocations: number): Interval | undefined {
  if (metrics === undefined || !(invocations > 0)) return undefined;
  let billed = 0;
  for (const [at, calls] of metrics.calls) billed += calls * (metrics.meanDurationMs.get(at) ?? 0);
  const counted = [...metrics.byVersion].map(([version, calls]) => ({
    facts: versions.get(version) ?? current,
    calls: sumOf(calls),
  }));
  const parts = counted.some(({ calls }) => calls > 0) ? counted : [{ facts: current, calls: invocations }];
  const all = parts.reduce((sum, { calls }) => sum + calls, 0);
  const at = (extraMs: number) =>
    parts.reduce((sum, { facts, calls }) => {
      const { architecture, memoryMb, ephemeralStorageMb } = facts;
      const billedDurationMs = billed / invocations + extraMs;
      return (
        sum +
        (calls / all) * invocationCostUsd({ architecture, memoryMb, billedDurationMs, ephemeralStorageMb }, costModel)
      );
    }, 0);
  return { estimate: at(0.5), low: at(0), high: at(1) };
}

function durationsByMetrics({ calls, durationMs }: MetricsRead): ObservedFigures['durationMs'] {
  const byDay = new Map<number, number>();
  for (const [at, count] of calls) byDay.set(dayOf(at), (byDay.get(dayOf(at)) ?? 0) + count);
  const meanOf = (series: ReadonlyMap<number, number>) => {
    let [sum, weight] = [0, 0];
    for (const [at, value] of series) {
      sum += value * (byDay.get(dayOf(at)) ?? 0);
      weight += byDay.get(dayOf(at)) ?? 0;
    }
    return weight > 0 ? sum / weight : undefined;
  };
  const [p50, p95, p99] = [meanOf(durationMs.p50), meanOf(durationMs.p95), meanOf(durationMs.p99)];
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}

function dayOf(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs;
}

function own(isOwn: (call: ObservedCall) => boolean, amount: Amount): Amount {
  return (call) => (isOwn(call) ? amount(call) : 0);
}

function groupOf(call: ObservedCall): string {
  return `${call.version} ${keyOf(call)}`;
}

function allCalls({ windows }: Evidence): number {
  return windows.reduce((sum, { calls }) => sum + calls.length, 0);
}

function scaled<T extends Interval | null>(interval: T, factor: number): T {
  if (interval === null) return interval;
  const { estimate, low, high } = interval;
  return { estimate: estimate * factor, low: low * factor, high: high * factor } as T;
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
