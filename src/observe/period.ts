import { TuneError } from '../base/errors.ts';
import type { TimeRange } from '../model/production/production.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** CloudWatch keeps points of an hour for 455 days. */
const longestDays = 455;
const shortestMs = hourMs;
const unitMs: Readonly<Record<string, number>> = { m: minuteMs, h: hourMs, d: dayMs };

/** More cells than these are neither needed nor asked for in time. */
const mostCells = 400;
const cellMinutes = [5, 15, 30, 60, 120, 180, 240, 360, 720, 1440] as const;

/** The time that is read, in cells of equal length: whole steps of CloudWatch. */
export interface Period extends TimeRange {
  readonly cellMs: number;
}

/** @throws TuneError USAGE for what is no age and no date, or no hour long */
export function periodOf(since: string, until: string | undefined, now: Date): Period {
  const nowMs = now.getTime();
  const toMs = Math.min(until === undefined ? nowMs : momentOf(until, '--until', nowMs), nowMs);
  const fromMs = momentOf(since, '--since', nowMs);
  if (toMs - fromMs < shortestMs) {
    throw new TuneError('USAGE', '--since and --until leave less than an hour to look at.', {
      hint: 'Give an age such as --since 14d, or a date such as --since 2026-11-01.',
    });
  }
  if (nowMs - fromMs > longestDays * dayMs) {
    throw new TuneError('USAGE', `--since: CloudWatch keeps nothing older than ${longestDays} days.`, {
      hint: 'Give a later one: --since 90d',
    });
  }
  const cellMs = cellOf({ fromMs, toMs }, nowMs) * minuteMs;
  return { fromMs: Math.floor(fromMs / cellMs) * cellMs, toMs: Math.floor(toMs / cellMs) * cellMs, cellMs };
}

/** Points of five minutes are kept for 63 days. */
function cellOf({ fromMs, toMs }: TimeRange, nowMs: number): number {
  const least = nowMs - fromMs > 62 * dayMs ? 60 : 5;
  return cellMinutes.find((one) => one >= least && (toMs - fromMs) / (one * minuteMs) <= mostCells) ?? 1440;
}

/** `14d` before now, or a date or time of ISO 8601, in UTC where it does not say. */
export function momentOf(text: string, flag: string, nowMs: number): number {
  const age = /^(\d{1,5})([mhd])$/.exec(text);
  if (age) return nowMs - Number(age[1]) * (unitMs[age[2] ?? ''] ?? dayMs);
  if (/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) {
    const zoned = text.length === 10 || /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
    const ms = Date.parse(zoned);
    if (!Number.isNaN(ms)) return ms;
  }
  throw new TuneError('USAGE', `${flag}: "${text.slice(0, 40)}" is neither an age nor a date.`, {
    hint: 'Give 14d, 36h or 90m, or a date such as 2026-11-20 or 2026-11-20T14:30Z.',
  });
}

/** Monday is 0. */
export function weekdayOf(ms: number): number {
  return (new Date(ms).getUTCDay() + 6) % 7;
}

export function hourOf(ms: number): number {
  return new Date(ms).getUTCHours();
}

/** As people read a moment: 2026-11-20 14:05, UTC. */
export function minuteOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** Where its day begins. */
export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs;
}
