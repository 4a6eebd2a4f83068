import { createHash } from 'node:crypto';
import { InvokeWithResponseStreamCommand, type InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import type { Attempt, Deployment } from '../../model/platform.ts';
import { freeStreamedBytes } from '../../pricing/streamedBytesCost.ts';
import { networkCode, serviceError } from '../client/failure.ts';
import { quoteService, type Secrets } from '../client/quote.ts';
import { checkVersion, type InvokeSettings, invocationOf } from './settings.ts';

/**
 * One call whose answer is read while the function writes it. The times are the client's: from the moment in which the call
 * is sent, the way there and back included. Throws what the SDK throws for a call that was not begun.
 */
export async function invokeStreamed(
  { client, now, monotonicMs, hostTimeOf, secrets }: InvokeSettings,
  deployment: Deployment,
  body: string,
  signal: AbortSignal,
): Promise<Attempt> {
  const startedAt = now();
  const sentMs = monotonicMs();
  const answer = await client.send(new InvokeWithResponseStreamCommand(invocationOf(deployment, body)), {
    abortSignal: signal,
  });
  const { requestId } = answer.$metadata;
  if (requestId === undefined) return { kind: 'lost', startedAt, reason: 'the answer carried no request id' };
  checkVersion(answer.ExecutedVersion, deployment);
  const received = receiver();
  let firstByteMs: number | undefined;
  let complete: InvokeWithResponseStreamResponseEvent.InvokeCompleteMember['InvokeComplete'] | undefined;
  const lost = (reason: string): Attempt => ({ kind: 'lost', requestId, startedAt, reason });
  try {
    for await (const event of untilAborted(answer.EventStream ?? [], signal)) {
      if (event.PayloadChunk !== undefined) {
        const bytes = event.PayloadChunk.Payload ?? new Uint8Array();
        if (bytes.length > 0) firstByteMs ??= monotonicMs() - sentMs;
        received.take(bytes);
      }
      if (event.InvokeComplete !== undefined) complete = event.InvokeComplete;
    }
  } catch (error) {
    if (signal.aborted) return lost('no longer waited for: the run was stopping');
    return lost(brokenOff(error, received.bytes(), secrets));
  }
  if (signal.aborted) return lost('no longer waited for: the run was stopping');
  // The service ends every stream with it; without it nobody knows whether the function went on.
  if (complete === undefined) return lost(`the stream ended after ${received.bytes()} bytes without saying how`);
  const { ErrorCode: functionError, ErrorDetails, LogResult } = complete;
  return {
    kind: 'answered',
    requestId,
    startedAt,
    hostTime: hostTimeOf(requestId),
    functionError: functionError === '' ? undefined : functionError,
    responseBody: functionError ? (ErrorDetails ?? received.text()) : received.text(),
    logTail: LogResult === undefined ? undefined : Buffer.from(LogResult, 'base64').toString('utf8'),
    stream: { firstByteMs, totalMs: monotonicMs() - sentMs, bytes: received.bytes() },
  };
}

function brokenOff(error: unknown, bytes: number, secrets: Secrets): string {
  const { name, message } = serviceError(error);
  const code = networkCode(error);
  const why = code ?? (message === '' ? name : `${name}: ${quoteService(message, secrets)}`);
  return `the stream broke off after ${bytes} bytes (${why})`;
}

/** The SDK destroys the request, but who waits for the next event need not hear of it. */
async function* untilAborted<Event>(events: AsyncIterable<Event> | Iterable<Event>, signal: AbortSignal) {
  const source = Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
  let stop = (): void => undefined;
  const stopped = new Promise<'stopped'>((resolve) => {
    stop = () => resolve('stopped');
  });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const next = Promise.resolve(source.next());
      // It fails when the request is destroyed, and then nobody waits for it any more.
      next.catch(() => undefined);
      const event = await Promise.race([next, stopped]);
      if (event === 'stopped' || event.done === true) return;
      yield event.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Receiver {
  take(bytes: Uint8Array): void;
  bytes(): number;
  /** The answer; of one that is longer than an answer in one piece may be, its length and hash. */
  text(): string;
}

/** Longer answers are counted, and not kept. */
function receiver(): Receiver {
  const hash = createHash('sha256');
  let parts: Uint8Array[] = [];
  let bytes = 0;
  return {
    take(part) {
      bytes += part.length;
      hash.update(part);
      if (bytes <= freeStreamedBytes) parts.push(part);
      else parts = [];
    },
    bytes: () => bytes,
    text: () =>
      bytes <= freeStreamedBytes
        ? Buffer.concat(parts).toString('utf8')
        : JSON.stringify({ bytes, sha256: hash.digest('hex') }),
  };
}
