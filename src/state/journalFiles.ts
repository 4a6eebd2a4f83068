import fs from 'node:fs';
import path from 'node:path';
import { isRunId } from '../model/runId.ts';
import { type JournalContents, readJournal } from './journalFormat.ts';

/** A journal on the disk. */
export interface JournalFile {
  readonly file: string;
  /** From its name, which is the only thing that is known for sure. */
  readonly runId: string;
  readonly contents: JournalContents;
  readonly modifiedAt: Date;
}

/** A file that lies among the journals and could not be read; `reason` is a system error code or a sentence part. */
export interface UnreadableJournal {
  readonly file: string;
  readonly reason: string;
}

/** Some 40,000 entries; a run writes three per resource. */
const largestBytes = 16 * 1024 * 1024;

/** Reads every journal in these folders; a folder that is missing holds none. Never throws. */
export function readJournalFiles(folders: readonly string[]): {
  readonly journals: readonly JournalFile[];
  readonly unreadable: readonly UnreadableJournal[];
} {
  const journals: JournalFile[] = [];
  const unreadable: UnreadableJournal[] = [];
  for (const folder of folders) {
    const names = attempt(() => fs.readdirSync(folder));
    if (typeof names === 'string') {
      if (names !== 'ENOENT') unreadable.push({ file: folder, reason: names });
      continue;
    }
    for (const name of names.filter((each) => each.endsWith('.jsonl')).sort()) {
      const file = path.join(folder, name);
      const journal = attempt(() => readOne(file, name.slice(0, -'.jsonl'.length)));
      if (typeof journal === 'string') {
        if (journal !== 'ENOENT') unreadable.push({ file, reason: journal });
      } else journals.push(journal);
    }
  }
  return { journals, unreadable };
}

/** Never throws: a journal that stays names only what is gone. */
export function removeJournalFile(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // Gone already, or the next clean-up tries again.
  }
}

function readOne(file: string, runId: string): JournalFile {
  // Opened without following links or waiting for a pipe's writer, and checked afterwards: what is read is what was checked.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile() || !isRunId(runId)) throw new Error('not a journal');
    if (stat.size > largestBytes) throw new Error('too large for a journal');
    const contents = readJournal(fs.readFileSync(descriptor, 'utf8'));
    if (contents.runId !== undefined && contents.runId !== runId) throw new Error("another run's journal");
    return { file, runId, contents, modifiedAt: stat.mtime };
  } finally {
    fs.closeSync(descriptor);
  }
}

function attempt<T extends object>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error)) return 'unknown error';
    return 'code' in error ? String(error.code) : error.message;
  }
}
