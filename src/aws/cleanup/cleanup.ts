import pLimit from 'p-limit';
import { messageOf } from '../../base/errors.ts';
import type { LeftBehind } from '../../model/platform.ts';
import type { Resource } from '../../state/journalFormat.ts';
import { removeLog } from '../../state/logFiles.ts';
import { type AccountContext, serviceNow } from '../account/accountContext.ts';
import { leftBehind } from '../shadow/leftBehind.ts';
import { type RemovalContext, removeFunction, removeLogGroup, removeStagedObject } from '../shadow/removal.ts';
import { readFunctionTags, surveyJournals } from './cleanupFacts.ts';
import type { CleanupItem, CleanupJournal, CleanupPlan } from './cleanupModel.ts';
import { leaseOf, planCleanup } from './cleanupPlan.ts';

export interface CleanupOutcome {
  readonly removed: readonly Resource[];
  /** What should be gone and is not, with the reason and a command. */
  readonly left: readonly LeftBehind[];
  /** Was to be deleted because its lease had passed, but its run has renewed it in the meantime. */
  readonly renewed: readonly CleanupItem[];
}

/** Deletions side by side; the clients keep the rate. */
const together = 5;

/**
 * Deletes what the plan says, then the journals that name nothing any more. What cannot be deleted does not stop the rest,
 * but a run's log group stays as long as one of its functions, which would write to it.
 */
export async function executeCleanup(
  context: AccountContext,
  plan: CleanupPlan,
  onRemoved: (resource: Resource) => void = () => {},
): Promise<CleanupOutcome> {
  const limit = pLimit(together);
  const removed: Resource[] = [];
  const left: LeftBehind[] = [];
  const renewed: CleanupItem[] = [];
  const unfinishedRuns = new Set<string>();

  const removal = removalContext(context);
  const leave = (item: CleanupItem, reason: string) => {
    const functionArnPrefix = item.arn?.slice(0, item.arn.lastIndexOf(':') + 1) ?? '';
    left.push(leftBehind(item.resource, reason, { functionArnPrefix, options: context.clients.options }));
    unfinishedRuns.add(item.runId);
  };
  const finish = async (item: CleanupItem) => {
    if (context.signal?.aborted) return leave(item, 'the clean-up was interrupted');
    const doubt = await lookAgain(context, item);
    if (doubt === 'renewed') {
      renewed.push(item);
      unfinishedRuns.add(item.runId);
      return;
    }
    if (doubt !== undefined) return leave(item, doubt.reason);
    const failed = await remove(removal, item);
    if (failed) return leave(item, failed.reason);
    removed.push(item.resource);
    onRemoved(item.resource);
  };

  const toDelete = plan.items.filter((item) => item.action === 'delete');
  const functions = toDelete.filter(({ resource }) => resource.kind === 'function');
  await Promise.all(functions.map((item) => limit(() => finish(item))));
  const others = toDelete.filter(({ resource }) => resource.kind !== 'function');
  const waiting = others.filter(({ runId }) => unfinishedRuns.has(runId));
  for (const item of waiting) leave(item, 'a function of its run is still there');
  await Promise.all(others.filter((item) => !waiting.includes(item)).map((item) => limit(() => finish(item))));

  for (const { file, runId } of plan.finishedJournals) if (!unfinishedRuns.has(runId)) removeLog(file);
  return { removed, left, renewed };
}

/**
 * What a run does first: removes what earlier runs of dead processes on this machine name in their journals. Lists nothing.
 * `journals`: those of this account, region and endpoint. Throws TuneError when the account cannot be asked.
 */
export async function sweepOwnDead(
  context: AccountContext,
  journals: readonly CleanupJournal[],
  onRemoved?: (resource: Resource) => void,
): Promise<CleanupOutcome> {
  const dead = journals.filter(({ liveness }) => liveness === 'dead');
  const facts = await surveyJournals(context, dead);
  return executeCleanup(context, planCleanup(facts, serviceNow(context), {}), onRemoved);
}

/** A run that overruns its lease renews it, and between the plan and the deletion lies a question to a person. */
async function lookAgain(
  context: AccountContext,
  { resource, why, arn }: CleanupItem,
): Promise<'renewed' | { readonly reason: string } | undefined> {
  if (why !== 'leasePassed' || resource.kind !== 'function' || arn === undefined) return undefined;
  try {
    const tags = await readFunctionTags(context, arn);
    if (tags === 'gone') return undefined;
    const leaseEndsAt = leaseOf(tags);
    if (leaseEndsAt === undefined) return { reason: 'its tags can no longer be read' };
    return leaseEndsAt > serviceNow(context) ? 'renewed' : undefined;
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

function remove(
  context: RemovalContext,
  { resource, arn }: CleanupItem,
): Promise<{ readonly reason: string } | undefined> {
  switch (resource.kind) {
    case 'function':
      // The ARN keeps it to the account in which it was seen.
      return removeFunction(context, arn ?? resource.name);
    case 'logGroup':
      return removeLogGroup(context, resource.name, { isKnown: true });
    case 'stagedObject':
      return removeStagedObject(context, resource);
  }
}

/** A function that is being created may refuse (409) until its state settles [infer]. */
const patienceMs = 5 * 60_000;

function removalContext({ clients, clock, signal }: AccountContext): RemovalContext {
  return {
    clients,
    clock: {
      ...clock,
      sleep: (ms) => clock.sleep(ms, signal),
      // After an interruption nothing is tried again: its time is over.
      monotonicMs: () => (signal?.aborted ? Number.POSITIVE_INFINITY : clock.monotonicMs()),
    },
    onEvent: () => {},
    deadlineMs: clock.monotonicMs() + patienceMs,
  };
}
