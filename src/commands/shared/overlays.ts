import { resolve } from 'node:path';
import type { AwsClients } from '../../aws/client/client.ts';
import { readStagedBuild } from '../../aws/target/packages.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { packageBytes } from '../../local/packages/packageCode.ts';
import type { Architecture, Configuration } from '../../model/configuration.ts';
import { type Overlay, overlaid, type VariantOverlay } from '../../model/variant.ts';
import type { RunOptions } from '../../options/options.ts';

/** What the copies of each architecture have in place of what the function has. */
export type ArchitectureOverlays = Readonly<Record<Architecture, Overlay>>;

/** What the copies of one configuration get. */
export function overlayFor(
  { architecture, variant }: Configuration,
  builds: ArchitectureOverlays,
  variants: readonly VariantOverlay[],
): Overlay {
  const own = variants.find((one) => one.variant.name === variant?.name);
  return overlaid(builds[architecture], own?.overlay ?? {});
}

/** Reads the builds that options name for one architecture. @throws TuneError CODE */
export async function loadBuilds(options: RunOptions, clients: AwsClients, io: Io): Promise<ArchitectureOverlays> {
  const read = (source: string | undefined) => (source === undefined ? undefined : readBuild(source, clients, io));
  const [x86, arm] = await Promise.all([read(options.x86Code), read(options.arm64Code)]);
  return {
    x86_64: { code: x86, layers: options.x86Layers, imageUri: options.x86Image },
    arm64: { code: arm, layers: options.arm64Layers, imageUri: options.arm64Image },
  };
}

export async function readBuild(source: string, clients: AwsClients, io: Io): Promise<Uint8Array> {
  const place = stagedPlace(source);
  if (place !== undefined) return readStagedBuild(clients, place, io.interrupted);
  return (await packageBytes(resolve(io.cwd, source))).zip;
}

/** Undefined for a local path. @throws TuneError USAGE for an s3 URL without bucket or key */
export function stagedPlace(source: string): { readonly bucket: string; readonly key: string } | undefined {
  if (!source.startsWith('s3://')) return undefined;
  const { bucket, key } = /^s3:\/\/(?<bucket>[a-z0-9.-]{3,63})\/(?<key>.+)$/.exec(source)?.groups ?? {};
  if (bucket === undefined || key === undefined) {
    throw new TuneError('USAGE', `${source} names no object in a bucket.`, {
      hint: 'Example: --arm64-code s3://my-builds/orders-arm64.zip',
    });
  }
  return { bucket, key };
}
