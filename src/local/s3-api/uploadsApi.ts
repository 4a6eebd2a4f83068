import { randomBytes } from 'node:crypto';
import { maxObjectBytes } from '../http/limits.ts';
import { type ApiRequest, emptyAnswer, parameter, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import { element, xmlAnswer } from '../http/xml.ts';
import { type Bucket, eTagOf, eTagOfParts, type Upload, type UploadedPart } from '../service/objectStore.ts';
import type { Service } from '../service/service.ts';
import { bucketOf, isoDate, namespace, plainBody, versionHeader } from './objectsApi.ts';

/** Multipart uploads, as clients make them by themselves of larger files. */

const minPartBytes = 5_242_880;

export function createMultipartUpload(service: Service, request: ApiRequest): WireAnswer {
  const bucket = bucketOf(service, request);
  const key = parameter(request, 'Key');
  const contentType = request.headers['content-type'] ?? 'binary/octet-stream';
  const uploadId = randomBytes(32).toString('base64url');
  bucket.uploads.set(uploadId, { key, contentType, parts: new Map() });
  const named = [element('Bucket', bucket.name), element('Key', key), element('UploadId', uploadId)];
  return xmlAnswer(200, element(`InitiateMultipartUploadResult${namespace}`, ...named));
}

export function uploadPart(service: Service, request: ApiRequest): WireAnswer {
  const { upload } = uploadOf(service, request);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    const message = 'Part number must be an integer between 1 and 10000, inclusive';
    throw new ServiceFailure(400, 'InvalidArgument', message);
  }
  const content = plainBody(request);
  const part = { content, eTag: eTagOf(content), modifiedMs: service.clock.now() };
  upload.parts.set(number, part);
  return { status: 200, headers: { etag: part.eTag } };
}

export function completeMultipartUpload(service: Service, request: ApiRequest): WireAnswer {
  const { bucket, upload, uploadId } = uploadOf(service, request);
  const parts = namedParts(request.body.toString('utf8'), upload);
  const content = Buffer.concat(parts.map((part) => part.content));
  if (content.length > maxObjectBytes) {
    throw new ServiceFailure(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  }
  const { key, contentType } = upload;
  const object = service.objects.put(bucket, key, content, contentType, service.clock.now(), eTagOfParts(parts));
  bucket.uploads.delete(uploadId);
  const named = [
    element('Location', `http://${request.host}/${bucket.name}/${key}`),
    element('Bucket', bucket.name),
    element('Key', key),
    element('ETag', object.eTag),
  ];
  const answer = xmlAnswer(200, element(`CompleteMultipartUploadResult${namespace}`, ...named));
  return { ...answer, headers: { ...answer.headers, ...versionHeader(bucket, object) } };
}

export function abortMultipartUpload(service: Service, request: ApiRequest): WireAnswer {
  const { bucket, uploadId } = uploadOf(service, request);
  bucket.uploads.delete(uploadId);
  return emptyAnswer(204);
}

/** At most 1,000 entries: pages are not imitated. */
export function listParts(service: Service, request: ApiRequest): WireAnswer {
  const { bucket, upload, uploadId } = uploadOf(service, request);
  const parts = [...upload.parts]
    .sort(([a], [b]) => a - b)
    .slice(0, 1000)
    .map(([number, { content, eTag, modifiedMs }]) =>
      element(
        'Part',
        element('PartNumber', String(number)),
        element('LastModified', isoDate(modifiedMs)),
        element('ETag', eTag),
        element('Size', String(content.length)),
      ),
    );
  const named = [element('Bucket', bucket.name), element('Key', upload.key), element('UploadId', uploadId)];
  return xmlAnswer(200, element(`ListPartsResult${namespace}`, ...named, element('IsTruncated', 'false'), ...parts));
}

function uploadOf(
  service: Service,
  request: ApiRequest,
): { readonly bucket: Bucket; readonly upload: Upload; readonly uploadId: string } {
  const bucket = bucketOf(service, request);
  const uploadId = request.query.get('uploadId') ?? '';
  const upload = bucket.uploads.get(uploadId);
  if (upload === undefined || upload.key !== parameter(request, 'Key')) {
    const why = 'The upload ID may be invalid, or the upload may have been aborted or completed.';
    throw new ServiceFailure(404, 'NoSuchUpload', `The specified upload does not exist. ${why}`);
  }
  return { bucket, upload, uploadId };
}

/** Those that the client names, in its order. @throws ServiceFailure */
function namedParts(xml: string, upload: Upload): readonly UploadedPart[] {
  const named = [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(part)?.[1]),
    eTag: /<ETag>([^<]*)<\/ETag>/
      .exec(part)?.[1]
      ?.replaceAll(/&quot;|&#34;|"/g, '')
      .trim(),
  }));
  if (named.length === 0) throw new ServiceFailure(400, 'MalformedXML', 'The XML you provided was not well-formed');
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) {
    throw new ServiceFailure(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  return named.map(({ number, eTag }, index) => {
    const part = upload.parts.get(number);
    if (part === undefined || part.eTag !== `"${eTag}"`) {
      throw new ServiceFailure(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (index < named.length - 1 && part.content.length < minPartBytes) {
      const message = 'Your proposed upload is smaller than the minimum allowed size';
      throw new ServiceFailure(400, 'EntityTooSmall', message);
    }
    return part;
  });
}
