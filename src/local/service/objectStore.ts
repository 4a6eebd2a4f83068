import { createHash, randomUUID } from 'node:crypto';

/** S3 as far as staging a package needs: buckets, versioned or not, with whole objects in memory. */

export interface StoredObject {
  readonly key: string;
  /** `null` in buckets that were never versioned. */
  readonly versionId: string;
  readonly content: Buffer;
  readonly eTag: string;
  readonly contentType: string;
  readonly modifiedMs: number;
  /** Written by a DELETE without version id in a versioned bucket. */
  readonly deleteMarker: boolean;
}

export interface Bucket {
  readonly name: string;
  readonly createdMs: number;
  versioning: 'Off' | 'Enabled' | 'Suspended';
  /** By key, newest first. */
  readonly objects: Map<string, StoredObject[]>;
  /** Multipart uploads that are neither completed nor aborted, by id. */
  readonly uploads: Map<string, Upload>;
}

export interface Upload {
  readonly key: string;
  readonly contentType: string;
  readonly parts: Map<number, UploadedPart>;
}

export interface UploadedPart {
  readonly content: Buffer;
  readonly eTag: string;
  readonly modifiedMs: number;
}

export interface ObjectStore {
  readonly buckets: Map<string, Bucket>;
  put(bucket: Bucket, key: string, content: Buffer, contentType: string, nowMs: number, eTag?: string): StoredObject;
  /** The newest one, or the version asked for; undefined also behind a delete marker. */
  find(bucket: Bucket, key: string, versionId?: string): StoredObject | undefined;
  /** What was removed (a version) or written (a delete marker); undefined when nothing changed. */
  remove(bucket: Bucket, key: string, versionId: string | undefined, nowMs: number): StoredObject | undefined;
}

export function createObjectStore(): ObjectStore {
  const add = (bucket: Bucket, object: StoredObject): StoredObject => {
    const versions = bucket.objects.get(object.key) ?? [];
    const kept = bucket.versioning === 'Enabled' ? versions : versions.filter(({ versionId }) => versionId !== 'null');
    bucket.objects.set(object.key, [object, ...kept]);
    return object;
  };
  const newVersionId = (bucket: Bucket) =>
    bucket.versioning === 'Enabled' ? randomUUID().replaceAll('-', '') : 'null';

  return {
    buckets: new Map(),
    put: (bucket, key, content, contentType, nowMs, eTag = eTagOf(content)) =>
      add(bucket, {
        key,
        versionId: newVersionId(bucket),
        content,
        eTag,
        contentType,
        modifiedMs: nowMs,
        deleteMarker: false,
      }),
    find: (bucket, key, versionId) => {
      const versions = bucket.objects.get(key) ?? [];
      const found = versionId === undefined ? versions[0] : versions.find((each) => each.versionId === versionId);
      return found?.deleteMarker === true ? undefined : found;
    },
    remove: (bucket, key, versionId, nowMs) => {
      const versions = bucket.objects.get(key) ?? [];
      if (versionId === undefined && bucket.versioning !== 'Off') {
        return add(bucket, {
          key,
          versionId: newVersionId(bucket),
          content: Buffer.alloc(0),
          eTag: '',
          contentType: '',
          modifiedMs: nowMs,
          deleteMarker: true,
        });
      }
      const gone = versions.find((each) => each.versionId === (versionId ?? 'null'));
      const left = versions.filter((each) => each !== gone);
      if (left.length === 0) bucket.objects.delete(key);
      else bucket.objects.set(key, left);
      return gone;
    },
  };
}

export function eTagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

/** Of an object that was uploaded in parts: the digest of their digests. */
export function eTagOfParts(parts: readonly UploadedPart[]): string {
  const digests = parts.map(({ eTag }) => Buffer.from(eTag.replaceAll('"', ''), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${parts.length}"`;
}
