import type { ReportLine } from '../model/measurement.ts';

/** A report that was found: where it starts, and what it says; undefined where it is incomplete or damaged. */
export interface FoundReport {
  readonly at: number;
  readonly report: ReportLine | undefined;
}

export type ReportNumber =
  | 'durationMs'
  | 'billedDurationMs'
  | 'memorySizeMb'
  | 'maxMemoryUsedMb'
  | 'initDurationMs'
  | 'restoreDurationMs'
  | 'billedRestoreDurationMs';

/** Numbers as they were found; a key that is missing was not in the report. */
export type ReportNumbers = { [K in ReportNumber]?: number | undefined };

/** No invocation lasts longer than 90 minutes; beyond a day the text is not Lambda's. */
const maxDurationMs = 86_400_000;
/** The API model ends at 32,768 MB. Room above it, but nothing absurd. */
const maxMemoryMb = 1_048_576;

const limits = {
  durationMs: { whole: false, max: maxDurationMs },
  billedDurationMs: { whole: true, max: maxDurationMs },
  memorySizeMb: { whole: true, max: maxMemoryMb },
  maxMemoryUsedMb: { whole: true, max: maxMemoryMb },
  initDurationMs: { whole: false, max: maxDurationMs },
  restoreDurationMs: { whole: false, max: maxDurationMs },
  billedRestoreDurationMs: { whole: true, max: maxDurationMs },
} as const satisfies Record<ReportNumber, { whole: boolean; max: number }>;

/** Whether Lambda can have written that number in that field. */
export function isPlausible(field: ReportNumber, amount: number): boolean {
  const { whole, max } = limits[field];
  return amount >= 0 && amount <= max && (!whole || Number.isInteger(amount));
}

/** Undefined without the four fields that every report of an on-demand function has (Managed Instances print only one). */
export function completeReport(
  requestId: string,
  numbers: ReportNumbers,
  status: string | undefined,
  errorType: string | undefined,
): ReportLine | undefined {
  const { durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb } = numbers;
  if (durationMs === undefined || billedDurationMs === undefined) return undefined;
  if (memorySizeMb === undefined || memorySizeMb === 0 || maxMemoryUsedMb === undefined) return undefined;
  const { initDurationMs, restoreDurationMs, billedRestoreDurationMs } = numbers;
  const report: Writable<ReportLine> = { requestId, durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb };
  if (initDurationMs !== undefined) report.initDurationMs = initDurationMs;
  if (restoreDurationMs !== undefined) report.restoreDurationMs = restoreDurationMs;
  if (billedRestoreDurationMs !== undefined) report.billedRestoreDurationMs = billedRestoreDurationMs;
  if (status !== undefined) report.status = status;
  if (errorType !== undefined) report.errorType = errorType;
  return report;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
