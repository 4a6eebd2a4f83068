import fs from 'node:fs';
import path from 'node:path';
import type { Warning } from '../model/measurement.ts';
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

/** The file system as far as a record needs it (`node:fs`); tests pass one that fails. */
export interface RecordFiles {
  mkdirSync(folder: string, options: { readonly recursive: true; readonly mode: number }): unknown;
  rmSync(file: string, options: { readonly force: true }): void;
  openSync(file: string, flags: string, mode: number): number;
  /** Bytes written, which may be fewer. */
  writeSync(descriptor: number, bytes: Uint8Array): number;
  fdatasync(descriptor: number, done: (error: Error | null) => void): void;
  closeSync(descriptor: number): void;
}

/** A record on the disk; without `record` when its first line cannot be used. */
export interface RunRecordFile {
  readonly file: string;
  /** From its name. */
  readonly runId: string;
  readonly record?: RunRecord | undefined;
}

/** Records of all runs that were cut short, in the state directory. */
export function recordFolder(stateFolder: string): string {
  return path.join(stateFolder, 'runs');
}

const extension = '.jsonl';

/**
 * Starts `<folder>/<run id>.jsonl`, for its owner alone, in place of an older one of that id. A line is with the system when
 * `add` returns, which outlives this process, and on the disk a moment later, which outlives the machine's power.
 */
export function openRunRecord(folder: string, header: RunRecordHeader, files: RecordFiles = fs): RunRecorder {
  const file = path.join(folder, `${header.runId}${extension}`);
  let descriptor: number | undefined;
  let problem: string | undefined;
  let isSyncing = false;
  let isDirty = false;

  const guarded = (action: () => void) => {
    if (problem !== undefined) return;
    try {
      action();
    } catch (error) {
      problem = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    }
  };
  const sync = () => {
    if (descriptor === undefined || isSyncing) return;
    isSyncing = true;
    isDirty = false;
    files.fdatasync(descriptor, () => {
      isSyncing = false;
      if (isDirty) sync();
    });
  };
  const append = (line: string) => {
    if (descriptor === undefined) return;
    const bytes = Buffer.from(line);
    for (let written = 0; written < bytes.length; ) written += files.writeSync(descriptor, bytes.subarray(written));
    isDirty = true;
    sync();
  };

  guarded(() => {
    files.mkdirSync(folder, { recursive: true, mode: 0o700 });
    files.rmSync(file, { force: true });
    descriptor = files.openSync(file, 'ax', 0o600);
    append(headerLine(header));
  });
  return {
    add: (measured) => guarded(() => append(measuredLine(measured))),
    warnings() {
      if (problem === undefined) return [];
      const text = `The record of this run could not be written (${problem}): if it were cut short, it could not be resumed.`;
      return [{ code: 'noRecord', text }];
    },
    close(keep) {
      const open = descriptor;
      descriptor = undefined;
      // A sync under way would be told that its file is closed; nobody asks for its answer.
      if (open !== undefined) ignoring(() => files.closeSync(open));
      if (!keep) ignoring(() => files.rmSync(file, { force: true }));
    },
  };
}

/** Far more than 10,000 measurements. */
const largestBytes = 256 * 1024 * 1024;

/** Every record in these folders, the latest first; a folder that is missing holds none. Never throws. */
export function readRunRecords(folders: readonly string[]): readonly RunRecordFile[] {
  return recordFilesIn(folders)
    .toSorted((a, b) => b.modifiedMs - a.modifiedMs)
    .map(({ file, runId }) => {
      const record = ignoring(() => readOne(file));
      return { file, runId, record };
    });
}

/** What nobody will continue any more: a run is continued within a day. */
const oldMs = 7 * 24 * 3600 * 1000;

export function removeOldRecords(folder: string, now: Date): void {
  for (const { file, modifiedMs } of recordFilesIn([folder])) {
    if (now.getTime() - modifiedMs > oldMs) removeRecord(file);
  }
}

/** Never throws. */
export function removeRecord(file: string): void {
  ignoring(() => fs.rmSync(file, { force: true }));
}

function recordFilesIn(folders: readonly string[]) {
  return folders.flatMap((folder) =>
    (ignoring(() => fs.readdirSync(folder)) ?? [])
      .filter((name) => name.endsWith(extension))
      .flatMap((name) => {
        const file = path.join(folder, name);
        const stat = ignoring(() => fs.lstatSync(file));
        return stat?.isFile() ? [{ file, runId: name.slice(0, -extension.length), modifiedMs: stat.mtimeMs }] : [];
      }),
  );
}

function readOne(file: string): RunRecord | undefined {
  // Without following links: what is read is what was listed.
  const { O_RDONLY, O_NOFOLLOW = 0 } = fs.constants;
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW);
  try {
    return fs.fstatSync(descriptor).size > largestBytes
      ? undefined
      : readRunRecord(fs.readFileSync(descriptor, 'utf8'));
  } finally {
    fs.closeSync(descriptor);
  }
}

function ignoring<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
