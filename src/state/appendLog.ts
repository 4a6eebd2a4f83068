import path from 'node:path';
import { fileSystem } from '../base/makeFolders.ts';

/** The file system as far as a log needs it (base/makeFolders.ts); tests pass one whose n-th operation fails. */
export interface LogFiles {
  mkdirSync(folder: string, options: { readonly recursive: true; readonly mode: number }): unknown;
  openSync(file: string, flags: string, mode: number): number;
  /** Bytes written, which may be fewer. */
  writeSync(descriptor: number, bytes: Uint8Array): number;
  fsyncSync(descriptor: number): void;
  fdatasync(descriptor: number, done: (error: Error | null) => void): void;
  closeSync(descriptor: number): void;
  unlinkSync(file: string): void;
}

/** A file to which a run adds lines while it lives. Whoever keeps one decides how soon a line has to be on the disk. */
export interface AppendLog {
  readonly file: string;
  /** The line is with the system when this returns, which outlives the process. @throws what the file system says */
  append(line: string): void;
  /** All lines are on the disk when this returns, which outlives the machine's power. @throws what the file system says */
  flush(): void;
  /** The same a moment later; what goes wrong there is not told. */
  flushSoon(): void;
  /** Never throws; idempotent. */
  close(): void;
  /** Never throws. */
  remove(): void;
}

export const logExtension = '.jsonl';

/** Makes `<folder>/<run id>.jsonl` for its owner alone. @throws what the file system says: EEXIST where there is one */
export function createLog(folder: string, runId: string, files: LogFiles = fileSystem): AppendLog {
  const file = logFile(folder, runId);
  files.mkdirSync(folder, { recursive: true, mode: 0o700 });
  let descriptor: number | undefined = files.openSync(file, 'ax', 0o600);
  let tornBefore = false;
  let isFlushing = false;
  let isDirty = false;

  const opened = () => {
    if (descriptor === undefined) throw new Error('the log is closed');
    return descriptor;
  };
  const flushSoon = () => {
    if (descriptor === undefined || isFlushing) return;
    isFlushing = true;
    isDirty = false;
    // One under way when the file is closed is told so; nobody asks for its answer.
    files.fdatasync(descriptor, () => {
      isFlushing = false;
      if (isDirty) flushSoon();
    });
  };
  return {
    file,
    append(line) {
      const to = opened();
      // A write that failed half way left half a line: what follows must not be glued to it.
      const bytes = Buffer.from(tornBefore ? `\n${line}\n` : `${line}\n`);
      tornBefore = true;
      for (let written = 0; written < bytes.length; ) written += files.writeSync(to, bytes.subarray(written));
      tornBefore = false;
      isDirty = true;
    },
    flush: () => files.fsyncSync(opened()),
    flushSoon,
    close() {
      const open = descriptor;
      descriptor = undefined;
      if (open !== undefined) ignoring(() => files.closeSync(open));
    },
    remove: () => ignoring(() => files.unlinkSync(file)),
  };
}

export function logFile(folder: string, runId: string): string {
  return path.join(folder, `${runId}${logExtension}`);
}

/** The name of a new file is only safe from a power cut when its folder is flushed. @throws what the file system says */
export function flushFolder(folder: string, files: LogFiles = fileSystem): void {
  if (path.sep === '\\') return; // Windows opens no folders.
  const descriptor = files.openSync(folder, 'r', 0);
  try {
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}

function ignoring(action: () => void): void {
  try {
    action();
  } catch {
    // What was to be kept was flushed before, and a file that stays is looked at by the next clean-up.
  }
}
