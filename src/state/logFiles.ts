import fs from 'node:fs';
import path from 'node:path';
import { logExtension } from './appendLog.ts';

/** A log of a run on the disk. */
export interface LogFile {
  readonly file: string;
  /** From its name, which is the only thing that is known for sure. */
  readonly runId: string;
  readonly modifiedAt: Date;
  /** Not a folder, a link or a pipe. */
  readonly isRegular: boolean;
}

/** What could not be read; `reason` is a system error code or a sentence part. */
export interface UnreadableLog {
  readonly file: string;
  readonly reason: string;
}

/** Every log in these folders, by name; a folder that is missing holds none. Never throws. */
export function logFilesIn(folders: readonly string[]): {
  readonly files: readonly LogFile[];
  readonly unreadable: readonly UnreadableLog[];
} {
  const files: LogFile[] = [];
  const unreadable: UnreadableLog[] = [];
  for (const folder of folders) {
    const names = attempt(() => fs.readdirSync(folder));
    if (typeof names === 'string') {
      if (names !== 'ENOENT') unreadable.push({ file: folder, reason: names });
      continue;
    }
    for (const name of names.filter((each) => each.endsWith(logExtension)).sort()) {
      const file = path.join(folder, name);
      const stat = attempt(() => fs.lstatSync(file));
      if (typeof stat === 'string') {
        if (stat !== 'ENOENT') unreadable.push({ file, reason: stat });
        continue;
      }
      const runId = name.slice(0, -logExtension.length);
      files.push({ file, runId, modifiedAt: stat.mtime, isRegular: stat.isFile() });
    }
  }
  return { files, unreadable };
}

/** Its text. `kind` is for messages. @throws for what is no regular file, too large, or cannot be read */
export function readLog(file: string, kind: string, largestBytes: number): string {
  // Opened without following links or waiting for a pipe's writer, and checked afterwards: what is read is what was checked.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new Error(`not a ${kind}`);
    if (stat.size > largestBytes) throw new Error(`too large for a ${kind}`);
    return fs.readFileSync(descriptor, 'utf8');
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Never throws: a log that stays is looked at by the next clean-up. */
export function removeLog(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // Gone already, or the next clean-up tries again.
  }
}

/** What it answers, or why it does not: a system error code or a sentence part. */
export function attempt<T extends object>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error)) return 'unknown error';
    return 'code' in error ? String(error.code) : error.message;
  }
}
