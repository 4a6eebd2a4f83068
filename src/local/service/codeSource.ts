import { createHash } from 'node:crypto';
import { maxDirectZipBytes } from '../http/limits.ts';
import { invalidParameter, ServiceFailure } from '../http/wire.ts';
import type { FunctionCode } from './model.ts';
import { type Service, usedCodeBytes } from './service.ts';
import type { CodeSource, FunctionSettings } from './settings.ts';

/**
 * Takes the code of a CreateFunction or UpdateFunctionCode from where it says. Undefined when it names no source.
 * @throws ServiceFailure for code that is broken, too large, missing or does not fit the code storage
 */
export async function takeCode(
  service: Service,
  source: CodeSource,
  packageType: FunctionSettings['packageType'],
): Promise<FunctionCode | undefined> {
  if (source.ImageUri !== undefined) return takeImage(service, source.ImageUri, packageType);
  const zip = source.ZipFile === undefined ? stagedZip(service, source) : decodeZip(source.ZipFile);
  if (zip === undefined) return undefined;
  if (packageType === 'Image')
    throw invalidParameter('Please provide ImageUri when updating a function with packageType Image.');
  checkCodeStorage(service, zip.length);
  const stored = await service.code.add(zip);
  const { S3Bucket, S3Key, S3ObjectVersion, SourceKMSKeyArn } = source;
  return {
    ...stored,
    sourceKmsKeyArn: SourceKMSKeyArn,
    s3:
      S3Bucket === undefined || S3Key === undefined
        ? undefined
        : { bucket: S3Bucket, key: S3Key, versionId: S3ObjectVersion },
  };
}

/** Every version counts: also PublishVersion needs room. @throws ServiceFailure CodeStorageExceededException */
export function checkCodeStorage(service: Service, moreBytes: number): void {
  if (usedCodeBytes(service) + moreBytes > service.conditions.codeStorageBytes) {
    throw new ServiceFailure(400, 'CodeStorageExceededException', 'Code storage limit exceeded.');
  }
}

function takeImage(service: Service, imageUri: string, packageType: FunctionSettings['packageType']): FunctionCode {
  if (packageType !== 'Image')
    throw invalidParameter('Please set PackageType to Image to create a function with an ImageUri.');
  if (!service.conditions.runsImages) {
    throw invalidParameter('This endpoint does not run container images: use a directory or a zip file.');
  }
  // A tag stands for some digest; an image that is named by its digest is that one.
  const named = /@sha256:([0-9a-f]{64})$/.exec(imageUri)?.[1];
  const digest = named ?? createHash('sha256').update(imageUri).digest('hex');
  return { sha256: digest, sizeBytes: 0, unzippedBytes: 0, folder: '', zipFile: '', imageUri };
}

function decodeZip(text: string): Buffer {
  const zip = Buffer.from(text, 'base64');
  if (zip.length > maxDirectZipBytes) {
    throw new ServiceFailure(
      413,
      'RequestEntityTooLargeException',
      `Request must be smaller than ${maxDirectZipBytes} bytes for the uploaded zip file; larger ones come from S3.`,
    );
  }
  return zip;
}

function stagedZip(service: Service, { S3Bucket, S3Key, S3ObjectVersion }: CodeSource): Buffer | undefined {
  if (S3Bucket === undefined || S3Key === undefined) return undefined;
  const bucket = service.objects.buckets.get(S3Bucket);
  if (bucket === undefined) {
    throw invalidParameter(
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    );
  }
  const found = service.objects.find(bucket, S3Key, S3ObjectVersion);
  if (found === undefined) {
    throw invalidParameter(
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    );
  }
  return found.content;
}
