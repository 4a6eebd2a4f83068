import path from 'node:path';
import { TuneError } from '../base/errors.ts';
import { isRunId } from '../model/runId.ts';
import { createLog, flushFolder, type LogFiles, logFile } from './appendLog.ts';
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
  readonly files?: LogFiles | undefined;
}): Journal {
  const { folder, now, files } = options;
  const { endpoint } = options.header;
  // An endpoint URL may carry a password.
  const header = { ...options.header, endpoint: endpoint === undefined ? undefined : comparableEndpoint(endpoint) };
  const { runId } = header;
  if (!isRunId(runId)) throw new Error(`not a run id: ${runId}`);
  const file = logFile(folder, runId);
  const mayExist = new Map<string, Resource>();
  const log = attempting(file, runId, () => createLog(folder, runId, files));

  const append = (entry: JournalEntry) =>
    attempting(file, runId, () => {
      log.append(formatEntry(runId, entry, now()));
      log.flush();
    });
  try {
    append({ type: 'header', header });
    attempting(file, runId, () => flushFolder(folder, files));
  } catch (error) {
    log.close();
    log.remove();
    throw error;
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
      log.close();
      if (mayExist.size === 0) log.remove();
    },
  };
}

/** @throws TuneError for whatever goes wrong with the file */
function attempting<T>(file: string, runId: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unwritable(file, error);
    throw new TuneError('USAGE', `A run "${runId}" is under way or has left its journal: ${file}.`, {
      hint: `Give another --run-id, or remove what it left: tune cleanup --run ${runId}`,
      cause: error,
    });
  }
}

function unwritable(file: string, cause: unknown): TuneError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return new TuneError('STATE_DIRECTORY', `The journal ${file} cannot be written (${code}).`, {
    hint: 'Without it a killed run could leave things behind. Free some space, or set TUNE_STATE_DIR to another folder.',
    cause,
  });
}

/** Scheme, host, port and path of an endpoint URL: what two runs have in common when they talk to the same service. */
export function comparableEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) return endpoint === 'embedded' ? endpoint : 'not a URL';
  const url = new URL(endpoint);
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}
