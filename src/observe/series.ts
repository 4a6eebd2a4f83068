import type { TimeRange } from '../model/production/production.ts';
import { dayMs, hourMs, hourOf, weekdayOf } from './period.ts';

/** What a call took on average over a stretch of time, and how many calls say so. */
export interface Point {
  readonly atMs: number;
  readonly mean: number;
  readonly calls: number;
}

/** A part of a day. `phase`: how many of the known changes are behind it; no unit lies on both sides of one. */
export interface Unit {
  readonly atMs: number;
  readonly phase: number;
  /** Logarithm of the mean: steps are ratios. */
  readonly level: number;
  readonly weight: number;
  /** Weekday and hour, as columns of a design. */
  readonly seasons: readonly number[];
  /** Its day, or itself where there are few days: what is alike beyond the seasons. */
  readonly cluster: number;
  /** How many of the seasons tell clusters apart. */
  readonly clusterSeasons: number;
}

/** Shorter than this, weekdays come once: they and a change cannot be told apart. */
const weekdaysFromMs = 13 * dayMs;
const clusteredFromMs = 5 * dayMs;

/** The series in parts of days, with the columns that take weekday and hour out of it. */
export function unitsOf(points: readonly Point[], range: TimeRange, changes: readonly number[]): readonly Unit[] {
  const lengthMs = range.toMs - range.fromMs;
  const unitMs = lengthMs >= 5 * dayMs ? 6 * hourMs : lengthMs >= 2 * dayMs ? 3 * hourMs : hourMs;
  const groups = new Map<string, { atMs: number; phase: number; sum: number; calls: number }>();
  for (const { atMs, mean, calls } of points) {
    if (!(mean > 0) || calls <= 0) continue;
    const phase = changes.filter((change) => change <= atMs).length;
    const startMs = Math.floor(atMs / unitMs) * unitMs;
    const key = `${startMs} ${phase}`;
    const group = groups.get(key) ?? { atMs: startMs, phase, sum: 0, calls: 0 };
    groups.set(key, { ...group, sum: group.sum + mean * calls, calls: group.calls + calls });
  }
  const ordered = [...groups.values()].sort((one, other) => one.atMs - other.atMs || one.phase - other.phase);
  const seasonsOf = seasonColumns(
    ordered.map(({ atMs }) => atMs),
    lengthMs,
    unitMs,
  );
  return ordered.map(({ atMs, phase, sum, calls }, index) => ({
    atMs,
    phase,
    level: Math.log(sum / calls),
    // Between equal weights (days differ) and those of the calls (few calls scatter).
    weight: Math.sqrt(calls),
    seasons: seasonsOf.columns[index] ?? [],
    cluster: lengthMs >= clusteredFromMs ? Math.floor(atMs / dayMs) : index,
    clusterSeasons: lengthMs >= clusteredFromMs ? seasonsOf.days : (seasonsOf.columns[index]?.length ?? 0),
  }));
}

/** One column for each weekday and part of the day but the first that occurs. */
function seasonColumns(
  times: readonly number[],
  lengthMs: number,
  unitMs: number,
): { readonly days: number; readonly columns: readonly (readonly number[])[] } {
  const dayOf = (ms: number) =>
    lengthMs >= weekdaysFromMs ? weekdayOf(ms) : lengthMs >= clusteredFromMs ? Number(weekdayOf(ms) >= 5) : 0;
  const partOf = (ms: number) =>
    lengthMs >= 2 * dayMs ? Math.floor((hourOf(ms) * hourMs) / Math.max(unitMs, 3 * hourMs)) : 0;
  const levels = (of: (ms: number) => number) => [...new Set(times.map(of))].sort((a, b) => a - b).slice(1);
  const [days, parts] = [levels(dayOf), levels(partOf)];
  const columns = times.map((ms) => [
    ...days.map((day) => Number(dayOf(ms) === day)),
    ...parts.map((part) => Number(partOf(ms) === part)),
  ]);
  return { days: days.length, columns };
}
