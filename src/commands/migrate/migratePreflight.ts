import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ReadManifest, readImageManifest } from '../../aws/target/imageManifest.ts';
import { layerArnsOf, readLayers, readTargetPackage } from '../../aws/target/packages.ts';
import type { Io } from '../../base/io.ts';
import { type ImagePlatform, imagePlatformOf } from '../../migrate/preflight/image.ts';
import { judgePreflight, type LayerFacts } from '../../migrate/preflight/preflight.ts';
import type { Architecture } from '../../model/configuration.ts';
import type { Preflight } from '../../model/migration.ts';
import { inspectPackage } from '../../preflight/inspectPackage.ts';
import { inspectionLimits } from '../../preflight/limits.ts';
import type { Session } from '../shared/session.ts';

/** Looks through what would run on the wanted architecture: the builds that were given, else the function's own. Reads only. */
export async function runPreflight(session: Session, wanted: Architecture, io: Io): Promise<Preflight> {
  const { clients, builds, facts } = session;
  const { interrupted } = io;
  const image = builds[wanted].imageUri;
  if (facts.packageType === 'Image') {
    // Lambda takes images of one platform only, so the function's own is for the architecture that it has.
    const platform: ImagePlatform =
      image === undefined
        ? { kind: 'single', architecture: facts.architecture }
        : platformOf(await readImageManifest(clients, image, interrupted));
    return judgePreflight({ wanted, image: platform, layers: [] });
  }
  const where = 'function package';
  const { runtime } = facts;
  const given = builds[wanted].code;
  const bytes = given ?? session.made;
  const code =
    bytes !== undefined
      ? await inspectPackage({ where, kind: 'buffer', bytes }, wanted, inspectionLimits, runtime)
      : session.path !== undefined
        ? await inspectPackage(
            { where, ...(await pathSource(resolve(io.cwd, session.path))) },
            wanted,
            inspectionLimits,
            runtime,
          )
        : await ownCode();
  const arns = builds[wanted].layers ?? layerArnsOf(session);
  const layers: LayerFacts[] = [];
  for (const { arn, declared, zip } of await readLayers(clients, arns, interrupted)) {
    layers.push({
      arn,
      declared,
      inspection:
        zip === undefined
          ? undefined
          : await inspectPackage({ where: arn, kind: 'buffer', bytes: zip }, wanted, inspectionLimits, runtime),
    });
  }
  return judgePreflight({
    wanted,
    runtime: facts.runtime,
    code,
    layers,
  });

  async function ownCode() {
    const bytes = await readTargetPackage(clients, session, interrupted);
    return bytes === undefined
      ? undefined
      : inspectPackage({ where, kind: 'buffer', bytes }, wanted, inspectionLimits, runtime);
  }
}

function platformOf(read: ReadManifest): ImagePlatform {
  return 'reason' in read ? { kind: 'unknown', reason: read.reason } : imagePlatformOf(read.manifest, read.config);
}

/** A zip has many names: jars are zips. */
async function pathSource(path: string): Promise<{ readonly kind: 'file' | 'folder'; readonly path: string }> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  return { kind: isFolder ? 'folder' : 'file', path };
}
