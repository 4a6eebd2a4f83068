import type { AccountContext } from '../../aws/account/accountContext.ts';
import { sweepOwnDead } from '../../aws/cleanup/cleanup.ts';
import type { CleanupJournal } from '../../aws/cleanup/cleanupModel.ts';
import { reachOf, type Whereabouts } from '../../aws/cleanup/journalReach.ts';
import { messageOf } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { processView } from '../../host/liveness.ts';
import { stateFoldersToRead } from '../../host/stateDirectory.ts';
import type { Warning } from '../../model/warning.ts';
import { journalFolder } from '../../state/journal.ts';
import { readJournalFiles } from '../../state/journalFiles.ts';
import { livenessOf } from '../../state/liveness.ts';
import { removeLog, type UnreadableLog } from '../../state/logFiles.ts';

/** Every journal on this machine, with what is known of the process that wrote it. */
export function readOwnJournals(io: Io): {
  readonly journals: readonly CleanupJournal[];
  readonly unreadable: readonly UnreadableLog[];
} {
  const view = processView(io);
  const { journals, unreadable } = readJournalFiles(stateFoldersToRead(io).map(journalFolder));
  return {
    journals: journals.map((journal) => {
      const { header } = journal.contents;
      return { ...journal, liveness: header === undefined ? 'unknown' : livenessOf(header.process, view) };
    }),
    unreadable,
  };
}

/**
 * At the start of a run: removes what earlier runs left whose processes on this machine are dead, and says so. Only in the
 * account, region and endpoint of this run; lists nothing. What goes wrong here must not keep the run from measuring.
 */
export async function sweepBeforeRun(
  context: AccountContext,
  here: Whereabouts & { readonly accountId: string },
  io: Io,
): Promise<readonly Warning[]> {
  const dead = readOwnJournals(io).journals.filter(({ liveness }) => liveness === 'dead');
  for (const { file, contents } of dead) if (contents.header?.endpoint === 'embedded') removeLog(file);
  const own = dead.filter(
    ({ contents }) => reachOf(contents.header, here) === 'here' && contents.header?.accountId === here.accountId,
  );
  if (own.length === 0) return [];
  const runs = own.map(({ runId }) => runId).join(', ');
  try {
    const { removed, left } = await sweepOwnDead(context, own);
    return [
      ...(removed.length === 0
        ? []
        : [warning(`Removed what a killed run had left (${runs}): ${removed.map(nameOf).join(', ')}.`)]),
      ...left.map((each) =>
        warning(`An earlier run left ${each.name}, which cannot be removed: ${each.reason} Remove it: ${each.command}`),
      ),
    ];
  } catch (error) {
    const reason = messageOf(error);
    return [warning(`What a killed run left (${runs}) could not be removed: ${reason} Try: tune cleanup`)];
  }
}

function warning(text: string): Warning {
  return { code: 'EARLIER_RUN', text };
}

function nameOf(resource: { readonly kind: string; readonly name?: string; readonly key?: string }): string {
  return resource.name ?? resource.key ?? resource.kind;
}
