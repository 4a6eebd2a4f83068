import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../errors.ts';
import { abortable } from './accountLists.ts';
import type { CleanupContext } from './cleanupContext.ts';
import { callFailed, isNamed, isNotFound } from './failure.ts';
import type { Resource } from './journalFormat.ts';

/** A function that is being created or changed may refuse (409) until its state settles [infer]. */
const busyMs = 5 * 60_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Deletes one thing with everything in it; what is gone already is fine. `arn`: of a function.
 * @throws TuneError ACCESS_DENIED, SERVICE, …
 */
export async function deleteResource(context: CleanupContext, resource: Resource, arn?: string): Promise<void> {
  const { lambda, logs } = context.clients;
  switch (resource.kind) {
    case 'function': {
      // Without a qualifier: all versions and aliases. The ARN keeps it to the account in which it was seen.
      const FunctionName = arn ?? resource.name;
      return unlessBusy(context, { operation: 'Lambda.DeleteFunction', resource: FunctionName }, () =>
        lambda.send(new DeleteFunctionCommand({ FunctionName }), abortable(context)),
      );
    }
    case 'logGroup': {
      const { name } = resource;
      return unlessBusy(context, { operation: 'CloudWatchLogs.DeleteLogGroup', resource: name }, () =>
        logs.send(new DeleteLogGroupCommand({ logGroupName: name }), abortable(context)),
      );
    }
    case 'stagedObject':
      return deleteStagedObject(context, resource);
  }
}

/** In a versioned bucket only deleting by version removes anything. Without a known one: every version of this very key. */
async function deleteStagedObject(
  context: CleanupContext,
  { bucket: Bucket, key: Key, versionId }: Extract<Resource, { kind: 'stagedObject' }>,
): Promise<void> {
  const { DeleteObjectCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const s3 = await context.clients.s3();
  const resource = `s3://${Bucket}/${Key}`;
  const versionIds = versionId === undefined ? await listed() : [versionId];
  for (const VersionId of versionIds) {
    await unlessBusy(context, { operation: 'S3.DeleteObject', resource }, () =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }), abortable(context)),
    );
  }

  /** One page is plenty: a run uploads a key once. */
  async function listed(): Promise<readonly string[]> {
    try {
      const answer = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }), abortable(context));
      return [...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])]
        .filter((version) => version.Key === Key)
        .map((version) => version.VersionId ?? 'null');
    } catch (error) {
      if (isNotFound(error)) return [];
      throw callFailed(error, { operation: 'S3.ListObjectVersions', resource });
    }
  }
}

async function unlessBusy(
  context: CleanupContext,
  call: { readonly operation: string; readonly resource: string },
  attempt: () => Promise<unknown>,
): Promise<void> {
  let waitedMs = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    if (context.signal?.aborted) throw new TuneError('LEFT_BEHIND', 'The clean-up was interrupted.');
    try {
      await attempt();
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      const isBusy = isNamed(error, 'ResourceConflictException', 'OperationAbortedException');
      if (!isBusy || waitedMs >= busyMs) throw callFailed(error, call);
    }
    await context.sleep(pauseMs, context.signal);
    waitedMs += pauseMs;
  }
}
