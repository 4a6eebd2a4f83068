import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { ArchiveRefusal } from '../../archive/archiveRefusal.ts';
import { fileSource } from '../../archive/byteSource.ts';
import { folderFiles } from '../../archive/folderFiles.ts';
import type { InspectionBudget } from './budget.ts';
import { boundedPath, headBytes, type PackedFile } from './packedFile.ts';

/** Calls `visit` with each file of a folder's package. @throws ArchiveRefusal for more than Lambda takes */
export async function visitFolder(
  folder: string,
  budget: InspectionBudget,
  visit: (file: PackedFile) => Promise<void>,
): Promise<void> {
  let bytes = 0;
  for await (const item of folderFiles(folder)) {
    budget.takeEntry();
    // What a link inside the package leads to is visited where it lies.
    if (item.kind === 'link') continue;
    const { path, place, stats } = item;
    bytes += stats.size;
    if (bytes > budget.limits.maxUnzippedBytes) throw new ArchiveRefusal('tooLarge');
    await visit({
      path: boundedPath(path),
      sizeBytes: stats.size,
      head: (length) => headOf(place, headBytes[length]),
      whole: () => readFileSync(place),
      stream: async () => createReadStream(place),
      source: () => fileSource(place),
    });
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
