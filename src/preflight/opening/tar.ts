/** The first bytes of a file in a tar, or (without a name) of the stream when it is none. */
export interface TarHead {
  readonly name: string | undefined;
  readonly head: Buffer;
}

const block = 512;

/** POSIX ustar and GNU tar both write this at 257. */
export function isTar(head: Buffer): boolean {
  return head.length >= block && head.toString('latin1', 257, 262) === 'ustar';
}

/**
 * The head of each file of a tar that comes as a stream, block by block; of what is no tar, its own head alone. `take` is
 * told of every byte that is read and may throw.
 */
export async function* tarHeads(chunks: AsyncIterable<Buffer>, take: (bytes: number) => void): AsyncGenerator<TarHead> {
  let waiting: Buffer = Buffer.alloc(0);
  let isFirst = true;
  let current: { readonly name: string; left: number; isNew: boolean } | undefined;
  for await (const chunk of chunks) {
    take(chunk.length);
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    let position = 0;
    while (position + block <= waiting.length) {
      const bytes = waiting.subarray(position, position + block);
      if (current !== undefined && current.left > 0) {
        if (current.isNew) yield { name: current.name, head: bytes };
        current.isNew = false;
        // Whole blocks that are here are skipped at once.
        const skipped = Math.min(Math.ceil(current.left / block), Math.floor((waiting.length - position) / block));
        current.left -= skipped * block;
        position += skipped * block;
        continue;
      }
      if (isFirst && !isTar(bytes)) {
        yield { name: undefined, head: bytes };
        return;
      }
      isFirst = false;
      current = fileOf(bytes);
      position += block;
    }
    waiting = waiting.subarray(position);
  }
  if (isFirst && waiting.length > 0) yield { name: undefined, head: waiting };
}

/** Undefined for folders, links and the empty blocks at the end. */
function fileOf(header: Buffer): { name: string; left: number; isNew: boolean } | undefined {
  if (!isTar(header)) return undefined;
  const text = (start: number, length: number) => header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
  const left = Number.parseInt(text(124, 12).trim() || '0', 8);
  if (!Number.isSafeInteger(left) || left <= 0) return undefined;
  const prefix = text(345, 155);
  const name = `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`;
  return { name, left, isNew: true };
}
