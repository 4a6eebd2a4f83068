import { posix } from 'node:path';
import type { Entry } from 'yauzl';
import { ArchiveRefusal } from '../../archive/archiveRefusal.ts';
import type { ByteSource } from '../../archive/byteSource.ts';
import { leadsOutside } from '../../archive/linkPaths.ts';
import { canRead, headOfEntry, storedEntry, wholeEntry } from '../../archive/zipContent.ts';
import { walkZip } from '../../archive/zipEntries.ts';
import { readLinkTarget } from '../../archive/zipLink.ts';
import type { InspectionBudget } from './budget.ts';
import { boundedPath, headBytes, type PackedFile } from './packedFile.ts';

/** Where an archive lies: the package itself (empty prefix), or inside of it. */
export interface ArchivePlace {
  /** Path of the archive and `!/`. */
  readonly prefix: string;
  /** What it may unpack to, by what it declares. */
  readonly maxUnzippedBytes: number;
  readonly isInner: boolean;
}

/** Calls `visit` with each file of a zip. @throws ArchiveRefusal for hostile and broken ones */
export async function visitZip(
  source: ByteSource,
  place: ArchivePlace,
  budget: InspectionBudget,
  visit: (file: PackedFile) => Promise<void>,
): Promise<void> {
  const { prefix, maxUnzippedBytes, isInner } = place;
  const rules = { maxUnzippedBytes, maxEntries: budget.entriesLeft(), sameNames: 'allowed' } as const;
  const links = new Map<string, string>();
  await walkZip(source, rules, async (item, zip) => {
    budget.takeEntry();
    if (isInner) budget.takeInnerBytes(item.entry.uncompressedSize);
    checkRatio(item.entry, budget);
    if (item.kind === 'folder') return;
    if (item.kind === 'link') {
      links.set(item.path, await readLinkTarget(item, zip));
      return;
    }
    const { entry } = item;
    await visit({
      path: boundedPath(`${prefix}${item.path}`),
      sizeBytes: entry.uncompressedSize,
      head: (length) => (canRead(entry) ? headOfEntry(source, entry, headBytes[length]) : undefined),
      whole: () => wholeEntry(source, entry),
      stream: () => zip.openReadStreamPromise(entry),
      source: () => storedEntry(source, entry),
    });
  });
  for (const [path, target] of links) {
    const isOutside = posix.isAbsolute(target) ? !isOfLambda(target) : leadsOutside(path, links);
    if (isOutside) throw new ArchiveRefusal('linkOut', { path: boundedPath(`${prefix}${path}`) });
  }
}

function checkRatio({ compressedSize, uncompressedSize }: Entry, { limits }: InspectionBudget): void {
  if (uncompressedSize >= limits.bombFromBytes && uncompressedSize > limits.maxRatio * compressedSize) {
    throw new ArchiveRefusal('bomb');
  }
}

/** Folders of an execution environment that layers and packages link to. No link is followed here in any case. */
function isOfLambda(target: string): boolean {
  return /^\/(?:opt|tmp|usr|var\/(?:task|lang|runtime))(?:\/|$)/.test(posix.normalize(target));
}
