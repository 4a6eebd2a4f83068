import { BatchGetImageCommand, ECRClient, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { z } from 'zod';
import { present } from '../../base/present.ts';
import { jsonOf } from '../../text/jsonOf.ts';
import type { AwsClients } from '../client/client.ts';
import { fetchZip } from '../client/codeDownload.ts';
import { callFailed } from '../client/failure.ts';
import { proxyingAgent } from '../client/proxy.ts';
import { parseImageUri } from './imageUri.ts';

/** Manifest and config of an image as its registry sent them, parsed from JSON and otherwise untrusted. */
export type ReadManifest = { readonly manifest: unknown; readonly config?: unknown } | { readonly reason: string };

/** Images alone and lists of them, in the terms of Docker and of OCI: without these a registry may convert or refuse. */
const acceptedMediaTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

const manifestSchema = z.object({ config: z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }).optional() });

/**
 * Reads from ECR, the only registry that Lambda takes images from; two calls and the download of a config of some
 * kilobytes. Never throws but for an interruption: what cannot be read is unknown, with the reason.
 */
export async function readImageManifest(clients: AwsClients, uri: string, signal: AbortSignal): Promise<ReadManifest> {
  const named = parseImageUri(uri);
  if (named === undefined) return { reason: 'its name is not that of an image in ECR' };
  const { account, region, repository, tag, digest } = named;
  const image = { registryId: account, repositoryName: repository };
  const ecr = new ECRClient({
    ...present({ endpoint: clients.options.endpointUrl }),
    region,
    credentials: clients.lambda.config.credentials,
    requestHandler: {
      requestTimeout: 20_000,
      throwOnRequestTimeout: true,
      ...present({ httpsAgent: clients.options.viaProxy ? proxyingAgent(1) : undefined }),
    },
  });
  try {
    const imageIds = [digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest }];
    const found = await ecr.send(new BatchGetImageCommand({ ...image, imageIds, acceptedMediaTypes }), {
      abortSignal: signal,
    });
    const text = found.images?.[0]?.imageManifest;
    if (text === undefined) return { reason: 'there is no such image' };
    const manifest = jsonOf(text);
    const layerDigest = manifestSchema.safeParse(manifest).data?.config?.digest;
    if (layerDigest === undefined) return { manifest };
    const { downloadUrl } = await ecr.send(new GetDownloadUrlForLayerCommand({ ...image, layerDigest }), {
      abortSignal: signal,
    });
    if (downloadUrl === undefined) return { reason: 'its config cannot be downloaded' };
    const download = await fetchZip(downloadUrl, clients.options.viaProxy ? proxyingAgent(1) : undefined, signal);
    if (!('zip' in download)) return { reason: `its config cannot be downloaded (${download.problem})` };
    return { manifest, config: jsonOf(Buffer.from(download.zip).toString('utf8')) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { reason: callFailed(error, { operation: 'ECR.BatchGetImage', resource: repository }).message };
  } finally {
    ecr.destroy();
  }
}
