import pLimit from 'p-limit';
import type { LeftBehind } from '../domain/platform.ts';
import { TuneError } from '../errors.ts';
import { type CleanupContext, serviceNow } from './cleanupContext.ts';
import { readFunctionTags, surveyJournals } from './cleanupFacts.ts';
import { type CleanupItem, type CleanupJournal, type CleanupPlan, leaseOf, planCleanup } from './cleanupPlan.ts';
import { deleteResource } from './deletion.ts';
import { removeJournalFile } from './journalFiles.ts';
import type { Resource } from './journalFormat.ts';

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
  context: CleanupContext,
  plan: CleanupPlan,
  onRemoved: (resource: Resource) => void = () => {},
): Promise<CleanupOutcome> {
  const limit = pLimit(together);
  const removed: Resource[] = [];
  const left: LeftBehind[] = [];
  const renewed: CleanupItem[] = [];
  const unfinishedRuns = new Set<string>();

  const finish = async (item: CleanupItem) => {
    try {
      if (await isRenewed(context, item)) {
        renewed.push(item);
        unfinishedRuns.add(item.runId);
        return;
      }
      await deleteResource(context, item.resource, item.arn);
      removed.push(item.resource);
      onRemoved(item.resource);
    } catch (error) {
      left.push(leftBehind(item, error instanceof TuneError ? error.message : String(error)));
      unfinishedRuns.add(item.runId);
    }
  };

  const toDelete = plan.items.filter((item) => item.action === 'delete');
  const [functions, others] = [true, false].map((wanted) =>
    toDelete.filter(({ resource }) => (resource.kind === 'function') === wanted),
  ) as [CleanupItem[], CleanupItem[]];
  await Promise.all(functions.map((item) => limit(() => finish(item))));
  const waiting = others.filter(({ runId }) => unfinishedRuns.has(runId));
  for (const item of waiting) left.push(leftBehind(item, 'a function of its run is still there'));
  await Promise.all(others.filter((item) => !waiting.includes(item)).map((item) => limit(() => finish(item))));

  for (const { file, runId } of plan.finishedJournals) if (!unfinishedRuns.has(runId)) removeJournalFile(file);
  return { removed, left, renewed };
}

/**
 * What a run does first: removes what earlier runs of dead processes on this machine name in their journals. Lists nothing.
 * `journals`: those of this account, region and endpoint. Throws TuneError when the account cannot be asked.
 */
export async function sweepOwnDead(
  context: CleanupContext,
  journals: readonly CleanupJournal[],
  onRemoved?: (resource: Resource) => void,
): Promise<CleanupOutcome> {
  const dead = journals.filter(({ liveness }) => liveness === 'dead');
  const facts = await surveyJournals(context, dead);
  return executeCleanup(context, planCleanup(facts, serviceNow(context), {}), onRemoved);
}

/** A run that overruns its lease renews it. Between the plan and the deletion lies a question to a person. */
async function isRenewed(context: CleanupContext, { resource, why, arn }: CleanupItem): Promise<boolean> {
  if (why !== 'leasePassed' || resource.kind !== 'function' || arn === undefined) return false;
  const tags = await readFunctionTags(context, arn);
  const leaseEndsAt = tags === 'gone' ? undefined : leaseOf(tags);
  return leaseEndsAt !== undefined && leaseEndsAt > serviceNow(context);
}

export function leftBehind({ resource, arn }: CleanupItem, reason: string): LeftBehind {
  const { kind, region } = resource;
  switch (resource.kind) {
    case 'function': {
      const command = `aws lambda delete-function --region ${region} --function-name ${resource.name}`;
      return { kind, region, reason, command, name: arn ?? resource.name };
    }
    case 'logGroup': {
      const command = `aws logs delete-log-group --region ${region} --log-group-name ${resource.name}`;
      return { kind, region, reason, command, name: resource.name };
    }
    case 'stagedObject': {
      const { bucket, key, versionId } = resource;
      const version = versionId === undefined ? '' : ` --version-id ${versionId}`;
      const command = `aws s3api delete-object --region ${region} --bucket ${bucket} --key ${key}${version}`;
      return { kind, region, reason, command, name: `s3://${bucket}/${key}` };
    }
  }
}
