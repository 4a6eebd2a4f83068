import type { RunOptions } from '../config.ts';
import { livenessOf } from '../domain/liveness.ts';
import type { Warning } from '../domain/model.ts';
import type { LeftBehind, Platform } from '../domain/platform.ts';
import type { RunEvent } from '../events.ts';
import type { Io } from '../io.ts';
import { sweepOwnDead } from '../lambda/cleanup.ts';
import { journalFolder, openJournal } from '../lambda/journal.ts';
import { readJournalFiles, removeJournalFile } from '../lambda/journalFiles.ts';
import { configuredEndpoint, reachOf } from '../lambda/journalReach.ts';
import { type AwsPlatform, createAwsPlatform } from '../lambda/shadow.ts';
import { processIdentity, processView } from '../liveness.ts';
import { openStateDirectory } from '../stateDirectory.ts';
import type { TuneJob } from '../tune.ts';
import type { Session } from './session.ts';

/** A run that may begin to create things: its journal is open and what dead runs of this machine left is gone. */
export interface OpenRun {
  readonly platform: Platform;
  warnings(): readonly Warning[];
  /** After the result is shown: a late flush of logs may have made the log group anew. */
  lastLook(): Promise<readonly LeftBehind[]>;
  close(): void;
}

/** How much of the lease is left when it is renewed, and by how much. */
const renewal = { checkMs: 30_000, marginMs: 10 * 60_000, extensionMs: 30 * 60_000 } as const;
/** A CI runner kills ten seconds after it asked, a person waits longer. */
const removalBoundMs = { interrupted: 60_000, normally: 6 * 60_000 } as const;

/** Throws TuneError STATE_DIRECTORY when no journal can be kept; nothing is created before there is one. */
export async function openRun(
  job: TuneJob,
  session: Session,
  options: RunOptions,
  io: Io,
  onEvent: (event: RunEvent) => void,
): Promise<OpenRun> {
  const warnings: Warning[] = [];
  const listen = (event: RunEvent) => {
    if (event.kind === 'warning') warnings.push(event.warning);
    onEvent(event);
  };
  const state = openStateDirectory(io);
  if (state.warning) listen({ kind: 'warning', warning: state.warning });
  const folder = journalFolder(state.folder);
  if (session.path === undefined) await sweep(folder, session, options, io, listen);

  const startedAt = io.now();
  const expiresAt = new Date(startedAt.getTime() + job.plan.leaseSeconds * 1000);
  const { facts } = job;
  const endpoint = session.path === undefined ? configuredEndpoint(options.endpointUrl, io.env) : 'embedded';
  const journal = openJournal({
    folder,
    header: {
      runId: job.runId,
      toolVersion: job.toolVersion,
      process: processIdentity(io),
      accountId: facts.accountId,
      region: facts.region,
      ...(endpoint === undefined ? {} : { endpoint }),
      startedAt: startedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    },
    now: io.now,
  });
  const platform = createAwsPlatform({
    clients: session.clients,
    facts,
    source: session.source,
    run: { id: job.runId, target: targetName(job), createdAt: startedAt, expiresAt },
    options: {
      env: options.env ?? {},
      tags: options.tag ?? {},
      copyTags: options.copyTags ?? true,
      maxInFlight: job.plan.maxInFlight,
      images: {
        ...(options.x86Image === undefined ? {} : { x86_64: options.x86Image }),
        ...(options.arm64Image === undefined ? {} : { arm64: options.arm64Image }),
      },
      ...(options.stagingBucket === undefined ? {} : { stagingBucket: options.stagingBucket }),
      removalBoundMs: () => (io.interrupted.aborted ? removalBoundMs.interrupted : removalBoundMs.normally),
    },
    journal,
    clock: io,
    onEvent: listen,
  });
  const stopRenewing = keepLease(platform, expiresAt, io);
  return {
    platform,
    warnings: () => warnings,
    lastLook: () => platform.lastLook(),
    close() {
      stopRenewing();
      journal.close();
    },
  };
}

function targetName({ facts }: TuneJob): string {
  return facts.qualifier === '$LATEST' ? facts.functionName : `${facts.functionName}:${facts.qualifier}`;
}

/** A run that takes longer than planned must not look dead to a clean-up elsewhere. */
function keepLease(platform: AwsPlatform, firstExpiry: Date, io: Io): () => void {
  let expiresAt = firstExpiry;
  const timer = setInterval(() => {
    if (expiresAt.getTime() - io.now().getTime() > renewal.marginMs) return;
    expiresAt = new Date(io.now().getTime() + renewal.extensionMs);
    void platform.renewLease(expiresAt);
  }, renewal.checkMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Removes what journals of dead processes on this machine name; lists nothing. Whatever fails is left to `tune cleanup`. */
async function sweep(
  folder: string,
  session: Session,
  options: RunOptions,
  io: Io,
  listen: (event: RunEvent) => void,
): Promise<void> {
  const view = processView(io);
  const endpoint = configuredEndpoint(options.endpointUrl, io.env);
  const here = { region: session.facts.region, ...(endpoint === undefined ? {} : { endpoint }) };
  const dead = readJournalFiles([folder])
    .journals.map((journal) => {
      const { header } = journal.contents;
      return { ...journal, liveness: header === undefined ? ('unknown' as const) : livenessOf(header.process, view) };
    })
    .filter(({ liveness }) => liveness === 'dead');
  for (const journal of dead)
    if (reachOf(journal.contents.header, here) === 'embedded') removeJournalFile(journal.file);
  const reachable = dead.filter(
    ({ contents }) =>
      reachOf(contents.header, here) === 'here' && contents.header?.accountId === session.facts.accountId,
  );
  if (reachable.length === 0) return;
  try {
    const { removed } = await sweepOwnDead({ clients: session.clients, clock: io, signal: io.interrupted }, reachable);
    if (removed.length > 0) {
      const text = `Removed ${removed.length} leftovers of earlier runs that were killed on this machine.`;
      listen({ kind: 'warning', warning: { code: 'sweptDeadRuns', text } });
    }
  } catch (error) {
    const text = `Leftovers of earlier runs could not be removed: ${error instanceof Error ? error.message : 'unknown error'} See: tune cleanup`;
    listen({ kind: 'warning', warning: { code: 'sweepFailed', text } });
  }
}
