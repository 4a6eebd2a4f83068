import type { ServerResponse } from 'node:http';
import { errorAnswer } from '../http/errorAnswer.ts';
import type { RawAnswer } from '../http/http.ts';
import type { ServiceName } from '../http/routes.ts';
import { ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { Fault } from './testing.ts';

/** How answers break: on their way, in what they say, or as an error that was asked for. */

export function faultAnswer(service: ServiceName, fault: Extract<Fault, object>, requestId: string): WireAnswer {
  const failure = new ServiceFailure(fault.status, fault.type, fault.message ?? 'A fault that a test asked for', {
    reason: fault.reason,
    retryAfterS: fault.retryAfterS,
  });
  // A fault's status holds also where the protocol would choose another one.
  return { ...errorAnswer(service, failure, requestId), status: fault.status };
}

export function garbage(answer: WireAnswer): WireAnswer {
  return { ...answer, status: answer.status === 204 ? 200 : answer.status, body: '\u0000<<<not what it says' };
}

/** Says how long the body is, and breaks off in the middle of it. */
export function sendCut(response: ServerResponse, answer: RawAnswer): void {
  if (answer.stream !== undefined) {
    void sendCutStream(response, answer, answer.stream);
    return;
  }
  response.writeHead(answer.status === 204 ? 200 : answer.status, {
    ...answer.headers,
    'content-length': String(answer.body.length + 16),
  });
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => response.socket?.destroy());
  response.flushHeaders();
}

/** The first message, and no more. */
async function sendCutStream(
  response: ServerResponse,
  { status, headers }: RawAnswer,
  stream: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.writeHead(status, headers);
  for await (const message of stream) {
    response.write(message, () => response.socket?.destroy());
    return;
  }
}

export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
