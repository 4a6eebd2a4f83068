import type { IncomingMessage } from 'node:http';
import { readBytes } from '../extensions/answers.ts';
import { maxResponseBytes, maxStreamedBytes } from '../http/limits.ts';
import type { ResponseListener } from '../service/execution.ts';

/** What a runtime sent as its answer. */
export type TakenResponse =
  /** `body` is empty where a listener heard it. */
  | { readonly kind: 'response'; readonly body: Buffer; readonly bytes: number }
  | { readonly kind: 'tooLarge'; readonly limitBytes: number }
  /** It broke off without saying so. */
  | { readonly kind: 'truncated' }
  /** A streamed answer that broke half-way says so in its trailers. */
  | { readonly kind: 'error'; readonly body: Buffer };

/** Bytes that are above a limit are read on, but not kept. */
export async function takeResponse(
  request: IncomingMessage,
  listener: ResponseListener | undefined,
): Promise<TakenResponse> {
  const isStreamed = request.headers['lambda-runtime-function-response-mode']?.toString().toLowerCase() === 'streaming';
  const taking =
    isStreamed && listener !== undefined ? passOn(request, listener) : readBytes(request, maxResponseBytes);
  const taken = await taking.catch((error: unknown) => {
    if (request.complete) throw error;
    return 'truncated' as const;
  });
  if (taken === 'truncated') return { kind: 'truncated' };
  const broken = trailerError(request);
  if (broken !== undefined) return { kind: 'error', body: broken };
  if (Buffer.isBuffer(taken)) return { kind: 'response', body: taken, bytes: taken.length };
  if (taken === undefined) return { kind: 'tooLarge', limitBytes: maxResponseBytes };
  if (taken.bytes > maxStreamedBytes) return { kind: 'tooLarge', limitBytes: maxStreamedBytes };
  return { kind: 'response', body: Buffer.alloc(0), bytes: taken.bytes };
}

async function passOn(request: IncomingMessage, listener: ResponseListener): Promise<{ readonly bytes: number }> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (bytes === 0) listener.began(request.headers['content-type'] ?? 'application/octet-stream');
    bytes += chunk.length;
    if (bytes <= maxStreamedBytes) await listener.chunk(chunk);
  }
  if (bytes > 0 && bytes <= maxStreamedBytes) listener.ended();
  return { bytes };
}

function trailerError({ trailers }: IncomingMessage): Buffer | undefined {
  const body = trailers['lambda-runtime-function-error-body'];
  if (body !== undefined) return Buffer.from(body, 'base64');
  const errorType = trailers['lambda-runtime-function-error-type'];
  return errorType === undefined ? undefined : Buffer.from(JSON.stringify({ errorType, errorMessage: '' }));
}
