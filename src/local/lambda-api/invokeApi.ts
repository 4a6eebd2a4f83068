import { present } from '../../base/present.ts';
import { maxEventPayloadBytes, maxResponseBytes, maxSyncPayloadBytes } from '../http/limits.ts';
import {
  type ApiRequest,
  emptyAnswer,
  invalidParameter,
  parameter,
  requestTooLarge,
  ServiceFailure,
  type WireAnswer,
} from '../http/wire.ts';
import type { ExecutionResult } from '../service/execution.ts';
import { type InvocationInput, type InvocationOutcome, runInvocation } from '../service/invocation.ts';
import type { VersionRecord } from '../service/model.ts';
import { parseFunctionName, withQualifier } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { checkConcurrency, findInvoked, type Invoked } from './admission.ts';

/** Invoke: RequestResponse (200), Event (202) and DryRun (204). */
export async function invoke(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const type = oneOf(request, 'x-amz-invocation-type', ['Event', 'RequestResponse', 'DryRun']) ?? 'RequestResponse';
  const withTail = wantsTail(request);
  const prepared = prepare(service, request, type);
  if (type === 'DryRun') return emptyAnswer(204);
  const { invoked, input } = prepared;
  checkConcurrency(service, invoked);
  const running = runInvocation(service, invoked.target, invoked.version, input);
  if (type === 'Event') {
    // The service would repeat a failed asynchronous invocation twice, minutes later; here it runs once.
    running.catch(() => undefined);
    return emptyAnswer(202);
  }
  return answerOf(await running, invoked.version, withTail);
}

/** @throws ServiceFailure */
export function prepare(
  service: Service,
  request: ApiRequest,
  type: string,
): { readonly invoked: Invoked; readonly input: InvocationInput } {
  const name = parseFunctionName(parameter(request, 'FunctionName'), service.account, 'InvokeFunction');
  const invoked = findInvoked(service, withQualifier(name, request.query.get('Qualifier')));
  const body = checkedPayload(request.body, type, request.operation);
  const input = {
    ...{ requestId: request.requestId, body, invokedFunctionArn: invoked.arn },
    clientContext: header(request, 'x-amz-client-context'),
    traceHeader: header(request, 'x-amzn-trace-id'),
  };
  return { invoked, input };
}

export function wantsTail(request: ApiRequest): boolean {
  return oneOf(request, 'x-amz-log-type', ['None', 'Tail']) === 'Tail';
}

/** What a caller is told: an answer in one piece is bounded. */
export function toldOf(result: ExecutionResult): Pick<ExecutionResult, 'payload' | 'functionError'> {
  if (result.payload.length <= maxResponseBytes) return result;
  const payload = JSON.stringify({
    errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
    errorType: 'Function.ResponseSizeTooLarge',
  });
  return { payload: Buffer.from(payload), functionError: 'Unhandled' };
}

function answerOf({ result, tail }: InvocationOutcome, version: VersionRecord, withTail: boolean): WireAnswer {
  const { payload, functionError } = toldOf(result);
  return {
    status: 200,
    headers: present({
      'content-type': 'application/json',
      'x-amzn-remapped-content-length': '0',
      'x-amz-executed-version': version.version,
      'x-amz-function-error': functionError,
      'x-amz-log-result': withTail ? tail?.toString('base64') : undefined,
    }),
    body: payload,
    measured: result,
  };
}

function checkedPayload(body: Buffer, type: string, operation: string): Buffer {
  const limit = type === 'Event' ? maxEventPayloadBytes : maxSyncPayloadBytes;
  if (body.length > limit) throw requestTooLarge(limit, operation);
  if (body.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ServiceFailure(
      400,
      'InvalidRequestContentException',
      'Could not parse request body into json: Could not parse payload into json',
    );
  }
  return body;
}

/** @throws ServiceFailure InvalidParameterValueException, the only one that the model has here for a parameter */
function oneOf(request: ApiRequest, name: string, allowed: readonly string[]): string | undefined {
  const given = header(request, name);
  if (given === undefined || allowed.includes(given)) return given;
  throw invalidParameter(
    `Value '${given}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}

export function header(request: ApiRequest, name: string): string | undefined {
  const found = request.headers[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
