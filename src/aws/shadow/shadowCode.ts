import type { FunctionCode } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import type { Overlay } from '../../model/variant.ts';
import { sha256Base64 } from '../client/codeDownload.ts';
import { directUploadBytes } from '../target/packageSizes.ts';
import type { Target } from '../target/target.ts';
import type { ShadowContext } from './context.ts';
import { stageCode } from './staging.ts';
import { downloadCode } from './targetCode.ts';

/** Where CreateFunction finds the code of the shadows of one architecture. */
export interface ShadowCode {
  readonly code: FunctionCode;
  /** What the shadow's CodeSha256 must be; undefined where other code of unknown hash was given. */
  readonly expectedSha256: string | undefined;
}

export interface CodeWanted {
  readonly architecture: Architecture;
  readonly overlay: Overlay;
}

/** A smaller package is uploaded once per configuration; a larger one is slow to send, so few shadows walk their sizes. */
export const smallPackageBytes = 10 * 1024 * 1024;

/** @throws TuneError CODE when there is no build for the architecture, or no way to send it */
export async function shadowCode(
  context: ShadowContext,
  { architecture, overlay }: CodeWanted,
  signal: AbortSignal,
): Promise<ShadowCode> {
  const { facts } = context;
  const { code, configuration } = context.source.reveal();
  if (facts.packageType === 'Image') return imageCode(context, architecture, overlay.imageUri);
  if (overlay.code) return sendZip(context, architecture, overlay.code, signal);
  if (code.Location === undefined && code.ResolvedS3Object?.S3Key !== undefined) {
    // Code kept in the owner's bucket: copied from there. Its policy may allow the original alone [infer].
    return {
      code: {
        S3Bucket: code.ResolvedS3Object.S3Bucket,
        S3Key: code.ResolvedS3Object.S3Key,
        S3ObjectVersion: code.ResolvedS3Object.S3ObjectVersion,
        SourceKMSKeyArn: code.SourceKMSKeyArn,
      },
      expectedSha256: configuration.CodeSha256,
    };
  }
  checkSendable(context, facts.codeSizeBytes);
  return sendZip(context, architecture, await downloadCode(context, signal), signal);
}

function imageCode(
  { facts, source }: ShadowContext,
  architecture: Architecture,
  given: string | undefined,
): ShadowCode {
  if (given !== undefined) return { code: { ImageUri: given }, expectedSha256: undefined };
  if (architecture !== facts.architecture) {
    throw new TuneError(
      'CODE',
      `The function is an image for ${facts.architecture}; there is none for ${architecture}.`,
      {
        hint: `Name one with ${architecture === 'arm64' ? '--arm64-image' : '--x86-image'} <uri>, or leave ${architecture} out.`,
      },
    );
  }
  const { code } = source.reveal();
  // By digest: the tag may have been moved since the function was deployed.
  return { code: { ImageUri: code.ResolvedImageUri ?? code.ImageUri }, expectedSha256: facts.codeSha256 };
}

async function sendZip(
  context: ShadowContext,
  architecture: Architecture,
  zip: Uint8Array,
  signal: AbortSignal,
): Promise<ShadowCode> {
  checkSendable(context, zip.length);
  const expectedSha256 = sha256Base64(zip);
  const { SourceKMSKeyArn } = context.source.reveal().code;
  if (zip.length <= directUploadBytes) return { code: { ZipFile: zip, SourceKMSKeyArn }, expectedSha256 };
  const staged = await stageCode(context, architecture, zip, signal);
  return { code: { ...staged, SourceKMSKeyArn }, expectedSha256 };
}

function checkSendable({ options }: ShadowContext, bytes: number): void {
  const refusal = sendingRefusal(bytes, options.stagingBucket);
  if (refusal) throw refusal;
}

/** Known from the description alone, so that nobody is asked for consent to a run that cannot start. */
export function codeRefusal({ facts, source }: Target, stagingBucket: string | undefined): TuneError | undefined {
  const isSent = facts.packageType === 'Zip' && source.reveal().code.Location !== undefined;
  return isSent ? sendingRefusal(facts.codeSizeBytes, stagingBucket) : undefined;
}

function sendingRefusal(bytes: number, stagingBucket: string | undefined): TuneError | undefined {
  if (bytes <= directUploadBytes || stagingBucket !== undefined) return undefined;
  return new TuneError(
    'CODE',
    `The package has ${Math.ceil(bytes / 1024 / 1024)} MB; Lambda takes at most 50 MB directly.`,
    {
      hint: 'Give --staging-bucket <bucket in the same region>: the package is put there for the run and removed afterwards.',
    },
  );
}

/** Share of the free code storage that a run may fill: a full store blocks production's deploys. */
const codeStorageShare = 0.2;

/**
 * The refusal when copies of the code (shadows, and versions published beyond their first) would fill too much of the account's
 * code storage. `$LATEST` and each version count. Undefined: they fit, or the free storage is not known.
 */
export function codeStorageRefusal(facts: FunctionFacts, neededBytes: number): TuneError | undefined {
  if (facts.packageType === 'Image' || facts.codeStorageFreeBytes === undefined) return undefined;
  if (neededBytes <= codeStorageShare * facts.codeStorageFreeBytes) return undefined;
  const mb = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;
  return new TuneError(
    'QUOTA',
    `The copies would take ${mb(neededBytes)} of code storage, and only ${mb(facts.codeStorageFreeBytes)} is free in ${facts.region}; tune fills at most 20 % of that.`,
    { hint: 'Measure fewer sizes, or delete old function versions: a full store blocks every deploy of the account.' },
  );
}

/** Copies of the code that so many configurations take: a version and `$LATEST` for each (at most: few shadows walk their sizes). */
export function codeCopies(configurations: number): number {
  return configurations * 2;
}
