import type { S3Client } from '@aws-sdk/client-s3';
import { isOfOtherRegion } from '../client/bucketRegion.ts';
import { isDenied, isNamed, isNotFound, serviceError } from '../client/failure.ts';

export interface StagedObject {
  readonly bucket: string;
  readonly key: string;
  /** Undefined: not known, because the answer to the upload was lost, or the bucket keeps no versions. */
  readonly versionId?: string | undefined;
}

interface Version {
  readonly VersionId?: string;
}

/**
 * Deletes by version. Without one a bucket that keeps versions would keep the object behind a marker, which is one thing more
 * to remove: that call is made only where the object that is there has no version.
 */
export async function deleteStagedObject(s3: S3Client, { bucket, key, versionId }: StagedObject): Promise<void> {
  const { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const named = { Bucket: bucket, Key: key };
  try {
    const known =
      versionId === undefined ? ((await listedVersions()) ?? (await visibleVersion())) : [{ VersionId: versionId }];
    for (const version of known) await s3.send(new DeleteObjectCommand({ ...named, ...version }));
  } catch (error) {
    // What this client sent there was refused, too.
    if (!isOfOtherRegion(error)) throw error;
  }

  /** Undefined: not every S3-like service lists versions, and not everybody may. */
  async function listedVersions(): Promise<readonly Version[] | undefined> {
    try {
      const answer = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
      const entries = [...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])];
      return entries.flatMap((entry) =>
        entry.Key === key && entry.VersionId !== undefined ? [{ VersionId: entry.VersionId }] : [],
      );
    } catch (error) {
      if (isDenied(error) || isNamed(error, 'NotImplemented')) return undefined;
      throw error;
    }
  }

  async function visibleVersion(): Promise<readonly Version[]> {
    try {
      // S3 names the version of every object in a bucket that keeps versions, or has kept some.
      const { VersionId: version } = await s3.send(new HeadObjectCommand(named));
      return [version === undefined ? {} : { VersionId: version }];
    } catch (error) {
      if (isNotFound(error) || serviceError(error).status === 404) return [];
      throw error;
    }
  }
}
