import { type ApiRequest, emptyAnswer, parameter, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import { element, xmlAnswer } from '../http/xml.ts';
import type { Bucket, StoredObject } from '../service/objectStore.ts';
import type { Service } from '../service/service.ts';

/** S3 with path-style addresses, as far as staging a package needs it. Signatures and checksums are not verified. */

export const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export function createBucket(service: Service, request: ApiRequest): WireAnswer {
  const name = parameter(request, 'Bucket');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw new ServiceFailure(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  }
  if (service.objects.buckets.has(name)) {
    throw new ServiceFailure(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  }
  service.objects.buckets.set(name, {
    name,
    createdMs: service.clock.now(),
    versioning: 'Off',
    objects: new Map(),
    uploads: new Map(),
  });
  return { status: 200, headers: { location: `/${name}` } };
}

export function headBucket(service: Service, request: ApiRequest): WireAnswer {
  bucketOf(service, request);
  return { status: 200, headers: { 'x-amz-bucket-region': service.account.region } };
}

export function deleteBucket(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  if (bucket.objects.size > 0)
    throw new ServiceFailure(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
  service.objects.buckets.delete(bucket.name);
  return emptyAnswer(204);
}

export function listBuckets(service: Service): WireAnswer {
  const buckets = [...service.objects.buckets.values()].map(({ name, createdMs }) =>
    element('Bucket', element('Name', name), element('CreationDate', isoDate(createdMs))),
  );
  return xmlAnswer(200, element(`ListAllMyBucketsResult${namespace}`, element('Buckets', ...buckets)));
}

export function putBucketVersioning(service: Service, request: ApiRequest): WireAnswer {
  const status = /<Status>(Enabled|Suspended)<\/Status>/.exec(request.body.toString('utf8'))?.[1];
  if (status === undefined) throw new ServiceFailure(400, 'MalformedXML', 'The XML you provided was not well-formed');
  bucketOf(service, request).versioning = status === 'Enabled' ? 'Enabled' : 'Suspended';
  return emptyAnswer(200);
}

export function getBucketVersioning(service: Service, request: ApiRequest): WireAnswer {
  const { versioning } = bucketOf(service, request);
  const status = versioning === 'Off' ? [] : [element('Status', versioning)];
  return xmlAnswer(200, element(`VersioningConfiguration${namespace}`, ...status));
}

export function getBucketLocation(service: Service, request: ApiRequest): WireAnswer {
  bucketOf(service, request);
  const { region } = service.account;
  // us-east-1 is told by an empty constraint, for history's sake.
  return xmlAnswer(200, element(`LocationConstraint${namespace}`, region === 'us-east-1' ? '' : region));
}

/** At most 1,000 entries: pages are not imitated. */
export function listObjectVersions(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  const prefix = request.query.get('prefix') ?? '';
  const entries = [...bucket.objects.values()]
    .flatMap((versions) => versions.map((object, index) => ({ object, latest: index === 0 })))
    .filter(({ object }) => object.key.startsWith(prefix))
    .slice(0, 1000)
    .map(({ object, latest }) =>
      element(
        object.deleteMarker ? 'DeleteMarker' : 'Version',
        element('Key', object.key),
        element('VersionId', object.versionId),
        element('IsLatest', String(latest)),
        element('LastModified', isoDate(object.modifiedMs)),
        ...(object.deleteMarker ? [] : [element('ETag', object.eTag), element('Size', String(object.content.length))]),
      ),
    );
  return xmlAnswer(
    200,
    element(
      `ListVersionsResult${namespace}`,
      element('Name', bucket.name),
      element('Prefix', prefix),
      element('IsTruncated', 'false'),
      ...entries,
    ),
  );
}

/** Pages by `max-keys`; common prefixes are not made. A token names the last key that was told, as `start-after` and `marker` do. */
export function listObjects(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? query.get('marker') ?? '') : keyOf(token);
  const asked = query.get('max-keys') ?? '1000';
  if (!/^\d{1,9}$/.test(asked)) throw new ServiceFailure(400, 'InvalidArgument', 'Provided max-keys not an integer');
  const found = [...bucket.objects.values()]
    .flatMap(([newest]) => (newest === undefined || newest.deleteMarker ? [] : [newest]))
    .filter(({ key }) => key.startsWith(prefix) && key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const objects = found.slice(0, Math.min(1000, Number(asked)));
  const isTruncated = objects.length > 0 && objects.length < found.length;
  const entries = objects.map(({ key, eTag, content, modifiedMs }) =>
    element(
      'Contents',
      element('Key', key),
      element('LastModified', isoDate(modifiedMs)),
      element('ETag', eTag),
      element('Size', String(content.length)),
      element('StorageClass', 'STANDARD'),
    ),
  );
  const last = objects.at(-1)?.key ?? '';
  return xmlAnswer(
    200,
    element(
      `ListBucketResult${namespace}`,
      element('Name', bucket.name),
      element('Prefix', prefix),
      element('KeyCount', String(objects.length)),
      element('MaxKeys', asked),
      element('IsTruncated', String(isTruncated)),
      ...(isTruncated
        ? [element('NextContinuationToken', Buffer.from(last).toString('base64url')), element('NextMarker', last)]
        : []),
      ...entries,
    ),
  );
}

function keyOf(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8');
}

export function putObject(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  const content = plainBody(request);
  const type = request.headers['content-type'] ?? 'application/octet-stream';
  const object = service.objects.put(bucket, parameter(request, 'Key'), content, type, service.clock.now());
  return { status: 200, headers: { etag: object.eTag, ...versionHeader(bucket, object) } };
}

export function getObject(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  const object = objectOf(service, bucket, request);
  const { content, eTag, contentType, modifiedMs } = object;
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== eTag) {
    throw new ServiceFailure(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  }
  const range = rangeOf(request.headers.range, content.length);
  const headers = {
    etag: eTag,
    'content-type': contentType,
    'last-modified': new Date(modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeader(bucket, object),
  };
  if (range === undefined) return { status: 200, headers, body: content };
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${range.from}-${range.to}/${content.length}` },
    body: content.subarray(range.from, range.to + 1),
  };
}

/** Clients fetch large objects in pieces side by side. Undefined: all of it, as S3 answers what it cannot read, and several ranges. */
function rangeOf(
  header: string | undefined,
  length: number,
): { readonly from: number; readonly to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (from >= length) throw new ServiceFailure(416, 'InvalidRange', 'The requested range is not satisfiable');
  return { from, to };
}

export function deleteObject(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  const versionId = request.query.get('versionId') ?? undefined;
  const touched = service.objects.remove(bucket, parameter(request, 'Key'), versionId, service.clock.now());
  if (touched === undefined) return emptyAnswer(204);
  const marker = touched.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {};
  return { status: 204, headers: { ...versionHeader(bucket, touched), ...marker } };
}

export function bucketOf(service: Service, request: ApiRequest): Bucket {
  const name = parameter(request, 'Bucket');
  const bucket = service.objects.buckets.get(name);
  if (bucket === undefined) throw new ServiceFailure(404, 'NoSuchBucket', 'The specified bucket does not exist');
  return bucket;
}

function objectOf(service: Service, bucket: Bucket, request: ApiRequest): StoredObject {
  const versionId = request.query.get('versionId') ?? undefined;
  const object = service.objects.find(bucket, parameter(request, 'Key'), versionId);
  if (object !== undefined) return object;
  throw versionId === undefined
    ? new ServiceFailure(404, 'NoSuchKey', 'The specified key does not exist.')
    : new ServiceFailure(404, 'NoSuchVersion', 'The specified version does not exist.');
}

export function versionHeader(bucket: Bucket, object: StoredObject): Record<string, string> {
  return bucket.versioning === 'Off' ? {} : { 'x-amz-version-id': object.versionId };
}

/** Clients that sign while sending wrap the body in chunks: `<hex length>[;…]\r\n<bytes>\r\n … 0\r\n<trailers>`. */
export function plainBody({ headers, body }: ApiRequest): Buffer {
  const wrapped = String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!wrapped) return body;
  const parts: Buffer[] = [];
  for (let position = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', position);
    const length =
      lineEnd < 0 ? undefined : /^([0-9a-f]{1,8})(;|$)/i.exec(body.toString('latin1', position, lineEnd))?.[1];
    if (length === undefined) throw new ServiceFailure(400, 'IncompleteBody', 'The chunked body is not complete.');
    const bytes = Number.parseInt(length, 16);
    if (bytes === 0) return Buffer.concat(parts);
    const start = lineEnd + 2;
    if (start + bytes + 2 > body.length)
      throw new ServiceFailure(400, 'IncompleteBody', 'The chunked body is not complete.');
    parts.push(body.subarray(start, start + bytes));
    position = start + bytes + 2;
  }
}

export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}
