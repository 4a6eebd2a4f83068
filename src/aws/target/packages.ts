import { GetLayerVersionByArnCommand } from '@aws-sdk/client-lambda';
import { type ErrorCode, TuneError } from '../../base/errors.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { AwsClients } from '../client/client.ts';
import { fetchZip } from '../client/codeDownload.ts';
import { callFailed, isDenied, isNotFound, isNotImplemented } from '../client/failure.ts';
import { proxyingAgent } from '../client/proxy.ts';
import type { Target } from './target.ts';

/** What a function is made of, as bytes to be looked through; reads only. */

export interface ReadLayer {
  readonly arn: string;
  /** CompatibleArchitectures, where the layer declares any. */
  readonly declared?: readonly Architecture[] | undefined;
  /** CompatibleRuntimes, where the layer declares any. */
  readonly runtimes?: readonly string[] | undefined;
  /** Absent where its content may not be read. */
  readonly zip?: Uint8Array | undefined;
}

/** The package of the target; undefined for images, and where it is kept in the owner's bucket or cannot be fetched. */
export async function readTargetPackage(
  clients: AwsClients,
  { source }: Target,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const location = source.reveal().code.Location;
  return location === undefined ? undefined : fetched(clients, location, signal);
}

export function layerArnsOf({ source }: Target): readonly string[] {
  return (source.reveal().configuration.Layers ?? []).flatMap(({ Arn: arn }) => arn ?? []);
}

/** The URI that an image function was deployed from; undefined for zips. */
export function imageUriOf({ source }: Target): string | undefined {
  return source.reveal().code.ImageUri;
}

/** @throws TuneError TARGET for a layer that is not there, UNREACHABLE, … */
export async function readLayers(
  clients: AwsClients,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<readonly ReadLayer[]> {
  const layers: ReadLayer[] = [];
  for (const arn of arns) layers.push(await readLayer(clients, arn, signal));
  return layers;
}

async function readLayer(clients: AwsClients, arn: string, signal: AbortSignal): Promise<ReadLayer> {
  try {
    const answer = await clients.lambda.send(new GetLayerVersionByArnCommand({ Arn: arn }), { abortSignal: signal });
    const { CompatibleArchitectures: declared, CompatibleRuntimes: runtimes } = answer;
    const location = answer.Content?.Location;
    const zip = location === undefined ? undefined : await fetched(clients, location, signal);
    return {
      arn,
      declared: declared === undefined || declared.length === 0 ? undefined : declared,
      runtimes,
      zip,
    };
  } catch (error) {
    if (isNotFound(error)) {
      throw new TuneError('TARGET', `There is no layer version ${arn}.`, {
        hint: 'Check the ARN, which ends in a version number: --arm64-layers arn:aws:lambda:…:layer:name:3',
      });
    }
    if (isDenied(error) || isNotImplemented(error)) return { arn };
    throw callFailed(error, { operation: 'Lambda.GetLayerVersionByArn', resource: arn });
  }
}

interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** A build in a bucket. @throws TuneError CODE for what is not there, ACCESS_DENIED */
export function readStagedBuild(clients: AwsClients, place: Place, signal: AbortSignal): Promise<Uint8Array> {
  return readObject(clients, place, signal, {
    code: 'CODE',
    hint: 'Check bucket, key and region, or give a local file: --arm64-code ./function-arm64.zip',
  });
}

/** `missing`: what is thrown where there is no such object. @throws TuneError ACCESS_DENIED, … */
export async function readObject(
  clients: AwsClients,
  { bucket, key }: Place,
  signal: AbortSignal,
  missing: { readonly code: ErrorCode; readonly hint: string },
): Promise<Uint8Array> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await clients.s3();
  try {
    const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (isNotFound(error)) {
      throw new TuneError(missing.code, `There is no s3://${bucket}/${key}.`, { hint: missing.hint });
    }
    throw callFailed(error, { operation: 'S3.GetObject', resource: `s3://${bucket}/${key}` });
  }
}

async function fetched(clients: AwsClients, location: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const agent = clients.options.viaProxy ? proxyingAgent(1) : undefined;
  const download = await fetchZip(location, agent, signal);
  return 'zip' in download ? download.zip : undefined;
}
