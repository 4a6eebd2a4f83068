import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { requestTooLarge } from './wire.ts';

/** The edges of HTTP: who may connect, how much may be sent, how an answer goes out. Knows nothing of Lambda. */

export function createBoundedServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer(
    {
      maxHeaderSize: 65_536,
      headersTimeout: 10_000,
      // For a whole request: 250 MB of a staged package over loopback take seconds.
      requestTimeout: 120_000,
      connectionsCheckingInterval: 2_000,
      // A client that reuses a connection in the moment in which it is closed loses its request: keep them long.
      keepAliveTimeout: 600_000,
      noDelay: true,
    },
    handle,
  );
  server.maxConnections = 4_096;
  return server;
}

/**
 * Why a request is refused unread, if it is. A page in a browser can send requests to loopback: its requests carry an
 * Origin or Sec-Fetch-Site, and one that had its name rebound to 127.0.0.1 carries that name as Host.
 */
export function refusal({ headers }: IncomingMessage, port: number): string | undefined {
  if (!isOwnHost(headers.host, port)) {
    return 'This endpoint answers to 127.0.0.1 and localhost only.';
  }
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    return 'This endpoint does not answer web pages.';
  }
  return undefined;
}

export function isOwnHost(host: string | undefined, port: number): boolean {
  const allowed = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  return host !== undefined && allowed.includes(host.toLowerCase());
}

/** How much more than the limit is read and thrown away, so that the client gets to read the refusal. */
const drainedBytes = 67_108_864;

/** The whole body; undefined when the client went away. @throws ServiceFailure RequestTooLargeException (413) */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  operation: string,
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request) {
      if (!Buffer.isBuffer(part)) continue;
      bytes += part.length;
      if (bytes <= maxBytes) parts.push(part);
      else parts.length = 0;
      if (bytes > maxBytes + drainedBytes) request.destroy();
    }
  } catch {
    return undefined;
  }
  if (bytes > maxBytes) throw requestTooLarge(maxBytes, operation);
  return Buffer.concat(parts);
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** In place of the body. */
  readonly stream?: AsyncIterable<Uint8Array> | undefined;
  /** What is known when the stream has ended. */
  readonly trailers?: (() => Readonly<Record<string, string>>) | undefined;
}

export function send(request: IncomingMessage, response: ServerResponse, answer: RawAnswer): void {
  if (response.destroyed) return;
  if (answer.stream !== undefined) {
    sendStream(response, answer, answer.stream);
    return;
  }
  const bodiless = answer.status === 204 || answer.status === 304;
  const length = bodiless ? {} : { 'content-length': String(answer.body.length) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(request.method === 'HEAD' || bodiless ? undefined : answer.body);
}

/** Ends the source when the client goes away. */
function sendStream(
  response: ServerResponse,
  { status, headers, trailers }: RawAnswer,
  stream: AsyncIterable<Uint8Array>,
): void {
  response.writeHead(status, headers);
  response.flushHeaders();
  // What breaks off half-way is destroyed by the pipeline, which the client sees.
  pipeline(Readable.from(withTrailers()), response).catch(() => undefined);

  async function* withTrailers(): AsyncIterable<Uint8Array> {
    yield* stream;
    if (trailers !== undefined) response.addTrailers(trailers());
  }
}
