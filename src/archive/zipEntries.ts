import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import { ArchiveRefusal } from './archiveRefusal.ts';
import { type ByteSource, readerOf, zipOptions } from './byteSource.ts';

/** What an entry becomes on disk. */
export interface ZipItem {
  /** Relative, with `/`, never leading out of the archive. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Unix permission bits; 0 in archives made without them. */
  readonly mode: number;
  readonly entry: Entry;
}

export interface ZipRules {
  /** Of this archive, by what its entries declare. */
  readonly maxUnzippedBytes: number;
  readonly maxEntries: number;
  /** Unpacking two entries of one name would overwrite; jars are full of them and are only read. */
  readonly sameNames: 'refused' | 'allowed';
}

/** Lambda's own limit for a package and its layers, unzipped. */
export const maxUnzippedBytes = 262_144_000;

/**
 * Walks an archive and refuses hostile ones before anything is done with an entry: names that lead out, encryption, more
 * or larger entries than the rules allow. Errors of `visit` pass through. @throws ArchiveRefusal
 */
export async function walkZip(
  source: ByteSource,
  rules: ZipRules,
  visit: (item: ZipItem, file: ZipFile) => Promise<void>,
): Promise<void> {
  const file = await fromRandomAccessReaderPromise(readerOf(source), source.sizeBytes, zipOptions).catch((cause) => {
    throw new ArchiveRefusal('notAZip', { cause });
  });
  try {
    if (file.entryCount === 0) throw new ArchiveRefusal('empty');
    if (file.entryCount > rules.maxEntries) throw new ArchiveRefusal('tooManyEntries');
    const entries = file.eachEntry();
    const seen = new Set<string>();
    let unzippedBytes = 0;
    for (let count = 1; ; count += 1) {
      const next = await entries.next().catch((cause: unknown) => {
        throw refusalOf(cause);
      });
      if (next.done === true) return;
      unzippedBytes += next.value.uncompressedSize;
      if (unzippedBytes > rules.maxUnzippedBytes) throw new ArchiveRefusal('tooLarge');
      await visit(checkedItem(next.value, rules, seen), file);
      // Reading is synchronous: signals and timers get their turn here.
      if (count % 256 === 0) await setImmediate();
    }
  } finally {
    file.close();
  }
}

function checkedItem(entry: Entry, { sameNames }: ZipRules, seen: Set<string>): ZipItem {
  const path = entry.fileName;
  if (entry.isEncrypted()) throw new ArchiveRefusal('encrypted');
  if (path.includes('\\')) throw new ArchiveRefusal('backslash');
  if (path.startsWith('/') || /\0|^[a-zA-Z]:/.test(path) || path.split('/').includes('..')) {
    throw new ArchiveRefusal('badName');
  }
  const normal = posix.normalize(path).replace(/\/$/, '');
  if (normal === '') throw new ArchiveRefusal('badName');
  if (sameNames === 'refused') {
    if (seen.has(normal)) throw new ArchiveRefusal('sameName');
    seen.add(normal);
  }
  const unixMode = entry.externalFileAttributes >>> 16;
  const kind = path.endsWith('/') ? 'folder' : (unixMode & 0o170000) === 0o120000 ? 'link' : 'file';
  return { path: normal, kind, mode: unixMode & 0o777, entry };
}

/** yauzl refuses bad names by itself; its message quotes them, ours does not. */
function refusalOf(cause: unknown): ArchiveRefusal {
  const text = cause instanceof Error ? cause.message : '';
  if (/invalid characters in fileName/.test(text)) return new ArchiveRefusal('backslash');
  if (/relative path|absolute path/.test(text)) return new ArchiveRefusal('badName');
  if (/strong encryption/.test(text)) return new ArchiveRefusal('encrypted');
  return new ArchiveRefusal('notAZip', { cause });
}
