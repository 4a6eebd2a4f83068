import { posix } from 'node:path';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { invalidParameter, ServiceFailure } from './wire.ts';

/** What an entry becomes on disk. */
export interface ZipItem {
  /** Relative, with `/`, never leading out of the package. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Unix permission bits; 0 in archives made without them. */
  readonly mode: number;
  readonly entry: Entry;
}

export const maxUnzippedBytes = 262_144_000;
const maxEntries = 65_535;

/**
 * Walks a package and refuses hostile ones before anything is written: names that lead out, encryption, two entries of
 * one name, more than 250 MB or 65,535 entries. @throws ServiceFailure InvalidParameterValueException
 */
export async function walkZip(zip: Buffer, visit: (item: ZipItem, file: ZipFile) => Promise<void>): Promise<void> {
  // Sizes are validated while reading, so an entry cannot be larger than it declares here.
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true };
  const file = await fromBufferPromise(zip, options).catch(() => {
    throw notAZip();
  });
  try {
    if (file.entryCount === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
    if (file.entryCount > maxEntries) throw invalidParameter(`The zip has more than ${maxEntries} entries.`);
    const seen = new Set<string>();
    let unzippedBytes = 0;
    for await (const entry of file.eachEntry()) {
      unzippedBytes += entry.uncompressedSize;
      if (unzippedBytes > maxUnzippedBytes) {
        throw invalidParameter(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
      }
      await visit(checkedItem(entry, seen), file);
    }
  } catch (error) {
    throw error instanceof ServiceFailure || isOwnDiskTrouble(error) ? error : libraryTrouble(error);
  } finally {
    file.close();
  }
}

export function leadsOut(path: string): ServiceFailure {
  return invalidParameter(
    `The zip holds a symbolic link that leads out of the package or to nothing: ${JSON.stringify(path)}`,
  );
}

function checkedItem(entry: Entry, seen: Set<string>): ZipItem {
  const path = entry.fileName;
  if (entry.isEncrypted()) throw invalidParameter('The zip holds an encrypted entry.');
  if (path.startsWith('/') || /[\\\0]|^[a-zA-Z]:/.test(path) || path.split('/').includes('..')) throw badName();
  const normal = posix.normalize(path).replace(/\/$/, '');
  if (normal === '') throw badName();
  if (seen.has(normal)) throw invalidParameter('The zip holds two entries of the same name.');
  seen.add(normal);
  const unixMode = entry.externalFileAttributes >>> 16;
  const kind = path.endsWith('/') ? 'folder' : (unixMode & 0o170000) === 0o120000 ? 'link' : 'file';
  return { path: normal, kind, mode: unixMode & 0o777, entry };
}

function badName(): ServiceFailure {
  return invalidParameter('The zip holds an entry whose name is absolute or leads out of the package.');
}

function notAZip(): ServiceFailure {
  return invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
}

/** yauzl refuses bad names by itself; its message quotes them, ours does not. */
function libraryTrouble(error: unknown): ServiceFailure {
  const text = error instanceof Error ? error.message : '';
  return /relative path|absolute path|invalid characters/.test(text) ? badName() : notAZip();
}

/** A full or read-only disk is not the archive's fault. */
function isOwnDiskTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES' || code === 'EMFILE' || code === 'EIO';
}
