import fs from 'node:fs';
import path from 'node:path';
import { TuneError } from '../base/errors.ts';
import { isRunId } from '../model/runId.ts';
import { formatEntry, type JournalEntry, type JournalHeader, type Resource, resourceKey } from './journalFormat.ts';

/**
 * The write-ahead journal of one run. Each method has its line on the disk when it returns, and throws TuneError
 * STATE_DIRECTORY when that failed: after a failed `intend` the thing must not be made; after a failed `made` or `removed`
 * nothing is lost but a look-up in a later clean-up.
 */
export interface Journal {
  readonly runId: string;
  readonly file: string;
  /** Before the call that makes it. */
  intend(resource: Resource): void;
  /** After the service said that it is made. */
  made(resource: Resource): void;
  /** After the service said that it is gone. */
  removed(resource: Resource): void;
  /** After the leases in the account were extended. */
  renewed(expiresAt: Date): void;
  /** Removes the file when all that was intended is gone, else leaves it for `tune cleanup`. Never throws; idempotent. */
  close(): void;
}

/** The file system as far as a journal needs it (`node:fs`); tests pass one whose n-th operation fails. */
export interface JournalFiles {
  mkdirSync(folder: string, options: { readonly recursive: true; readonly mode: number }): unknown;
  openSync(file: string, flags: string, mode: number): number;
  /** Bytes written, which may be fewer. */
  writeSync(descriptor: number, bytes: Uint8Array): number;
  fsyncSync(descriptor: number): void;
  closeSync(descriptor: number): void;
  unlinkSync(file: string): void;
}

/** Journals of all runs, in the state directory. */
export function journalFolder(stateFolder: string): string {
  return path.join(stateFolder, 'journals');
}

/**
 * Starts the journal of a run: `<folder>/<run id>.jsonl`, for its owner alone, header first.
 * Throws TuneError STATE_DIRECTORY when it cannot be written, USAGE when a run of that id has left one.
 */
export function openJournal(options: {
  /** `journalFolder(…)`. Made when missing. */
  readonly folder: string;
  readonly header: JournalHeader;
  now(): Date;
  readonly files?: JournalFiles;
}): Journal {
  const { folder, now, files = fs } = options;
  const header = { ...options.header, ...withoutSecrets(options.header.endpoint) };
  const { runId } = header;
  if (!isRunId(runId)) throw new Error(`not a run id: ${runId}`);
  const file = path.join(folder, `${runId}.jsonl`);
  const mayExist = new Map<string, Resource>();
  const log = openLog(folder, file, runId, files);

  const append = (entry: JournalEntry) => log.append(`${formatEntry(runId, entry, now())}\n`);
  try {
    append({ type: 'header', header });
    syncFolder(folder, files);
  } catch (error) {
    log.end();
    remove(file, files);
    throw error instanceof TuneError ? error : unwritable(file, error);
  }

  return {
    runId,
    file,
    intend(resource) {
      append({ type: 'intend', resource });
      mayExist.set(resourceKey(resource), resource);
    },
    made(resource) {
      mayExist.set(resourceKey(resource), resource);
      append({ type: 'made', resource });
    },
    removed(resource) {
      mayExist.delete(resourceKey(resource));
      append({ type: 'removed', resource });
    },
    renewed(expiresAt) {
      append({ type: 'renewed', expiresAt: expiresAt.toISOString() });
    },
    close() {
      log.end();
      if (mayExist.size === 0) remove(file, files);
    },
  };
}

interface Log {
  append(line: string): void;
  end(): void;
}

function openLog(folder: string, file: string, runId: string, files: JournalFiles): Log {
  let descriptor: number | undefined = createExclusively(folder, file, runId, files);
  let tornBefore = false;
  return {
    append(line) {
      if (descriptor === undefined) throw new Error('the journal is closed');
      // A write that failed half way left half a line: what follows must not be glued to it.
      const bytes = Buffer.from(tornBefore ? `\n${line}` : line);
      try {
        tornBefore = true;
        for (let written = 0; written < bytes.length; ) written += files.writeSync(descriptor, bytes.subarray(written));
        tornBefore = false;
        files.fsyncSync(descriptor);
      } catch (error) {
        throw unwritable(file, error);
      }
    },
    end() {
      if (descriptor === undefined) return;
      try {
        files.closeSync(descriptor);
      } catch {
        // Every line was flushed when it was written.
      }
      descriptor = undefined;
    },
  };
}

function createExclusively(folder: string, file: string, runId: string, files: JournalFiles): number {
  try {
    files.mkdirSync(folder, { recursive: true, mode: 0o700 });
    return files.openSync(file, 'ax', 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unwritable(file, error);
    throw new TuneError('USAGE', `A run "${runId}" is under way or has left its journal: ${file}.`, {
      hint: `Give another --run-id, or remove what it left: tune cleanup --run ${runId}`,
      cause: error,
    });
  }
}

/** The name of a new file is only safe from a power cut when its folder is flushed. */
function syncFolder(folder: string, files: JournalFiles): void {
  if (path.sep === '\\') return; // Windows opens no folders.
  const descriptor = files.openSync(folder, 'r', 0);
  try {
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}

function remove(file: string, files: JournalFiles): void {
  try {
    files.unlinkSync(file);
  } catch {
    // It names nothing that exists: the next clean-up removes it.
  }
}

function unwritable(file: string, cause: unknown): TuneError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return new TuneError('STATE_DIRECTORY', `The journal ${file} cannot be written (${code}).`, {
    hint: 'Without it a killed run could leave things behind. Free some space, or set TUNE_STATE_DIR to another folder.',
    cause,
  });
}

/** An endpoint URL may carry a password. */
function withoutSecrets(endpoint: string | undefined): { endpoint?: string } {
  return endpoint === undefined ? {} : { endpoint: comparableEndpoint(endpoint) };
}

/** Scheme, host, port and path of an endpoint URL: what two runs have in common when they talk to the same service. */
export function comparableEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) return endpoint === 'embedded' ? endpoint : 'not a URL';
  const url = new URL(endpoint);
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}
