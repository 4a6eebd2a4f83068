import { keyOf } from '../model/configuration.ts';
import {
  type Charges,
  daysPerMonth,
  type Interval,
  type ObservedFigures,
  type ObservedVersion,
} from '../model/observation.ts';
import type { VersionFacts } from '../model/production.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import type { CallCharges, ObservedCall } from './calls.ts';
import { type Amount, one, quantilesOf, ratioOf, scaled } from './estimate.ts';
import { type Evidence, type MetricsRead, sumOf } from './evidence.ts';
import { dayMs, dayOf } from './period.ts';
import { addedUsd, type Kept, type Provisioned, provisionedOf } from './provisioned.ts';

/** All calls of the period together, and what was kept ready for them. */
export function totalFigures(
  evidence: Evidence,
  provisioned: Provisioned = provisionedOf(evidence),
  onDemand: ObservedFigures = onDemandFigures(evidence),
): ObservedFigures {
  return withProvisioned(onDemand, evidence.provisioned === undefined ? null : provisioned.total, evidence);
}

/** As if nothing were kept ready. */
export function onDemandFigures(evidence: Evidence): ObservedFigures {
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
  evidence: Evidence,
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
    const share = ratioOf(evidence.windows, own(isOwn, one), one, evidence)?.estimate;
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

/** Of one call. */
interface Cost extends Interval {
  readonly charges: CallCharges;
}

function costFigures(perCallUsd: Cost | undefined, invocations: number, evidence: Evidence) {
  const perMonth = invocations * periodsPerMonth(evidence);
  return {
    costPerMillionUsd: perCallUsd === undefined ? null : scaled(perCallUsd, 1e6),
    costPerMonthUsd: perCallUsd === undefined ? null : scaled(perCallUsd, perMonth),
    chargesUsdPerMonth:
      perCallUsd === undefined
        ? null
        : scaledCharges({ ...perCallUsd.charges, provisioned: 0, total: perCallUsd.estimate }, perMonth),
  };
}

/** Nothing is sampled of it: the interval of the calls is moved, and wider by what is not known of the environments. */
function withProvisioned<T extends ObservedFigures>(figures: T, kept: Kept | null | undefined, evidence: Evidence): T {
  if (kept === undefined) return figures;
  const { invocations } = figures;
  // What nobody called costs nothing but what is kept ready.
  const month = figures.costPerMonthUsd ?? (invocations === 0 ? { estimate: 0, low: 0, high: 0 } : null);
  const charges = figures.chargesUsdPerMonth ?? noCharges;
  if (month === null) return figures;
  if (kept === null) return { ...figures, chargesUsdPerMonth: { ...charges, provisioned: null } };
  const perMonth = periodsPerMonth(evidence);
  const { estimate, low, high } = kept.configuredUsd;
  const added = addedUsd(kept);
  const costPerMonthUsd = {
    estimate: Math.max(0, month.estimate + added * perMonth),
    low: Math.max(0, month.low + (added - estimate + low) * perMonth),
    high: Math.max(0, month.high + (added - estimate + high) * perMonth),
  };
  return {
    ...figures,
    costPerMonthUsd,
    costPerMillionUsd: invocations > 0 ? scaled(costPerMonthUsd, 1e6 / (invocations * perMonth)) : null,
    chargesUsdPerMonth: {
      ...charges,
      duration: Math.max(0, charges.duration + (kept.durationUsd - kept.insteadOfUsd) * perMonth),
      provisioned: estimate * perMonth,
      total: costPerMonthUsd.estimate,
    },
  };
}

const noCharges: Charges = { requests: 0, duration: 0, init: 0, provisioned: 0, snapStart: 0, storage: 0, total: 0 };

function periodsPerMonth({ period }: Evidence): number {
  return (dayMs * daysPerMonth) / (period.toMs - period.fromMs);
}

function costByRecords(evidence: Evidence, isOwn: (call: ObservedCall) => boolean): Cost | undefined {
  const { windows } = evidence;
  const cost = ratioOf(
    windows,
    own(isOwn, ({ costUsd }) => costUsd),
    own(isOwn, one),
    evidence,
  );
  if (cost === undefined) return undefined;
  const of = (key: keyof CallCharges) =>
    ratioOf(
      windows,
      own(isOwn, ({ chargesUsd }) => chargesUsd[key]),
      own(isOwn, one),
      { isWhole: true },
    )?.estimate ?? 0;
  return {
    ...cost,
    charges: {
      requests: of('requests'),
      duration: of('duration'),
      init: of('init'),
      snapStart: of('snapStart'),
      storage: of('storage'),
    },
  };
}

/**
 * Without records: mean durations at the memory sizes of the versions that are known. Each call is rounded up to a millisecond,
 * which is between nothing and 1 ms. Billed init is not in it.
 */
function costByMetrics(evidence: Evidence, invocations: number): Cost | undefined {
  const { metrics, current, versions, costModel } = evidence;
  if (metrics === undefined || !(invocations > 0)) return undefined;
  let billed = 0;
  for (const [at, calls] of metrics.calls) billed += calls * (metrics.meanDurationMs.get(at) ?? 0);
  const counted = [...metrics.byVersion].map(([version, calls]) => ({
    facts: versions.get(version) ?? current,
    calls: sumOf(calls),
  }));
  const parts = counted.some(({ calls }) => calls > 0) ? counted : [{ facts: current, calls: invocations }];
  const all = parts.reduce((sum, { calls }) => sum + calls, 0);
  const mean = (usdOf: (facts: VersionFacts) => number) =>
    parts.reduce((sum, { facts, calls }) => sum + (calls / all) * usdOf(facts), 0);
  const at = (extraMs: number, withStorage = true) =>
    mean(({ architecture, memoryMb, ephemeralStorageMb }) =>
      invocationCostUsd(
        {
          architecture,
          memoryMb,
          billedDurationMs: billed / invocations + extraMs,
          ephemeralStorageMb: withStorage ? ephemeralStorageMb : freeStorageMb,
        },
        costModel,
      ),
    );
  const requests = mean(({ architecture }) => costModel.requestUsd[architecture]);
  const [estimate, withoutStorage] = [at(0.5), at(0.5, false)];
  // Where versions are not counted, calls may have been of any size that was deployed.
  const sizes = metrics.byVersion.size > 0 ? [] : deployedSizes(evidence);
  const factors = sizes.map((memoryMb) => memoryMb / current.memoryMb);
  const scaledBy = (usd: number, factor: number) => requests + (usd - requests) * factor;
  return {
    estimate,
    low: scaledBy(at(0), Math.min(1, ...factors)),
    high: scaledBy(at(1), Math.max(1, ...factors)),
    charges: {
      requests,
      duration: withoutStorage - requests,
      init: 0,
      snapStart: 0,
      storage: estimate - withoutStorage,
    },
  };
}

const freeStorageMb = 512;

/** Memory sizes of the versions that were the latest at some time of the period. */
export function deployedSizes({ versions, period }: Pick<Evidence, 'versions' | 'period'>): readonly number[] {
  const published = [...versions.values()]
    .filter(({ lastModifiedMs = Number.POSITIVE_INFINITY }) => lastModifiedMs < period.toMs)
    .toSorted((one, other) => (one.lastModifiedMs ?? 0) - (other.lastModifiedMs ?? 0));
  const before = published.findLastIndex(({ lastModifiedMs = 0 }) => lastModifiedMs <= period.fromMs);
  return [...new Set(published.slice(Math.max(0, before)).map(({ memoryMb }) => memoryMb))];
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

function own(isOwn: (call: ObservedCall) => boolean, amount: Amount): Amount {
  return (call) => (isOwn(call) ? amount(call) : 0);
}

function groupOf(call: ObservedCall): string {
  return `${call.version} ${keyOf(call)}`;
}

function allCalls({ windows }: Evidence): number {
  return windows.reduce((sum, { calls }) => sum + calls.length, 0);
}

function scaledCharges(charges: Charges, factor: number): Charges {
  return {
    requests: charges.requests * factor,
    duration: charges.duration * factor,
    init: charges.init * factor,
    provisioned: charges.provisioned === null ? null : charges.provisioned * factor,
    snapStart: charges.snapStart * factor,
    storage: charges.storage * factor,
    total: charges.total * factor,
  };
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
