import type { FunctionCode } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Architecture } from '../../model/configuration.ts';
import { isOfOtherRegion, regionOfBucket } from '../client/bucketRegion.ts';
import { callFailed, isNotFound, serviceError } from '../client/failure.ts';
import { stagedKey } from '../client/names.ts';
import type { ShadowContext } from './context.ts';

/**
 * Puts a package that is too large for the request into the staging bucket, for the time of the run.
 * @throws TuneError CODE for a bucket that does not exist, ACCESS_DENIED, …
 */
export async function stageCode(
  context: ShadowContext,
  architecture: Architecture,
  zip: Uint8Array,
  signal: AbortSignal,
): Promise<Pick<FunctionCode, 'S3Bucket' | 'S3Key' | 'S3ObjectVersion'>> {
  const bucket = context.options.stagingBucket;
  if (bucket === undefined) throw new Error('no staging bucket');
  const key = freeKey(context, architecture);
  const resource = { kind: 'stagedObject', bucket, key, region: context.facts.region } as const;
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await context.clients.s3();
  context.journal.intend(resource);
  context.staged.push(resource);
  try {
    const answer = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: zip }), {
      abortSignal: signal,
      requestTimeout: 15 * 60_000,
    });
    const versionId = answer.VersionId === 'null' ? undefined : answer.VersionId;
    // A repeated upload may have left two versions: then removal asks the bucket for all of the key.
    const made = answer.$metadata.attempts === 1 && versionId !== undefined ? { ...resource, versionId } : resource;
    context.staged.splice(context.staged.indexOf(resource), 1, made);
    context.journal.made(made);
    return { S3Bucket: bucket, S3Key: key, S3ObjectVersion: versionId };
  } catch (error) {
    if (signal.aborted) throw error;
    if (isNeverMade(error)) {
      context.staged.splice(context.staged.indexOf(resource), 1);
      context.journal.removed(resource);
    }
    throw stagingFailed(error, bucket, key, context.facts.region);
  }
}

/** One for each package of an architecture. */
function freeKey({ run, staged }: ShadowContext, architecture: Architecture): string {
  const taken = new Set(staged.map(({ key }) => key));
  for (let number = 1; ; number += 1) {
    const key = stagedKey(run.id, architecture, number);
    if (!taken.has(key)) return key;
  }
}

/** Refused for certain: no attempt of it went unanswered, or the bucket is not where they were sent. */
function isNeverMade(error: unknown): boolean {
  const { status = 0, attempts } = serviceError(error);
  return isNotFound(error) || isOfOtherRegion(error) || (attempts === 1 && status >= 300 && status < 500);
}

function stagingFailed(error: unknown, bucket: string, key: string, region: string): TuneError {
  if (isNotFound(error))
    return new TuneError('CODE', `There is no staging bucket ${bucket}.`, { hint: `It must be in ${region}.` });
  if (isOfOtherRegion(error)) {
    const where = regionOfBucket(error);
    return new TuneError(
      'CODE',
      `The staging bucket ${bucket} is in ${where ?? 'another region'}; Lambda takes code from buckets in the function's own region, ${region}.`,
      { hint: `Name a bucket in ${region} with --staging-bucket.` },
    );
  }
  return callFailed(error, { operation: 'S3.PutObject', resource: `s3://${bucket}/${key}` });
}
