import { constants, inflateRawSync } from 'node:zlib';
import type { Entry } from 'yauzl';
import { ArchiveRefusal } from './archiveRefusal.ts';
import { type ByteSource, partOf } from './byteSource.ts';

const stored = 0;
const deflated = 8;

/** False for methods that are rare in packages and unknown to Lambda (bzip2, LZMA, Zstandard). */
export function canRead(entry: Entry): boolean {
  return !entry.isEncrypted() && (entry.compressionMethod === stored || entry.compressionMethod === deflated);
}

/**
 * The first bytes of an entry: what `packedBytes` of it unpack to, at most. Looking at the head of every file this way
 * costs a few microseconds each, a stream for each twenty times as much. @throws ArchiveRefusal
 */
export function headOfEntry(source: ByteSource, entry: Entry, packedBytes: number): Buffer {
  const start = dataStart(source, entry);
  const packed = source.read(start, Math.min(packedBytes, entry.compressedSize));
  if (entry.compressionMethod === stored) return packed;
  return inflated(packed, entry, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 4096 }).subarray(
    0,
    entry.uncompressedSize,
  );
}

/** An entry as a whole, for small ones. @throws ArchiveRefusal, also when it unpacks to more than it declares */
export function wholeEntry(source: ByteSource, entry: Entry): Buffer {
  // Deflate adds a few bytes to what it cannot compress, no more.
  if (entry.compressedSize > 2 * entry.uncompressedSize + 1024) throw new ArchiveRefusal('notAZip');
  const packed = source.read(dataStart(source, entry), entry.compressedSize);
  if (entry.compressionMethod === stored) return packed;
  return inflated(packed, entry, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
}

/** An entry that is not compressed, read in place. Undefined for others. @throws ArchiveRefusal */
export function storedEntry(source: ByteSource, entry: Entry): ByteSource | undefined {
  if (entry.compressionMethod !== stored) return undefined;
  return partOf(source, dataStart(source, entry), entry.compressedSize);
}

/** The local header repeats the name, and may have another length of extra fields than the central one. */
function dataStart(source: ByteSource, entry: Entry): number {
  if (entry.relativeOffsetOfLocalHeader > source.sizeBytes) throw new ArchiveRefusal('notAZip');
  const header = source.read(entry.relativeOffsetOfLocalHeader, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw new ArchiveRefusal('notAZip');
  const start = entry.relativeOffsetOfLocalHeader + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.compressedSize > source.sizeBytes) throw new ArchiveRefusal('notAZip');
  return start;
}

function inflated(packed: Buffer, entry: Entry, options: Parameters<typeof inflateRawSync>[1]): Buffer {
  if (entry.uncompressedSize === 0) return Buffer.alloc(0);
  try {
    return inflateRawSync(packed, options);
  } catch (cause) {
    throw new ArchiveRefusal('notAZip', { cause });
  }
}
