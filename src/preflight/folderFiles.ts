import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveRefusal } from '../archive/archiveRefusal.ts';
import { fileSource } from '../archive/byteSource.ts';
import type { Budget } from './budget.ts';
import { boundedPath, headBytes, type PackedFile } from './packedFile.ts';

/**
 * Calls `visit` with each file of a folder that would become part of its package: files behind links as well (npm
 * workspaces), folders behind links not, nor `.git`. @throws ArchiveRefusal for more than Lambda takes
 */
export async function visitFolder(
  folder: string,
  budget: Budget,
  visit: (file: PackedFile) => Promise<void>,
): Promise<void> {
  const pending = [''];
  let bytes = 0;
  for (let inner = pending.pop(); inner !== undefined; inner = pending.pop()) {
    const items = await readdir(join(folder, inner), { withFileTypes: true });
    for (const item of items.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = inner === '' ? item.name : `${inner}/${item.name}`;
      if (path === '.git') continue;
      budget.takeEntry();
      if (item.isDirectory()) {
        pending.push(path);
        continue;
      }
      const place = join(folder, path);
      const file = await stat(place).catch(() => undefined);
      if (!file?.isFile()) continue;
      bytes += file.size;
      if (bytes > budget.limits.maxUnzippedBytes) throw new ArchiveRefusal('tooLarge');
      await visit({
        path: boundedPath(path),
        sizeBytes: file.size,
        head: (length) => headOf(place, headBytes[length]),
        whole: () => readFileSync(place),
        stream: async () => createReadStream(place),
        source: () => fileSource(place),
      });
    }
  }
}

function headOf(place: string, length: number): Buffer {
  const descriptor = openSync(place, 'r');
  try {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}
