import { serviceNow } from '../../aws/account/accountContext.ts';
import { configuredEndpoint } from '../../aws/cleanup/journalReach.ts';
import { createAwsPlatform } from '../../aws/shadow/shadow.ts';
import type { Io } from '../../base/io.ts';
import { processIdentity } from '../../host/liveness.ts';
import { openStateDirectory } from '../../host/stateDirectory.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { RunEvent } from '../../model/engine/events.ts';
import type { LeftBehind, Platform } from '../../model/platform.ts';
import type { Warning } from '../../model/warning.ts';
import type { RunOptions } from '../../options/options.ts';
import { journalFolder, openJournal } from '../../state/journal.ts';
import { sweepBeforeRun } from './leftovers.ts';
import { overlayFor } from './overlays.ts';
import type { Session } from './session.ts';

/** A run that may begin to create things: its journal is open and what dead runs of this machine left is gone. */
export interface OpenPlatform {
  readonly platform: Platform;
  warnings(): readonly Warning[];
  /** After the result is shown: a late flush of logs may have made the log group anew. */
  lastLook(): Promise<readonly LeftBehind[]>;
  close(): void;
}

/** What is known of a run, or of one side of a check, before it begins. */
type StartedJob = Pick<TuneJob, 'runId' | 'toolVersion' | 'facts'> & {
  readonly plan: Pick<TuneJob['plan'], 'leaseSeconds' | 'maxInFlight'>;
};

/** A CI runner kills ten seconds after it asked, a person waits longer. */
const removalBoundMs = { interrupted: 60_000, normally: 6 * 60_000 } as const;

/** Throws TuneError STATE_DIRECTORY when no journal can be kept; nothing is created before there is one. */
export async function openPlatform(
  job: StartedJob,
  session: Session,
  options: RunOptions,
  io: Io,
  onEvent: (event: RunEvent) => void,
): Promise<OpenPlatform> {
  const warnings: Warning[] = [];
  const listen = (event: RunEvent) => {
    if (event.kind === 'warning') warnings.push(event.warning);
    onEvent(event);
  };
  const state = openStateDirectory(io);
  if (state.warning) listen({ kind: 'warning', warning: state.warning });
  const folder = journalFolder(state.folder);

  const { facts } = job;
  const { clients } = session;
  const endpoint = session.path === undefined ? configuredEndpoint(options.endpointUrl, io.env) : 'embedded';
  const here = { region: facts.region, accountId: facts.accountId, endpoint };
  const swept = await sweepBeforeRun({ clients, clock: io, signal: io.interrupted }, here, io);
  for (const warning of swept) listen({ kind: 'warning', warning });
  const startedAt = io.now();
  // Leases are judged by the service's clock: this machine's may be wrong.
  const expiresAt = new Date(serviceNow({ clients, clock: io }).getTime() + job.plan.leaseSeconds * 1000);
  const journal = openJournal({
    folder,
    header: {
      runId: job.runId,
      toolVersion: job.toolVersion,
      process: processIdentity(io),
      accountId: facts.accountId,
      region: facts.region,
      endpoint,
      role: clients.options.role?.arn,
      startedAt: startedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    },
    now: io.now,
  });
  const platform = createAwsPlatform({
    clients,
    facts,
    source: session.source,
    run: { id: job.runId, target: targetName(job), createdAt: startedAt, expiresAt },
    options: {
      env: options.env,
      tags: options.tag,
      copyTags: options.copyTags,
      maxInFlight: job.plan.maxInFlight,
      overlayOf: (configuration) => overlayFor(configuration, session.builds, session.variants),
      overlaidValues: session.variants.flatMap(({ overlay }) => Object.values(overlay.environment ?? {})),
      stagingBucket: session.stagingBucket,
      removalBoundMs: () => (io.interrupted.aborted ? removalBoundMs.interrupted : removalBoundMs.normally),
    },
    journal,
    clock: io,
    onEvent: listen,
  });
  return {
    platform,
    warnings: () => warnings,
    lastLook: () => platform.lastLook(),
    close: () => journal.close(),
  };
}

function targetName({ facts }: StartedJob): string {
  return facts.qualifier === '$LATEST' ? facts.functionName : `${facts.functionName}:${facts.qualifier}`;
}
