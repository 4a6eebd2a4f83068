import { present } from '../../base/present.ts';
import { eventMessage } from '../http/eventStream.ts';
import { type ApiRequest, emptyAnswer, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { InvocationOutcome } from '../service/invocation.ts';
import type { Service } from '../service/service.ts';
import { checkConcurrency } from './admission.ts';
import { header, prepare, toldOf, wantsTail } from './invokeApi.ts';
import { type StreamedInvocation, startStreamed } from './streamedInvocation.ts';

/**
 * InvokeWithResponseStream: PayloadChunks as the function writes them, then one InvokeComplete. A function that does not
 * stream is answered in the same way, all at once. That a failure before the first byte brings no chunk, too, is from memory [memory].
 */
export async function invokeWithResponseStream(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  if (type !== 'RequestResponse' && type !== 'DryRun') {
    const constraint = 'Member must satisfy enum value set: [RequestResponse, DryRun]';
    const message = `1 validation error detected: Value at 'invocationType' failed to satisfy constraint: ${constraint}`;
    throw new ServiceFailure(400, 'ValidationException', message);
  }
  const { invoked, input } = prepare(service, request, type);
  if (type === 'DryRun') return emptyAnswer(204);
  checkConcurrency(service, invoked);
  const running = startStreamed(service, invoked, input);
  let ended: InvocationOutcome | undefined;
  running.outcome.then(
    (outcome) => {
      ended = outcome;
    },
    () => undefined,
  );
  await running.began;
  return {
    status: 200,
    headers: {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amz-executed-version': invoked.version.version,
    },
    stream: messages(running, wantsTail(request)),
    measuredThen: () => ended?.result,
  };
}

async function* messages({ chunks, outcome }: StreamedInvocation, withTail: boolean): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) yield payloadChunk(chunk);
  const { result, tail } = await outcome;
  const { payload, functionError } = toldOf(result);
  // An error is told at the end alone, whether anything was sent before or not.
  if (functionError === undefined) {
    for (let start = 0; start < payload.length; start += maxChunkBytes) {
      yield payloadChunk(payload.subarray(start, start + maxChunkBytes));
    }
  }
  const complete = present({
    ErrorCode: functionError,
    ErrorDetails: functionError === undefined ? undefined : payload.toString('utf8'),
    LogResult: withTail ? tail?.toString('base64') : undefined,
  });
  yield eventMessage('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(complete)));
}

const maxChunkBytes = 262_144;

function payloadChunk(bytes: Buffer): Uint8Array {
  return eventMessage('PayloadChunk', 'application/octet-stream', bytes);
}
