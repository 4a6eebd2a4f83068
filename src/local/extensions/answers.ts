import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './agents.ts';

/** How the APIs inside an environment answer. */

export function accept(response: ServerResponse): void {
  reply(response, 202, { status: 'OK' });
}

export function refuse(response: ServerResponse, status: number, refusal: Refusal): void {
  reply(response, status, refusal);
}

export function reply(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers });
  response.end(text);
}

/** The whole body, or undefined above the limit (it is then read on, but not kept). */
export async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > limitBytes ? undefined : Buffer.concat(chunks);
}
