import { resolve } from 'node:path';
import type { AwsClients } from '../../aws/client/client.ts';
import { readStagedBuild } from '../../aws/target/packages.ts';
import { TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { packageBytes } from '../../local/packages/packageCode.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { RunOptions } from '../../options/options.ts';

type ByArchitecture<Build> = { readonly [Name in Architecture]?: Build | undefined };

/** Other builds of the function that were given, by architecture. */
export interface Builds {
  readonly code: ByArchitecture<Uint8Array>;
  readonly layers: ByArchitecture<readonly string[]>;
}

/** Reads the builds that options name. @throws TuneError CODE */
export async function loadBuilds(options: RunOptions, clients: AwsClients, io: Io): Promise<Builds> {
  const read = (source: string | undefined) => (source === undefined ? undefined : readBuild(source, clients, io));
  const [x86, arm] = await Promise.all([read(options.x86Code), read(options.arm64Code)]);
  return {
    code: { x86_64: x86, arm64: arm },
    layers: { x86_64: options.x86Layers, arm64: options.arm64Layers },
  };
}

async function readBuild(source: string, clients: AwsClients, io: Io): Promise<Uint8Array> {
  const place = stagedPlace(source);
  return place === undefined ? packageBytes(resolve(io.cwd, source)) : readStagedBuild(clients, place, io.interrupted);
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
