import path from 'node:path';
import { fileSystem } from '../base/makeFolders.ts';
import type { Warning } from '../model/warning.ts';
import { type AppendLog, createLog, type LogFiles, logFile } from './appendLog.ts';
import { attempt, type LogFile, logFilesIn, readLog, removeLog } from './logFiles.ts';
import {
  headerLine,
  measuredLine,
  type RecordedMeasurement,
  type RunRecord,
  type RunRecordHeader,
  readRunRecord,
} from './recordFormat.ts';

/** The record of one run while it measures. Losing it costs no run: what goes wrong is told once, as a warning. */
export interface RunRecorder {
  add(measured: RecordedMeasurement): void;
  /** What went wrong, if anything did. */
  warnings(): readonly Warning[];
  /** Keeps the file of a run that can be continued, removes that of one that has ended. Never throws; idempotent. */
  close(keep: boolean): void;
}

/** A record on the disk; without `record` when its first line cannot be used. */
export interface RunRecordFile extends Pick<LogFile, 'file' | 'runId'> {
  readonly record?: RunRecord | undefined;
}

/** Records of all runs that were cut short, in the state directory. */
export function recordFolder(stateFolder: string): string {
  return path.join(stateFolder, 'runs');
}

/**
 * Starts `<folder>/<run id>.jsonl`, for its owner alone, in place of an older one of that id. A line is with the system when
 * `add` returns, which outlives this process, and on the disk a moment later, which outlives the machine's power.
 */
export function openRunRecord(folder: string, header: RunRecordHeader, files: LogFiles = fileSystem): RunRecorder {
  let log: AppendLog | undefined;
  let problem: string | undefined;
  const guarded = (action: () => void) => {
    if (problem !== undefined) return;
    try {
      action();
    } catch (error) {
      problem = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    }
  };
  const append = (line: string) =>
    guarded(() => {
      log?.append(line);
      log?.flushSoon();
    });

  guarded(() => {
    removeLog(logFile(folder, header.runId));
    log = createLog(folder, header.runId, files);
  });
  append(headerLine(header));
  return {
    add: (measured) => append(measuredLine(measured)),
    warnings() {
      if (problem === undefined) return [];
      const text = `The record of this run could not be written (${problem}): if it were cut short, it could not be resumed.`;
      return [{ code: 'noRecord', text }];
    },
    close(keep) {
      log?.close();
      if (!keep) log?.remove();
      log = undefined;
    },
  };
}

/** Far more than 10,000 measurements. */
const largestBytes = 256 * 1024 * 1024;

/** Every record in these folders, the latest first; a folder that is missing holds none. Never throws. */
export function readRunRecords(folders: readonly string[]): readonly RunRecordFile[] {
  return recordsIn(folders)
    .toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime())
    .map(({ file, runId }) => {
      const text = attempt(() => ({ read: readLog(file, 'record', largestBytes) }));
      return { file, runId, record: typeof text === 'string' ? undefined : readRunRecord(text.read) };
    });
}

/** What nobody will continue any more: a run is continued within a day. */
const oldMs = 7 * 24 * 3600 * 1000;

export function removeOldRecords(folder: string, now: Date): void {
  for (const { file, modifiedAt } of recordsIn([folder])) {
    if (now.getTime() - modifiedAt.getTime() > oldMs) removeLog(file);
  }
}

function recordsIn(folders: readonly string[]): readonly LogFile[] {
  return logFilesIn(folders).files.filter(({ isRegular }) => isRegular);
}
