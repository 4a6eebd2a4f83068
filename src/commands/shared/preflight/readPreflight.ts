import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ReadManifest, readImageManifest } from '../../../aws/target/imageManifest.ts';
import { layerArnsOf, type ReadLayer, readLayers, readTargetPackage } from '../../../aws/target/packages.ts';
import type { Io } from '../../../base/io.ts';
import { type ImagePlatform, imagePlatformOf } from '../../../migrate/preflight/image.ts';
import { judgePreflight } from '../../../migrate/preflight/preflight.ts';
import type { LayerFacts, VariantChange } from '../../../migrate/preflight/preflightInput.ts';
import type { Architecture } from '../../../model/configuration.ts';
import type { Preflight } from '../../../model/preflight.ts';
import type { Overlay } from '../../../model/variant.ts';
import { inspectPackage, type PackageSource } from '../../../preflight/inspectPackage.ts';
import { inspectionLimits } from '../../../preflight/opening/limits.ts';
import type { Session } from '../session.ts';

/** What is asked: what would run on an architecture, with what is laid over the function. */
export interface PreflightQuestion {
  readonly wanted: Architecture;
  readonly overlay: Overlay;
  /** Of a variant. */
  readonly change?: VariantChange | undefined;
}

/** Looks through what would run there: the builds that were given, else the function's own. Reads only, and each thing once. */
export function preflightReader(session: Session, io: Io): (question: PreflightQuestion) => Promise<Preflight> {
  const { clients, facts } = session;
  const { interrupted } = io;
  const where = 'function package';
  const own = once(async (): Promise<PackageSource | undefined> => {
    if (session.made !== undefined) return { where, kind: 'buffer', bytes: session.made };
    if (session.path !== undefined) return { where, ...(await pathSource(resolve(io.cwd, session.path))) };
    const bytes = await readTargetPackage(clients, session, interrupted);
    return bytes === undefined ? undefined : { where, kind: 'buffer', bytes };
  });
  const layers = new Map<string, Promise<readonly ReadLayer[]>>();

  return async ({ wanted, overlay, change }) => {
    if (facts.packageType === 'Image') {
      // Lambda takes images of one platform only, so the function's own is for the architecture that it has.
      const platform: ImagePlatform =
        overlay.imageUri === undefined
          ? { kind: 'single', architecture: facts.architecture }
          : platformOf(await readImageManifest(clients, overlay.imageUri, interrupted));
      return judgePreflight({ wanted, image: platform, layers: [], change });
    }
    const runtime = overlay.runtime ?? facts.runtime;
    const inspect = (source: PackageSource, handler?: string) =>
      inspectPackage(source, wanted, inspectionLimits, runtime, change && { from: change.from, handler });
    const source: PackageSource | undefined =
      overlay.code === undefined ? await own() : { where, kind: 'buffer', bytes: overlay.code };
    const code = source && (await inspect(source, facts.handler));
    const known: LayerFacts[] = [];
    for (const arn of overlay.layers ?? layerArnsOf(session)) {
      const reading = layers.get(arn) ?? readLayers(clients, [arn], interrupted);
      layers.set(arn, reading);
      for (const { declared, runtimes, zip } of await reading) {
        const inspection = zip && (await inspect({ where: arn, kind: 'buffer', bytes: zip }));
        known.push({ arn, declared, runtimes, inspection });
      }
    }
    return judgePreflight({ wanted, runtime, code, layers: known, change });
  };
}

function once<Read>(read: () => Promise<Read>): () => Promise<Read> {
  let reading: Promise<Read> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}

function platformOf(read: ReadManifest): ImagePlatform {
  return 'reason' in read ? { kind: 'unknown', reason: read.reason } : imagePlatformOf(read.manifest, read.config);
}

/** A zip has many names: jars are zips. */
async function pathSource(path: string): Promise<{ readonly kind: 'file' | 'folder'; readonly path: string }> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  return { kind: isFolder ? 'folder' : 'file', path };
}
