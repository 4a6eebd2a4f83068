import { keyOf } from '../model/configuration.ts';
import type { Interval, ObservedFigures, ObservedVersion } from '../model/production/observedFigures.ts';
import type { ObservedCall } from './calls.ts';
import { costByMetrics, costByRecords, costFigures, scaledCharges, withProvisioned } from './cost.ts';
import { one, own, quantilesOf, ratioOfAmounts, scaled } from './estimate.ts';
import { type MetricsRead, type ProductionEvidence, sumOf } from './evidence.ts';
import { dayOf } from './period.ts';
import { type Provisioned, provisionedOf } from './provisioned.ts';

/** All calls of the period together, and what was kept ready for them. */
export function totalFigures(
  evidence: ProductionEvidence,
  provisioned: Provisioned = provisionedOf(evidence),
  onDemand: ObservedFigures = onDemandFigures(evidence),
): ObservedFigures {
  return withProvisioned(onDemand, evidence.provisioned === undefined ? null : provisioned.total, evidence);
}

/** As if nothing were kept ready. */
export function onDemandFigures(evidence: ProductionEvidence): ObservedFigures {
  const { metrics, windows } = evidence;
  const counted = metrics === undefined ? undefined : sumOf(metrics.calls);
  const standsFor = windows.reduce((sum, window) => sum + (window.calls.length > 0 ? window.standsFor : 0), 0);
  const invocations = counted ?? standsFor;
  const isRead = windows.some(({ calls }) => calls.length > 0);
  const cost = isRead ? costByRecords(evidence, () => true) : costByMetrics(evidence, counted ?? 0);
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
export function versionFigures(
  evidence: ProductionEvidence,
  provisioned: Provisioned,
  total: ObservedFigures,
): readonly ObservedVersion[] {
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
    const share = ratioOfAmounts(evidence.windows, own(isOwn, one), one, evidence)?.estimate;
    const counted = evidence.metrics?.byVersion.get(first.version);
    const isAlone = [...groups.keys()].filter((other) => other.startsWith(`${first.version} `)).length === 1;
    const exact = counted !== undefined && isAlone ? sumOf(counted) : undefined;
    const isAll = groups.size === 1;
    const invocations = isAll
      ? total.invocations
      : (exact ?? (share ?? calls.length / allCalls(evidence)) * total.invocations);
    const cost = costByRecords(evidence, isOwn);
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
  const ordered = adjusted(figures, total).toSorted((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1));
  // Of several settings of one version its environments are those of the last.
  const last = new Map(ordered.map((row) => [row.version, row]));
  return ordered.map((row) => {
    const kept = last.get(row.version) === row ? provisioned.byVersion.get(row.version) : undefined;
    return withProvisioned(row, kept, evidence);
  });
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
    chargesUsdPerMonth: part.chargesUsdPerMonth == null ? null : scaledCharges(part.chargesUsdPerMonth, factor),
  }));
}

type FromRecords = Pick<
  ObservedFigures,
  'durationMs' | 'coldShare' | 'initMs' | 'maxMemoryUsedMb' | 'timedOutShare' | 'outOfMemoryShare'
>;

function recordFigures(evidence: ProductionEvidence, isOwn: (call: ObservedCall) => boolean): FromRecords {
  const { windows } = evidence;
  const durations = quantilesOf(windows, (call) => (isOwn(call) ? call.durationMs : undefined), [0.5, 0.95, 0.99]);
  const inits = quantilesOf(windows, (call) => (isOwn(call) ? call.initMs : undefined), [0.5, 0.95]);
  const shareOf = (is: (call: ObservedCall) => boolean): Interval | null => {
    const found = ratioOfAmounts(windows, (call) => Number(isOwn(call) && is(call)), own(isOwn, one), evidence);
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

function groupOf(call: ObservedCall): string {
  return `${call.version} ${keyOf(call)}`;
}

function allCalls({ windows }: ProductionEvidence): number {
  return windows.reduce((sum, { calls }) => sum + calls.length, 0);
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
