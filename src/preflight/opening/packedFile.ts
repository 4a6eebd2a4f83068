import type { Readable } from 'node:stream';
import type { ByteSource } from '../../archive/byteSource.ts';

/** One file of a package, wherever it lies. All reads may throw ArchiveRefusal. */
export interface PackedFile {
  /** Inside the package; inner archives end with `!`. Bounded in length. */
  readonly path: string;
  readonly sizeBytes: number;
  /** First bytes, more of them on demand; undefined where the packing cannot be read. */
  head(length: 'short' | 'long'): Buffer | undefined;
  /** As a whole: only for small files. */
  whole(): Buffer;
  stream(): Promise<Readable>;
  /** By position, where it lies uncompressed; else undefined. */
  source(): ByteSource | undefined;
}

/** Enough for what is shown and told apart; entries may have names of 64 KB. */
const longestPath = 1024;

export function boundedPath(path: string): string {
  return path.length <= longestPath ? path : `…${path.slice(1 - longestPath)}`;
}

export const headBytes = { short: 1024, long: 65_536 } as const;
