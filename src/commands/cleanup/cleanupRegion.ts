import { type AccountContext, serviceNow } from '../../aws/account/accountContext.ts';
import { executeCleanup } from '../../aws/cleanup/cleanup.ts';
import { surveyRegion } from '../../aws/cleanup/cleanupFacts.ts';
import type { CleanupItem, CleanupJournal, CleanupOptions, CleanupPlan } from '../../aws/cleanup/cleanupModel.ts';
import { planCleanup } from '../../aws/cleanup/cleanupPlan.ts';
import { configuredEndpoint, reachOf } from '../../aws/cleanup/journalReach.ts';
import { createClients } from '../../aws/client/client.ts';
import { usesProxy } from '../../aws/client/proxy.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { LeftBehind } from '../../model/platform.ts';
import { belongsToRun } from '../../model/runId.ts';
import { removeLog } from '../../state/logFiles.ts';
import { numberOf } from '../../text/numberOf.ts';
import { clientOptions, type ReachOptions } from '../shared/clientOptions.ts';
import { elsewhereNote, itemLine, resourceText } from './cleanupText.ts';

export interface RegionRequest {
  readonly region: string;
  readonly reach: ReachOptions;
  readonly options: CleanupOptions;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export interface RegionOutcome {
  readonly removed: number;
  readonly kept: readonly CleanupItem[];
  readonly left: readonly LeftBehind[];
  /** Why something could not be listed. */
  readonly refused: readonly TuneError[];
}

/**
 * One region of one account: looks, shows the plan, asks where it has to, removes.
 * @throws TuneError CONSENT, CREDENTIALS, UNREACHABLE, …
 */
export async function cleanRegion(
  request: RegionRequest,
  journals: readonly CleanupJournal[],
  io: Io,
): Promise<RegionOutcome> {
  const { region, reach, dryRun } = request;
  const clients = await createClients({ ...clientOptions(reach, region), viaProxy: usesProxy(io.env) }, io);
  const context: AccountContext = { clients, clock: io, signal: io.interrupted };
  try {
    const endpoint = configuredEndpoint(reach.endpointUrl, io.env);
    const here = { region, endpoint };
    const own = journals.filter(({ contents }) => reachOf(contents.header, here) === 'here');
    const survey = await surveyRegion(context, own);
    for (const journal of survey.otherAccounts) io.stderr.write(`${elsewhereNote(journal)}\n`);
    const plan = await agreed(planCleanup(survey.facts, serviceNow(context), request.options), request, io);
    const kept = plan.items.filter(({ action }) => action === 'keep');
    const { refused } = survey;
    if (dryRun) return { removed: 0, kept, left: [], refused };
    const { removed, left, renewed } = await executeCleanup(context, plan, (resource) =>
      io.stderr.write(`removed ${resourceText(resource)}\n`),
    );
    return { removed: removed.length, kept: [...kept, ...renewed.map(asRenewed)], left, refused };
  } finally {
    clients.destroy();
  }
}

/** Shows the plan. What may belong to a run that is alive elsewhere is only removed with a yes. */
async function agreed(plan: CleanupPlan, { dryRun, yes, region }: RegionRequest, io: Io): Promise<CleanupPlan> {
  if (plan.items.length > 0) io.stdout.write(`${region}:\n`);
  for (const item of plan.items) io.stdout.write(`  ${itemLine(item, dryRun)}\n`);
  const doubtful = plan.items.filter(({ why }) => why === 'allAsked');
  if (doubtful.length === 0 || dryRun || yes) return plan;
  const runs = new Set(doubtful.map(({ runId }) => runId));
  const what = `${doubtful.length} of these, of ${runs.size === 1 ? 'a run' : numberOf(runs.size, 'run')} that may be under way elsewhere`;
  if (!io.stdin.isTty || !io.stderr.isTty) {
    throw new TuneError('CONSENT', `--all would remove ${what}, and nobody can be asked here.`, {
      hint: 'Nothing was removed. Give --yes, or leave --all out to remove only what is certainly left over.',
    });
  }
  if (await io.ask(`Remove ${what}? [y/N] `)) return plan;
  return {
    items: plan.items.map((item) => (item.why === 'allAsked' ? asKept(item) : item)),
    finishedJournals: plan.finishedJournals.filter(({ runId }) => !runs.has(runId)),
  };
}

function asKept({ runId, resource, leaseEndsAt }: CleanupItem): CleanupItem {
  const lease = leaseEndsAt === undefined ? {} : { leaseEndsAt };
  return { runId, resource, action: 'keep', why: leaseEndsAt === undefined ? 'leaseUnknown' : 'leaseRuns', ...lease };
}

/** The end of the lease that the plan knew is over; the new one was only seen to be later. */
function asRenewed({ runId, resource }: CleanupItem): CleanupItem {
  return { runId, resource, action: 'keep', why: 'leaseRuns' };
}

/**
 * Journals of runs on the embedded endpoint: it ended with its process, so nothing but the file is left. One that may be
 * under way in another container stays until its lease has passed, or the user says so.
 */
export function removeEmbeddedJournals(journals: readonly CleanupJournal[], options: CleanupOptions, now: Date): void {
  for (const { file, contents, liveness, runId } of journals) {
    if (contents.header?.endpoint !== 'embedded' || liveness === 'alive') continue;
    const isOver = liveness === 'dead' || new Date(contents.expiresAt ?? contents.header.expiresAt) <= now;
    if (isOver || options.all || (options.runId !== undefined && belongsToRun(options.runId, runId))) removeLog(file);
  }
}
