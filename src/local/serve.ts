import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallRecorder } from './http/calls.ts';
import { errorAnswer } from './http/errorAnswer.ts';
import { type RawAnswer, readBody, refusal, reset, send, sendCut } from './http/http.ts';
import { type Route, routeOf, type ServiceName } from './http/routes.ts';
import { signatureTimeRefusal } from './http/signatureDate.ts';
import { type Answer, type ApiRequest, ServiceFailure } from './http/wire.ts';
import { type Operation, operations } from './operations.ts';
import { denialOf, resourceOf } from './service/permissions.ts';
import type { Service } from './service/service.ts';
import type { CallInfo, Fault } from './testing/testing.ts';

export interface Endpoint {
  readonly service: Service;
  readonly calls: CallRecorder;
  /** Known once the server listens. */
  readonly port: () => number;
}

/** One request from its headers to its answer; never throws. */
export async function serve(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const raw = (answer: Answer): RawAnswer => rawAnswer(endpoint.service, requestId, answer);
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
      throw new ServiceFailure(404, 'UnknownOperationException', 'This endpoint does not have that operation.');
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
    await serveCall(endpoint, route, apiRequest, request, response, raw);
  } catch (error) {
    send(request, response, raw(errorAnswer(route.service, asFailure(error), requestId)));
  }
}

async function serveCall(
  { service, calls }: Endpoint,
  route: Route,
  apiRequest: ApiRequest,
  request: IncomingMessage,
  response: ServerResponse,
  raw: (answer: Answer) => RawAnswer,
): Promise<void> {
  const { clock, testing } = service;
  const resource = resourceOf(service, route, apiRequest);
  const clientInvocationId = request.headers['amz-sdk-invocation-id'];
  const index = calls.add({
    service: route.service,
    operation: route.operation,
    resource,
    atMs: clock.now(),
    requestId: apiRequest.requestId,
    ...(typeof clientInvocationId === 'string' ? { clientInvocationId } : {}),
  });
  const call: CallInfo = { index, operation: route.operation, resource };
  const end = (status: number | undefined): void => calls.end(index, clock.now(), status);
  const answerWith = (answer: Answer): void => {
    send(request, response, raw(answer));
    end(answer.status);
  };

  const mistimed = signatureTimeRefusal(route.service, request.headers, clock.now());
  if (mistimed !== undefined) {
    answerWith(errorAnswer(route.service, mistimed, apiRequest.requestId));
    return;
  }
  const latency = testing?.latencyMs ?? 0;
  const latencyMs = typeof latency === 'number' ? latency : latency(call);
  if (latencyMs > 0) await clock.sleep(latencyMs);
  const fault = testing?.faults?.(call);
  if (fault === 'resetBefore') {
    reset(response);
    end(undefined);
    return;
  }
  if (fault === 'hang') return;
  if (typeof fault === 'object' && fault.afterEffect !== true) {
    answerWith(faultAnswer(route.service, fault, apiRequest.requestId));
    return;
  }
  const answer = await effect(service, route, apiRequest, call);
  if (fault === undefined) answerWith(answer);
  else if (typeof fault === 'object') answerWith(faultAnswer(route.service, fault, apiRequest.requestId));
  else if (fault === 'garbage')
    answerWith({ ...answer, status: answer.status === 204 ? 200 : answer.status, body: '\u0000<<<not what it says' });
  else {
    if (fault === 'resetAfter') reset(response);
    if (fault === 'cutBody') sendCut(response, raw(answer));
    if (fault !== 'hangAfter') end(undefined);
  }
}

async function effect(service: Service, route: Route, request: ApiRequest, call: CallInfo): Promise<Answer> {
  try {
    const denied = denialOf(service, route, request);
    if (denied !== undefined) throw denied;
    const answer = await operationOf(route)(service, request);
    return rewritten(service, call, answer);
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
    case 's3':
      return operations.s3[route.operation];
    case 'sts':
      return operations.sts[route.operation];
    case 'code':
      return operations.code[route.operation];
  }
}

function rewritten(service: Service, call: CallInfo, answer: Answer): Answer {
  const rewrite = service.testing?.rewrite;
  // An Invoke's body is the function's own, and a package is no JSON.
  if (rewrite === undefined || call.operation === 'Invoke' || typeof answer.body !== 'string') return answer;
  if (!(answer.headers?.['content-type'] ?? '').includes('json')) return answer;
  return { ...answer, body: JSON.stringify(rewrite(call, JSON.parse(answer.body))) };
}

function faultAnswer(service: ServiceName, fault: Extract<Fault, object>, requestId: string): Answer {
  const failure = new ServiceFailure(fault.status, fault.type, fault.message ?? 'A fault that a test asked for', {
    ...(fault.reason === undefined ? {} : { reason: fault.reason }),
    ...(fault.retryAfterS === undefined ? {} : { retryAfterS: fault.retryAfterS }),
  });
  // A fault's status holds also where the protocol would choose another one.
  return { ...errorAnswer(service, failure, requestId), status: fault.status };
}

/** What is not the service's own refusal is a bug of ours: told as the service tells its own, without inner details. */
function asFailure(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  const name = error instanceof Error ? error.name : 'Error';
  return new ServiceFailure(500, 'ServiceException', `The embedded endpoint failed (${name}).`);
}

function rawAnswer(service: Service, requestId: string, answer: Answer): RawAnswer {
  const { body = '' } = answer;
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      // The endpoint's own time, by which clients correct theirs.
      date: new Date(service.clock.now()).toUTCString(),
      'x-amzn-requestid': requestId,
      'x-amz-request-id': requestId,
      ...(service.testing?.unmarked ? {} : { 'x-tune-local': emulationHeader(service, answer.measured) }),
    },
    body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  };
}

/** What this backend is: the only way in which a client can learn that it does not talk to AWS. */
function emulationHeader({ architectures, testing, executor }: Service, measured: Answer['measured']): string {
  const all = new Set([...architectures, ...Object.keys(testing?.otherArchitectures ?? {})]);
  const parts = [`architectures=${[...all].join(',')}`, `cpu=${executor.cpu}`, `cores=${executor.cores}`];
  if (measured !== undefined) {
    parts.push(`contended=${measured.contendedShare.toFixed(3)}`, `raw=${measured.rawDurationMs.toFixed(2)}`);
  }
  return parts.join('; ');
}
