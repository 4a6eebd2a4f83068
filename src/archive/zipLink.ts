import { buffer } from 'node:stream/consumers';
import type { ZipFile } from 'yauzl';
import { ArchiveRefusal } from './archiveRefusal.ts';
import type { ZipItem } from './zipEntries.ts';

/** Longest path of Linux. */
const maxTargetBytes = 4096;

/** Where a symbolic link of an archive leads, as it is written. @throws ArchiveRefusal */
export async function readLinkTarget(item: ZipItem, file: ZipFile): Promise<string> {
  if (item.entry.uncompressedSize > maxTargetBytes) throw new ArchiveRefusal('linkOut', { path: item.path });
  const target = await contentOf(item, file);
  if (target === '' || target.includes('\0')) throw new ArchiveRefusal('linkOut', { path: item.path });
  return target;
}

async function contentOf({ entry }: ZipItem, file: ZipFile): Promise<string> {
  try {
    return (await buffer(await file.openReadStreamPromise(entry))).toString('utf8');
  } catch (cause) {
    throw new ArchiveRefusal('notAZip', { cause });
  }
}
