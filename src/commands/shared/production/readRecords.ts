import pLimit from 'p-limit';
import { TuneError } from '../../../base/errors.ts';
import type { Observation } from '../../../model/production/observation.ts';
import type { Production, ProductionRecord, RecordSource } from '../../../model/production/production.ts';
import { withoutForged } from '../../../observe/calls.ts';
import { readingCostUsd } from '../../../observe/recordSource.ts';
import type { Window } from '../../../observe/samplingPlan.ts';

export interface WindowRead {
  readonly window: Window;
  readonly records: readonly ProductionRecord[];
}

export interface RecordsOutcome {
  readonly read: readonly WindowRead[];
  readonly spentUsd: number;
  readonly endedBy: Observation['sample']['endedBy'];
  readonly failure: TuneError | undefined;
}

interface Reading {
  readonly production: Production;
  readonly source: RecordSource;
  readonly windows: readonly Window[];
  /** What may be spent on these. */
  readonly leftUsd: number;
  readonly signal: AbortSignal;
  readonly progress: (done: { windows: number; records: number; spentUsd: number }) => void;
}

/** Logs Insights allows 100 queries at a time; production may ask, too. */
const atOnce = 8;

/** Reads stretch by stretch until all are read, the money is spent, or somebody stops it; what was read counts. */
export async function readRecords(reading: Reading): Promise<RecordsOutcome> {
  const { production, source, windows, leftUsd, signal } = reading;
  const read: WindowRead[] = [];
  let spentUsd = 0;
  let promisedUsd = 0;
  let records = 0;
  let factor = 1;
  let endedBy: RecordsOutcome['endedBy'];
  let failure: TuneError | undefined;
  const limit = pLimit(atOnce);
  const readOne = async (window: Window): Promise<void> => {
    if (endedBy !== undefined) return;
    if (signal.aborted) {
      endedBy = 'interrupt';
      return;
    }
    // What it will scan is a guess: corrected by the worst of those before it.
    const expectedUsd = readingCostUsd(source, window.bytes * factor);
    if (spentUsd + promisedUsd + expectedUsd > leftUsd) {
      endedBy = 'cap';
      return;
    }
    promisedUsd += expectedUsd;
    try {
      const found = await production.records(source, window, signal);
      spentUsd += readingCostUsd(source, found.bytesScanned);
      if (window.bytes > 0) factor = Math.max(factor, found.bytesScanned / window.bytes);
      records += found.records.length;
      read.push({ window, records: withoutForged(found.records) });
      reading.progress({ windows: read.length, records, spentUsd });
    } catch (error) {
      if (signal.aborted) endedBy ??= 'interrupt';
      else if (error instanceof TuneError) {
        failure ??= error;
        endedBy ??= 'failure';
      } else throw error;
    } finally {
      promisedUsd -= expectedUsd;
    }
  };
  const [first, ...others] = windows;
  // Alone, so that no more is under way than is known to fit.
  if (first !== undefined) await readOne(first);
  await Promise.all(others.map((window) => limit(() => readOne(window))));
  return { read, spentUsd, endedBy, failure };
}
