import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import type { PackedFile } from '../opening/packedFile.ts';
import { isTar, tarHeads } from '../opening/tar.ts';
import type { Looking } from './looking.ts';
import { nativeFileOf } from './nativeFiles.ts';

/**
 * Whether it is a compressed file or a tar: browsers and media tools come so, to unpack themselves when they start
 * (`chromium.br`).
 */
export function isCompressed(path: string, head: Buffer): boolean {
  return isGzip(head) || /\.br$/i.test(path) || isTar(head) || isUnreadablePacking(path);
}

/** Looks at the file or the tar's files in it. @throws ArchiveRefusal for more than may be unpacked */
export async function lookIntoCompressed(file: PackedFile, { budget, evidence }: Looking): Promise<void> {
  if (isUnreadablePacking(file.path)) {
    evidence.closed.push({ path: file.path, reason: 'packing' });
    return;
  }
  const packed = await file.stream();
  const unpacking = unpackerOf(file);
  const stream = unpacking === undefined ? packed : packed.pipe(unpacking);
  packed.on('error', (error) => stream.destroy(error));
  try {
    for await (const { name, head } of tarHeads(bytesOf(stream), (count) => budget.takeInnerBytes(count))) {
      if (name !== undefined) budget.takeEntry();
      const native = nativeFileOf(name === undefined ? file.path : `${file.path}!/${name}`, head);
      if (native !== undefined) evidence.natives.push(native);
    }
  } catch (error) {
    // A picture or page that is named so, or one that is cut: nothing can start what cannot be unpacked.
    if (!isOfUnpacking(error)) throw error;
  } finally {
    packed.destroy();
    stream.destroy();
  }
}

function isGzip(head: Buffer): boolean {
  return head.length >= 3 && head.readUInt16BE(0) === 0x1f8b && head.readUInt8(2) === 8;
}

function isUnreadablePacking(path: string): boolean {
  return /\.(?:tar\.(?:xz|bz2|zst)|txz|tbz2|7z|rar)$/i.test(path);
}

function unpackerOf(file: PackedFile): Transform | undefined {
  const head = file.head('short') ?? Buffer.alloc(0);
  if (isGzip(head)) return createGunzip();
  return isTar(head) ? undefined : createBrotliDecompress();
}

async function* bytesOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
}

function isOfUnpacking(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^Z_|^ERR_|^BROTLI/.test(code);
}
