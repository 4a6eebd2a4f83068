import { isRunId } from '../model/runId.ts';
import { type JournalContents, readJournal } from './journalFormat.ts';
import { attempt, type LogFile, logFilesIn, readLog, type UnreadableLog } from './logFiles.ts';

/** A journal on the disk. */
export interface JournalFile extends Pick<LogFile, 'file' | 'runId' | 'modifiedAt'> {
  readonly contents: JournalContents;
}

/** Some 40,000 entries; a run writes three per resource. */
const largestBytes = 16 * 1024 * 1024;

/** Reads every journal in these folders; a folder that is missing holds none. Never throws. */
export function readJournalFiles(folders: readonly string[]): {
  readonly journals: readonly JournalFile[];
  readonly unreadable: readonly UnreadableLog[];
} {
  const found = logFilesIn(folders);
  const journals: JournalFile[] = [];
  const unreadable: UnreadableLog[] = [...found.unreadable];
  for (const { file, runId, modifiedAt } of found.files) {
    const contents = attempt(() => readOne(file, runId));
    if (typeof contents !== 'string') journals.push({ file, runId, contents, modifiedAt });
    else if (contents !== 'ENOENT') unreadable.push({ file, reason: contents });
  }
  return { journals, unreadable };
}

function readOne(file: string, runId: string): JournalContents {
  if (!isRunId(runId)) throw new Error('not a journal');
  const contents = readJournal(readLog(file, 'journal', largestBytes));
  if (contents.runId !== undefined && contents.runId !== runId) throw new Error("another run's journal");
  return contents;
}
