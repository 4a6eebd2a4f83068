import type { TimeRange } from '../model/production/production.ts';
import { type Random, shuffled } from '../stats/random.ts';
import { hourOf, type Period, weekdayOf } from './period.ts';

/** One step of the period: how many calls there were (exact), and how many bytes of log. */
export interface Cell extends TimeRange {
  readonly calls: number;
  readonly logBytes: number;
}

/** A stretch whose records are read, and how many of the period's calls it stands for. */
export interface Window extends TimeRange {
  readonly stratum: string;
  readonly standsFor: number;
  readonly bytes: number;
  readonly expectedRecords: number;
}

export interface SamplingPlan {
  /** In random order: whoever stops early has a sample, too. */
  readonly windows: readonly Window[];
  readonly windowS: number;
  /** Everything is read. */
  readonly isWhole: boolean;
  readonly bytes: number;
  readonly records: number;
}

export interface SamplingLimits {
  /** More records than these make nothing surer that matters. */
  readonly records: number;
  readonly windows: number;
  /** What one answer holds. */
  readonly recordsPerWindow: number;
  readonly bytes: number;
}

/** Of a stratum. */
const leastWindows = 2;

/**
 * Which stretches of whole minutes are read. Strata are hours of the day by working day or weekend; in each, cells are drawn with a
 * probability in proportion to their calls, evenly over the period (systematic sampling: Cochran 1977, §9A.3), and in each cell
 * the minutes at random. The mean of the windows is then that of the calls.
 */
export function planSampling(
  cells: readonly Cell[],
  period: Period,
  limits: SamplingLimits,
  random: Random,
): SamplingPlan {
  const busy = cells.filter(({ calls }) => calls > 0);
  const calls = sum(busy.map((cell) => cell.calls));
  const bytes = sum(busy.map((cell) => cell.logBytes));
  if (calls === 0) return { windows: [], windowS: 0, isWhole: true, bytes: 0, records: 0 };
  const most = Math.max(...busy.map((cell) => cell.calls));
  if (calls <= limits.records && bytes <= limits.bytes && most <= limits.recordsPerWindow) {
    const windows = busy.map((cell) => windowIn(cell, cell.fromMs, period.cellMs, cell.calls));
    return finished(windows, period.cellMs, true, random);
  }
  const cellS = period.cellMs / 1000;
  // A drawn cell has more calls than the mean one: that is how it is drawn.
  const callsPerS = sum(busy.map((cell) => cell.calls ** 2)) / calls / cellS;
  const bytesPerS = bytes === 0 ? 0 : (sum(busy.map((cell) => cell.calls * cell.logBytes)) / calls) * (1 / cellS);
  let count = Math.min(limits.windows, busy.length * Math.max(1, Math.floor(cellS / 60)));
  const affordableS = bytesPerS === 0 ? Number.POSITIVE_INFINITY : limits.bytes / bytesPerS;
  let windowS = Math.min(cellS, 60 * Math.max(1, Math.ceil(limits.records / count / callsPerS / 60)));
  // Shorter first, then fewer.
  if (count * windowS > affordableS) windowS = Math.max(60, 60 * Math.floor(affordableS / count / 60));
  if (count * windowS > affordableS) count = Math.floor(affordableS / windowS);
  const fullestPerS = most / cellS;
  if (fullestPerS * windowS > limits.recordsPerWindow) {
    windowS = Math.max(1, Math.floor(limits.recordsPerWindow / fullestPerS));
    count = Math.min(limits.windows, Math.floor(affordableS / windowS));
  }
  if (count < 1) return { windows: [], windowS, isWhole: false, bytes: 0, records: 0 };
  const windows = shuffled(drawn(busy, calls, count, windowS, random), random);
  // Of minutes that are fuller than the mean one, fewer fit: any of them may be left out.
  let left = limits.bytes;
  const fitting = windows.filter((window) => {
    if (window.bytes > left) return false;
    left -= window.bytes;
    return true;
  });
  return finished(bytes > 0 ? fitting : windows, windowS * 1000, false, random);
}

function finished(windows: readonly Window[], windowMs: number, isWhole: boolean, random: Random): SamplingPlan {
  return {
    windows: shuffled(windows, random),
    windowS: windowMs / 1000,
    isWhole,
    bytes: sum(windows.map((one) => one.bytes)),
    records: sum(windows.map((one) => one.expectedRecords)),
  };
}

function drawn(
  cells: readonly Cell[],
  calls: number,
  count: number,
  windowS: number,
  random: Random,
): readonly Window[] {
  const strata = new Map<string, Cell[]>();
  for (const cell of cells) strata.set(stratumOf(cell), [...(strata.get(stratumOf(cell)) ?? []), cell]);
  // For so few, all hours are one stratum.
  const isOne = count < leastWindows * strata.size;
  return (isOne ? [cells] : [...strata.values()]).flatMap((own) => {
    const callsHere = sum(own.map((cell) => cell.calls));
    // Two at least, so that their scatter is seen.
    const wanted = Math.max(Math.min(leastWindows, count), Math.round((count * callsHere) / calls));
    const step = callsHere / wanted;
    let next = step * random();
    let passed = 0;
    const windows: Window[] = [];
    for (const cell of own) {
      const hits: number[] = [];
      for (; next < passed + cell.calls; next += step) hits.push(next);
      passed += cell.calls;
      // Distinct slots of one cell: no minute is read twice.
      const slotMs = Math.max(1000 * windowS, 60_000);
      const slots = Math.max(1, Math.floor((cell.toMs - cell.fromMs) / slotMs));
      const chosen = distinct(slots, Math.min(slots, hits.length), random);
      const standsFor = (step * hits.length) / Math.max(1, chosen.length);
      for (const slot of chosen) {
        const window = windowIn(cell, cell.fromMs + slot * slotMs, windowS * 1000, standsFor);
        windows.push(isOne ? { ...window, stratum: 'all' } : window);
      }
    }
    return windows;
  });
}

function distinct(from: number, count: number, random: Random): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * from));
  return [...chosen];
}

function windowIn(cell: Cell, fromMs: number, lengthMs: number, standsFor: number): Window {
  const part = lengthMs / (cell.toMs - cell.fromMs);
  return {
    fromMs,
    toMs: fromMs + lengthMs,
    stratum: stratumOf(cell),
    standsFor,
    bytes: cell.logBytes * part,
    expectedRecords: cell.calls * part,
  };
}

/** Four hours of the day, on working days or at the weekend. */
export function stratumOf({ fromMs }: Pick<TimeRange, 'fromMs'>): string {
  return `${weekdayOf(fromMs) >= 5 ? 'weekend' : 'week'} ${Math.floor(hourOf(fromMs) / 4)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
