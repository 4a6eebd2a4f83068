import type { IncomingHttpHeaders } from 'node:http';
import { decoded } from './lambdaRoutes.ts';
import { maxObjectBytes } from './limits.ts';

/** S3 by path-style addresses: `/bucket/key`, and what the query makes of them. */

export type ObjectsOperation =
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'ListBuckets'
  | 'PutBucketVersioning'
  | 'GetBucketVersioning'
  | 'GetBucketLocation'
  | 'ListObjectVersions'
  | 'ListObjectsV2'
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts';

type Found =
  | {
      readonly operation: ObjectsOperation;
      readonly parameters: Readonly<Record<string, string>>;
      readonly maxBodyBytes: number;
    }
  | { readonly operation: 'unknown'; readonly name: string };

export function findObjectsRoute(
  method: string,
  path: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Found {
  const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const operation =
    bucket === ''
      ? servedBy({ GET: 'ListBuckets' }, method)
      : key === ''
        ? bucketOperation(method, query)
        : objectOperation(method, query, headers);
  const parameters = decoded(['Bucket', 'Key'], key === '' ? [bucket] : [bucket, key]);
  if (parameters === undefined) return { operation: 'unknown', name: `${method} ${path}` };
  if (operation === undefined) {
    return { operation: 'unknown', name: nameOf(method, key !== '', query, headers) };
  }
  return { operation, parameters, maxBodyBytes: bodyBytes[operation] ?? 65_536 };
}

function bucketOperation(method: string, query: URLSearchParams): ObjectsOperation | undefined {
  const asked = subresourceOf(query);
  switch (asked) {
    case undefined:
      return servedBy(
        { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket', GET: 'ListObjectsV2' } as const,
        method,
      );
    case 'versioning':
      return servedBy({ PUT: 'PutBucketVersioning', GET: 'GetBucketVersioning' } as const, method);
    case 'versions':
      return servedBy({ GET: 'ListObjectVersions' } as const, method);
    case 'location':
      return servedBy({ GET: 'GetBucketLocation' } as const, method);
    default:
      return undefined;
  }
}

function objectOperation(
  method: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): ObjectsOperation | undefined {
  const asked = subresourceOf(query);
  if (isCopy(method, headers)) return undefined;
  if (asked === 'uploads') return servedBy({ POST: 'CreateMultipartUpload' } as const, method);
  if (asked !== undefined) return undefined;
  return query.has('uploadId')
    ? servedBy(
        {
          PUT: 'UploadPart',
          POST: 'CompleteMultipartUpload',
          DELETE: 'AbortMultipartUpload',
          GET: 'ListParts',
        } as const,
        method,
      )
    : servedBy({ PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' } as const, method);
}

function servedBy(
  operations: Readonly<Partial<Record<string, ObjectsOperation>>>,
  method: string,
): ObjectsOperation | undefined {
  return operations[method];
}

/** What asks for something else than the bucket or object itself. */
const subresources = [
  ...['versioning', 'versions', 'location', 'uploads', 'acl', 'attributes', 'legal-hold', 'retention', 'tagging'],
  ...[
    'torrent',
    'restore',
    'select',
    'renameObject',
    'encryption',
    'abac',
    'accelerate',
    'analytics',
    'cors',
    'delete',
  ],
  ...['intelligent-tiering', 'inventory', 'lifecycle', 'logging', 'metadataConfiguration', 'metadataTable', 'metrics'],
  ...['metadataInventoryTable', 'metadataJournalTable', 'notification', 'object-lock', 'ownershipControls', 'policy'],
  ...['policyStatus', 'publicAccessBlock', 'replication', 'requestPayment', 'session', 'website'],
];

function subresourceOf(query: URLSearchParams): string | undefined {
  return subresources.find((each) => query.has(each));
}

/** An object that is copied has an empty body: without this, it would be stored so. */
function isCopy(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'PUT' && 'x-amz-copy-source' in headers;
}

/** Clients mostly say it by themselves; else as the API model composes its names. */
function nameOf(method: string, isObject: boolean, query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const said = query.get('x-id');
  if (said !== null) return said;
  if (isCopy(method, headers)) return query.has('uploadId') ? 'UploadPartCopy' : 'CopyObject';
  const asked = subresourceOf(query);
  if (asked === 'delete') return 'DeleteObjects';
  if (asked === 'uploads') return 'ListMultipartUploads';
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  const what = (asked ?? '').replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${verb}${isObject ? 'Object' : 'Bucket'}${what}`;
}

const bodyBytes: Partial<Record<ObjectsOperation, number>> = {
  // The wrapping of signed chunks comes on top of the content.
  PutObject: maxObjectBytes + 1_048_576,
  UploadPart: maxObjectBytes + 1_048_576,
  CompleteMultipartUpload: 1_048_576,
};
