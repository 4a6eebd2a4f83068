import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type Options, RandomAccessReader } from 'yauzl';

/** Bytes that are read by position, never all at once. */
export interface ByteSource {
  readonly sizeBytes: number;
  /**
   * Fewer bytes at the end, none beyond it. Synchronous, because an archive is read in tens of thousands of small
   * pieces: each costs microseconds here and tens of them through the thread pool.
   */
  read(position: number, lengthBytes: number): Buffer;
  close(): void;
}

export function bufferSource(bytes: Buffer): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (position, lengthBytes) => bytes.subarray(position, position + lengthBytes),
    close: () => {},
  };
}

/** Throws the error of the file system when it cannot be opened. */
export function fileSource(path: string): ByteSource {
  const descriptor = openSync(path, 'r');
  return {
    sizeBytes: fstatSync(descriptor).size,
    read: (position, lengthBytes) => {
      const bytes = Buffer.allocUnsafe(lengthBytes);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, lengthBytes, position));
    },
    close: () => closeSync(descriptor),
  };
}

/** A part of another source, such as an archive that lies uncompressed in an archive. Closing it leaves the other open. */
export function partOf(source: ByteSource, start: number, sizeBytes: number): ByteSource {
  return {
    sizeBytes,
    read: (position, lengthBytes) =>
      source.read(start + position, Math.max(0, Math.min(lengthBytes, sizeBytes - position))),
    close: () => {},
  };
}

/** For yauzl. Closing the archive leaves the source open. */
export function readerOf(source: ByteSource): RandomAccessReader {
  return new SourceReader(source);
}

/** What every archive of this program is opened with. */
export const zipOptions = {
  lazyEntries: true,
  autoClose: false,
  // Sizes are validated while reading, so an entry cannot be larger than it declares.
  validateEntrySizes: true,
  strictFileNames: true,
} as const satisfies Options;

const chunkBytes = 65_536;

class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    let copied = 0;
    try {
      copied = this.#source.read(position, length).copy(buffer, offset);
    } catch (error) {
      callback(error instanceof Error ? error : new Error('cannot be read'));
      return;
    }
    callback(null, copied);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(chunksOf(this.#source, start, end));
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

function* chunksOf(source: ByteSource, start: number, end: number): Generator<Buffer> {
  for (let position = start; position < end; ) {
    const chunk = source.read(position, Math.min(chunkBytes, end - position));
    if (chunk.length === 0) return;
    position += chunk.length;
    yield chunk;
  }
}
