/** Splits a stream of `application/vnd.awslambda.http-integration-response`: JSON, eight NUL bytes, the body. */

const separator = Buffer.alloc(8);
const maxPreludeBytes = 1_048_576;

export interface Split {
  readonly prelude: string;
  readonly body: AsyncIterable<Buffer>;
}

/** Undefined: the stream ended before its prelude did. */
export async function splitPrelude(chunks: AsyncIterable<Buffer>): Promise<Split | undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  let read = Buffer.alloc(0);
  for (;;) {
    const end = read.indexOf(separator);
    if (end >= 0) {
      const first = read.subarray(end + separator.length);
      return { prelude: read.toString('utf8', 0, end), body: following(first, iterator) };
    }
    if (read.length > maxPreludeBytes) return undefined;
    const next = await iterator.next();
    if (next.done === true) return undefined;
    read = Buffer.concat([read, next.value]);
  }
}

async function* following(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  try {
    if (first.length > 0) yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
