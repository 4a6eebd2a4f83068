import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { present } from '../../base/present.ts';
import { accept, readBytes, refuse as refuseWith } from '../extensions/answers.ts';
import { maxResponseBytes } from '../http/limits.ts';
import { listenOnLoopback } from '../http/loopback.ts';
import { type Lateness, noLateness } from '../processes/lateness.ts';
import { takeResponse } from '../responses/responseBody.ts';
import type { InvocationEvent, ResponseListener } from '../service/execution.ts';

/**
 * What the runtime did; `atMs` on the monotonic clock of `performance.now()`. `lateMs`: what of the time since the event was
 * handed this process was late to see the runtime's calls.
 */
export type RuntimeCall =
  /** It asks for work: init is over, or the last invocation is. */
  | { readonly kind: 'next'; readonly atMs: number; readonly lateMs: number }
  /** `bytes`: all that it sent, also what was heard while it came and is not in the body. */
  | { readonly kind: 'response'; readonly atMs: number; readonly body: Buffer; readonly bytes: number }
  | { readonly kind: 'responseTooLarge'; readonly atMs: number; readonly limitBytes: number }
  /** Its connection closed before the answer's end: the runtime gave up half-way, or died. */
  | { readonly kind: 'responseTruncated'; readonly atMs: number }
  | { readonly kind: 'error'; readonly atMs: number; readonly body: Buffer }
  | {
      readonly kind: 'initError';
      readonly atMs: number;
      readonly body: Buffer;
      readonly errorType?: string | undefined;
    };

/** What else is on the same address, and listens in. */
export interface BesideRuntimeApi {
  /** The runtime begins to send its answer. */
  answerBegan?(atMs: number): void;
  /** What is below other paths; undefined for those that nothing is below. */
  serve?(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined;
}

export interface RuntimeApi {
  /** `127.0.0.1:<port>` (`[::1]` where there is no IPv4): the value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Whether a `next` is pending: only then there is somebody to hand an event to. */
  isAsking(): boolean;
  /**
   * Answers the pending `next`. Returns the moment before it was sent: a runtime that wakes at once, while this process waits
   * for a core, must not have worked before its time starts. Only after a `next`, once.
   * A streamed answer goes to the listener, if there is one.
   */
  hand(event: InvocationEvent, deadlineEpochMs: number, listener?: ResponseListener): number;
  close(): void;
}

/**
 * The Lambda Runtime API, version 2018-06-01, for one environment: loopback only, a port of the system's choice. The APIs of
 * extensions are on the same address.
 */
export async function startRuntimeApi(
  onCall: (call: RuntimeCall) => void,
  lateness: Lateness = noLateness,
  beside: BesideRuntimeApi = {},
): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let lateMs = 0;
  /** The invocation that is running and not answered yet. */
  let running: string | undefined;
  let hears: ResponseListener | undefined;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.host !== address) return refuse(response, 403, 'InvalidHost', 'Unknown host.');
    const path = request.url ?? '';
    if (!path.startsWith(prefix)) {
      const served = beside.serve?.(request, response);
      return served ?? refuse(response, 403, 'Forbidden', 'No such API.');
    }
    const call = `${request.method} ${path.slice(prefix.length)}`;
    if (call === 'GET invocation/next') return next(response);
    if (call === 'POST init/error') return initError(request, response);
    const match = /^POST invocation\/([^/]+)\/(response|error)$/.exec(call);
    if (match === null) return refuse(response, 404, 'NotFound', 'No such resource.');
    if (match[1] !== running) return refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
    return answer(request, response, match[2] === 'error');
  }

  function next(response: ServerResponse): void {
    const atMs = performance.now();
    lateMs += lateness.sinceSeen();
    if (running !== undefined) {
      refuse(response, 403, 'InvalidStateTransition', 'The invocation is not answered yet.');
      return;
    }
    // A client that gave up waiting asks again, and that it closed the connection of before can be seen later than that.
    waiting?.destroy();
    waiting = response;
    response.once('close', () => {
      if (waiting === response) waiting = undefined;
    });
    onCall({ kind: 'next', atMs, lateMs });
    lateMs = 0;
  }

  async function initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBytes(request, maxResponseBytes)) ?? Buffer.alloc(0);
    const errorType = errorTypeOf(request);
    accept(response);
    onCall({ kind: 'initError', atMs: performance.now(), body, errorType });
  }

  async function answer(request: IncomingMessage, response: ServerResponse, asError: boolean): Promise<void> {
    running = undefined;
    lateMs += lateness.sinceSeen();
    beside.answerBegan?.(performance.now());
    const taken = await takeResponse(request, asError ? undefined : hears);
    const atMs = performance.now();
    if (taken.kind === 'truncated') return onCall({ kind: 'responseTruncated', atMs });
    if (taken.kind === 'tooLarge') {
      const { limitBytes } = taken;
      refuse(response, 413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${limitBytes} bytes).`);
      return onCall({ kind: 'responseTooLarge', atMs, limitBytes });
    }
    accept(response);
    const { body } = taken;
    if (asError || taken.kind === 'error') return onCall({ kind: 'error', atMs, body });
    onCall({ kind: 'response', atMs, body, bytes: taken.bytes });
  }

  const server = createServer((request, response) => {
    // A runtime that dies while it sends is seen as an exit; there is nobody left to answer.
    route(request, response).catch(() => response.destroy());
  });
  // A runtime may compute for as long as the function's timeout between two requests on one connection.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const { host, port } = await listenOnLoopback(server, 0);
  server.unref();
  const address = `${host}:${port}`;

  return {
    address,
    isAsking: () => waiting !== undefined,
    hand(event, deadlineEpochMs, listener) {
      if (waiting === undefined) throw new Error('The runtime has not asked for work.');
      const response = waiting;
      waiting = undefined;
      running = event.requestId;
      hears = listener;
      const handedAtMs = performance.now();
      lateness.seen();
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': event.body.length,
        'Lambda-Runtime-Aws-Request-Id': event.requestId,
        'Lambda-Runtime-Deadline-Ms': String(deadlineEpochMs),
        'Lambda-Runtime-Invoked-Function-Arn': event.invokedFunctionArn,
        'Lambda-Runtime-Trace-Id': event.traceId,
        ...present({ 'Lambda-Runtime-Client-Context': clientContextHeader(event.clientContext) }),
      });
      response.end(event.body);
      return handedAtMs;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const prefix = '/2018-06-01/runtime/';

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  refuseWith(response, status, { errorType, errorMessage });
}

function errorTypeOf(request: IncomingMessage): string | undefined {
  const header = request.headers['lambda-runtime-function-error-type'];
  return typeof header === 'string' && header !== '' ? header : undefined;
}

/** Callers send the client context as base64 of JSON, runtimes get the JSON; beyond ASCII it is escaped to fit a header. */
function clientContextHeader(clientContext: string | undefined): string | undefined {
  if (clientContext === undefined) return undefined;
  const text = clientContext.startsWith('{') ? clientContext : Buffer.from(clientContext, 'base64').toString('utf8');
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
