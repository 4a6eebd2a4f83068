import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBoundedServer, isOwnHost, readBody } from '../http/http.ts';
import { maxSyncPayloadBytes } from '../http/limits.ts';
import { listenOnLoopback } from '../http/loopback.ts';
import { ServiceFailure } from '../http/wire.ts';
import type { FunctionUrl, UrlSettings } from '../service/model.ts';
import type { FunctionReference } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { corsHeaders, isForeignPage, isPreflight, preflightHeaders } from './crossOrigin.ts';
import type { HttpAnswer } from './urlAnswer.ts';
import { answerUrl, type UrlAnswer } from './urlInvocation.ts';

/** Listens on a free port of loopback: paths are then those that the function sees, as on AWS. */
export async function openFunctionUrl(
  service: Service,
  { functionName, qualifier }: { readonly functionName: string; readonly qualifier: string | undefined },
  settings: UrlSettings,
): Promise<FunctionUrl> {
  const reference: FunctionReference = qualifier === undefined ? { functionName } : { functionName, qualifier };
  let bound = { host: '', port: 0 };
  const server = createBoundedServer((request, response) => {
    serveUrl(service, reference, made, bound.port, request, response).catch(() => response.destroy());
  });
  bound = await listenOnLoopback(server, 0);
  const made: FunctionUrl = {
    urlId: randomBytes(16).toString('hex'),
    url: `http://${bound.host}:${bound.port}/`,
    createdMs: settings.modifiedMs,
    settings,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return made;
}

async function serveUrl(
  service: Service,
  reference: FunctionReference,
  { urlId, settings }: FunctionUrl,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers, method = 'GET', url = '/' } = request;
  const requestId = randomUUID();
  const { cors } = settings;
  const own = [
    ['date', new Date(service.clock.now()).toUTCString()],
    ['x-amzn-requestid', requestId],
  ] as const;
  if (!isOwnHost(headers.host, port) || isForeignPage(headers, cors)) {
    request.resume();
    return send(response, { ...refused(403, 'Forbidden'), headers: own });
  }
  if (cors !== undefined && isPreflight(method, headers)) {
    request.resume();
    const preflight = [...own, ...preflightHeaders(headers, cors)];
    return send(response, { status: 200, headers: preflight, body: Buffer.alloc(0) });
  }
  let answer: UrlAnswer;
  try {
    const body = await readBody(request, maxSyncPayloadBytes, 'InvokeFunctionUrl');
    if (body === undefined) return;
    const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
    const { httpVersion, headersDistinct: headerValues } = request;
    const asked = { method, target: url, httpVersion, headers, headerValues, body, sourceIp };
    answer = await answerUrl(service, reference, { urlId, requestId, settings }, asked);
  } catch (error) {
    answer = error instanceof ServiceFailure ? refused(error.status, error.message) : refused(500, 'Internal Failure');
  }
  await send(response, { ...answer, headers: [...own, ...answer.headers, ...corsHeaders(headers, cors)] });
}

function refused(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ Message: message })),
  };
}

async function send(response: ServerResponse, answer: UrlAnswer): Promise<void> {
  if (response.destroyed) return;
  const joined = new Map<string, string[]>();
  for (const [name, value] of answer.headers) joined.set(name, [...(joined.get(name) ?? []), value]);
  for (const [name, values] of joined) response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  response.statusCode = answer.status;
  if ('body' in answer) {
    // Of 204 there is no body, not even an empty one (RFC 9110, 8.6).
    if (answer.status !== 204) response.setHeader('content-length', answer.body.length);
    response.end(answer.body);
    return;
  }
  response.flushHeaders();
  await pipeline(Readable.from(answer.stream), response);
}
