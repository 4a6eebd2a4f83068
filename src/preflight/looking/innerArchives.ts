import { ArchiveRefusal } from '../../archive/archiveRefusal.ts';
import { type ByteSource, bufferSource } from '../../archive/byteSource.ts';
import type { PackedFile } from '../opening/packedFile.ts';
import { visitZip } from '../opening/zipFiles.ts';
import type { ClosedReason } from './evidence.ts';
import type { Looking } from './looking.ts';

/**
 * Looks at the files of an archive that lies in a package. One that is broken, encrypted or names files outside of
 * itself is only reported: it may be the test data of a library. @throws ArchiveRefusal for bombs
 */
export async function lookIntoArchive(
  file: PackedFile,
  looking: Looking,
  look: (inner: PackedFile, looking: Looking) => Promise<void>,
): Promise<void> {
  const { budget, evidence, depth } = looking;
  const closed = (reason: ClosedReason) => void evidence.closed.push({ path: file.path, reason });
  if (depth >= budget.limits.maxDepth) return closed('tooDeep');
  const place = { prefix: `${file.path}!/`, maxUnzippedBytes: budget.innerBytesLeft(), isInner: true };
  try {
    const isOpened = await withSource(file, looking, async (source) => {
      evidence.archives += 1;
      await visitZip(source, place, budget, (inner) => look(inner, { ...looking, depth: depth + 1 }));
    });
    if (!isOpened) closed('tooLarge');
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    if (reason !== 'empty') closed(reason);
  }
}

/** Where it lies uncompressed it is read in place, else from memory; false when it is too large for that. */
async function withSource(
  file: PackedFile,
  { budget }: Looking,
  use: (source: ByteSource) => Promise<void>,
): Promise<boolean> {
  const inPlace = file.source();
  if (inPlace !== undefined) {
    try {
      await use(inPlace);
    } finally {
      inPlace.close();
    }
    return true;
  }
  if (!budget.hold(file.sizeBytes)) return false;
  try {
    await use(bufferSource(await unpacked(file)));
  } finally {
    budget.release(file.sizeBytes);
  }
  return true;
}

/** Into one piece of memory of the declared size: the stream fails when there is more or less. */
async function unpacked(file: PackedFile): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(file.sizeBytes);
  let filled = 0;
  try {
    for await (const chunk of await file.stream()) {
      if (!Buffer.isBuffer(chunk) || filled + chunk.length > bytes.length) throw new ArchiveRefusal('notAZip');
      filled += chunk.copy(bytes, filled);
    }
  } catch (cause) {
    throw new ArchiveRefusal('notAZip', { cause });
  }
  return bytes.subarray(0, filled);
}

/** Undefined for what refuses the whole package. */
function reasonOf(error: unknown): ClosedReason | 'empty' | undefined {
  if (!(error instanceof ArchiveRefusal)) return undefined;
  switch (error.reason) {
    case 'notAZip':
    case 'sameName':
      return 'broken';
    case 'backslash':
      return 'badName';
    case 'empty':
    case 'encrypted':
    case 'badName':
    case 'linkOut':
      return error.reason;
    case 'bomb':
    case 'tooLarge':
    case 'tooManyEntries':
      return undefined;
  }
}
