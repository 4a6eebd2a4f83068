import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { present } from '../base/present.ts';
import type { CalmPace } from '../model/measurement.ts';
import { errorAnswer, unknownOperation } from './http/errorAnswer.ts';
import { type RawAnswer, readBody, refusal, send } from './http/http.ts';
import { type Route, routeOf } from './http/routes.ts';
import { signatureTimeRefusal } from './http/signatureDate.ts';
import { type ApiRequest, ServiceFailure, type WireAnswer } from './http/wire.ts';
import type { Intercept } from './intercept.ts';
import { endedSessionRefusal } from './lambda-api/roleSessions.ts';
import { type Operation, operations } from './operations.ts';
import type { Service } from './service/service.ts';

export interface Endpoint {
  readonly service: Service;
  readonly intercept: Intercept;
  /** Known once the server listens. */
  readonly port: () => number;
}

/** One request from its headers to its answer; never throws. */
export async function serve(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const raw = (answer: WireAnswer): RawAnswer => rawAnswer(endpoint.service, requestId, answer);
  const url = URL.canParse(request.url ?? '', 'http://localhost')
    ? new URL(request.url ?? '', 'http://localhost')
    : undefined;
  const refused = url === undefined ? 'The address cannot be read.' : refusal(request, endpoint.port());
  if (url === undefined || refused !== undefined) {
    request.resume();
    const failure = new ServiceFailure(403, 'AccessDeniedException', refused ?? '');
    send(request, response, raw(errorAnswer('lambda', failure, requestId)));
    return;
  }
  const route = routeOf(request.method ?? 'GET', url.pathname, url.searchParams, request.headers);
  try {
    if (route.operation === 'unknown') {
      request.resume();
      throw unknownOperation(route.service, route.name);
    }
    const body = await readBody(request, route.maxBodyBytes, route.operation);
    if (body === undefined) return;
    const apiRequest: ApiRequest = {
      operation: route.operation,
      method: request.method ?? 'GET',
      path: url.pathname,
      parameters: route.parameters,
      query: url.searchParams,
      headers: request.headers,
      body,
      requestId,
      host: request.headers.host ?? '',
    };
    const call = { service: endpoint.service, route, request: apiRequest, response, render: raw };
    const answer = await endpoint.intercept(call, (asked) => perform(endpoint.service, route, asked));
    if (answer !== undefined) send(request, response, raw(answer));
  } catch (error) {
    send(request, response, raw(errorAnswer(route.service, asFailure(error), requestId)));
  }
}

/** Errors are answers, too. */
async function perform(service: Service, route: Route, request: ApiRequest): Promise<WireAnswer> {
  try {
    const mistimed = signatureTimeRefusal(route.service, request.headers, service.clock.now());
    if (mistimed !== undefined) throw mistimed;
    const ended = endedSessionRefusal(service, route.service, request.headers);
    if (ended !== undefined) throw ended;
    return await operationOf(route)(service, request);
  } catch (error) {
    return errorAnswer(route.service, asFailure(error), request.requestId);
  }
}

function operationOf(route: Route): Operation {
  switch (route.service) {
    case 'lambda':
      return operations.lambda[route.operation];
    case 'logs':
      return operations.logs[route.operation];
    case 'cloudwatch':
    case 'cloudwatchCbor':
      return operations.cloudwatch[route.operation];
    case 's3':
      return operations.s3[route.operation];
    case 'schemas':
      return operations.schemas[route.operation];
    case 'tagging':
      return operations.tagging[route.operation];
    case 'sts':
      return operations.sts[route.operation];
    case 'code':
      return operations.code[route.operation];
  }
}

/** What is not the service's own refusal is a bug of ours: told as the service tells its own, without inner details. */
function asFailure(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  const name = error instanceof Error ? error.name : 'Error';
  return new ServiceFailure(500, 'ServiceException', `The embedded endpoint failed (${name}).`);
}

function rawAnswer(service: Service, requestId: string, answer: WireAnswer): RawAnswer {
  const { body = '', stream } = answer;
  return {
    status: answer.status,
    headers: present({
      ...answer.headers,
      // The endpoint's own time, by which clients correct theirs.
      date: new Date(service.clock.now()).toUTCString(),
      'x-amzn-requestid': requestId,
      'x-amz-request-id': requestId,
      'x-tune-local': service.conditions.isMarked ? emulationHeader(service, answer.measured) : undefined,
    }),
    body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
    stream,
    trailers:
      service.conditions.isMarked && answer.measuredThen !== undefined
        ? () => ({ 'x-tune-local': emulationHeader(service, answer.measuredThen?.()) })
        : undefined,
  };
}

/** What this backend is: the only way in which a client can learn that it does not talk to AWS. */
function emulationHeader({ conditions, executor }: Service, measured: WireAnswer['measured']): string {
  const parts = [
    `architectures=${conditions.architectures.join(',')}`,
    `cpu=${executor.cpu}`,
    `cores=${executor.cores}`,
  ];
  if (measured !== undefined) {
    parts.push(`contended=${measured.contendedShare.toFixed(3)}`, `raw=${measured.rawDurationMs.toFixed(2)}`);
    const { pace } = measured;
    if (pace !== undefined) {
      parts.push(`busy=${pace.busyMs.toFixed(2)}`, `cpu-time=${pace.cpuMs.toFixed(3)}`);
      parts.push(
        `loop=${pace.loop}`,
        `reference=${pace.referenceMs.toPrecision(5)}`,
        `fastest=${pace.fastestMs.toPrecision(5)}`,
        `error=${pace.error.toFixed(4)}`,
      );
      if (pace.calm !== undefined) parts.push(...calmParts(pace.calm));
    }
  }
  return parts.join('; ');
}

function calmParts({ referenceMs, runs, lastSeenAt, follows }: CalmPace): readonly string[] {
  const calm = [`calm=${referenceMs.toPrecision(5)}`, `calm-runs=${runs}`, `calm-seen=${lastSeenAt}`];
  if (follows === undefined || follows.length === 0) return calm;
  const told = follows.map(({ range, slope, error }) => `${range}:${slope.toFixed(4)}:${error.toFixed(4)}`);
  return [...calm, `follows=${told.join(',')}`];
}
