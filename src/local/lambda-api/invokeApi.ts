import { present } from '../../base/present.ts';
import { maxEventPayloadBytes, maxSyncPayloadBytes } from '../http/limits.ts';
import {
  type Answer,
  type ApiRequest,
  conflict,
  emptyAnswer,
  notFound,
  parameter,
  requestTooLarge,
  ServiceFailure,
} from '../http/wire.ts';
import { type InvocationOutcome, runInvocation } from '../service/invocation.ts';
import { type FunctionRecord, stateOf, updateInProgress, type VersionRecord } from '../service/model.ts';
import { functionArn, parseFunctionName, withQualifier } from '../service/names.ts';
import { type Service, unreservedConcurrency } from '../service/service.ts';

/** Invoke: RequestResponse (200), Event (202) and DryRun (204). */
export async function invoke(service: Service, request: ApiRequest): Promise<Answer> {
  const reference = withQualifier(
    parseFunctionName(parameter(request, 'FunctionName'), service.account, 'InvokeFunction'),
    request.query.get('Qualifier'),
  );
  const { functionName, qualifier } = reference;
  const arn = functionArn(service.account, functionName, qualifier);
  const target = service.functions.get(functionName);
  if (target === undefined) throw notFound(`Function not found: ${arn}`);
  const version = servingVersion(service, target, qualifier);
  if (version === undefined) throw notFound(`Function not found: ${arn}`);
  checkReady(service, version, arn);
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  const body = checkedPayload(request.body, type);
  if (type === 'DryRun') return emptyAnswer(204);
  checkConcurrency(service, target);
  const clientContext = header(request, 'x-amz-client-context');
  const input = {
    requestId: request.requestId,
    body,
    invokedFunctionArn: arn,
    clientContext,
  };
  const running = runInvocation(service, target, version, input);
  if (type === 'Event') {
    // The service would repeat a failed asynchronous invocation twice, minutes later; here it runs once.
    running.catch(() => undefined);
    return emptyAnswer(202);
  }
  return answerOf(await running, version, header(request, 'x-amz-log-type') === 'Tail');
}

function answerOf({ result, tail }: InvocationOutcome, version: VersionRecord, wantsTail: boolean): Answer {
  const tooLarge = result.payload.length > maxSyncPayloadBytes + 100;
  const payload = tooLarge
    ? JSON.stringify({
        errorMessage: `Response payload size exceeded maximum allowed payload size (${maxSyncPayloadBytes + 100} bytes).`,
        errorType: 'Function.ResponseSizeTooLarge',
      })
    : result.payload;
  const functionError = tooLarge ? 'Unhandled' : result.functionError;
  return {
    status: 200,
    headers: present({
      'content-type': 'application/json',
      'x-amzn-remapped-content-length': '0',
      'x-amz-executed-version': version.version,
      'x-amz-function-error': functionError,
      'x-amz-log-result': wantsTail ? tail?.toString('base64') : undefined,
    }),
    body: payload,
    measured: result,
  };
}

/** The version that an alias, a number or nothing leads to; while `$LATEST` is being updated, the one before. */
function servingVersion(service: Service, target: FunctionRecord, qualifier = '$LATEST'): VersionRecord | undefined {
  if (qualifier === '$LATEST') {
    const { latest, previousLatest } = target;
    return previousLatest !== undefined && updateInProgress(latest, service.clock.now()) ? previousLatest : latest;
  }
  const alias = target.aliases.get(qualifier);
  if (alias === undefined) return target.versions.get(qualifier);
  let draw = service.random();
  for (const [version, weight] of Object.entries(alias.weights)) {
    if (draw < weight) return versionOf(target, version);
    draw -= weight;
  }
  return versionOf(target, alias.functionVersion);
}

function versionOf(target: FunctionRecord, version: string): VersionRecord | undefined {
  return version === '$LATEST' ? target.latest : target.versions.get(version);
}

function checkReady(service: Service, version: VersionRecord, arn: string): void {
  const state = stateOf(version, service.clock.now());
  if (state === 'Active') return;
  throw conflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}: ${arn}`,
  );
}

/** Runs against the function's reserved concurrency, or the pool that all others share. */
function checkConcurrency(service: Service, target: FunctionRecord): void {
  const { reservedConcurrency } = target;
  if (reservedConcurrency !== undefined) {
    if ((service.inFlight.get(target.functionName) ?? 0) >= reservedConcurrency) {
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    return;
  }
  let shared = 0;
  for (const [functionName, count] of service.inFlight) {
    if (service.functions.get(functionName)?.reservedConcurrency === undefined) shared += count;
  }
  if (shared >= unreservedConcurrency(service)) throw throttled('ConcurrentInvocationLimitExceeded');
}

export function throttled(reason: string): ServiceFailure {
  return new ServiceFailure(429, 'TooManyRequestsException', 'Rate Exceeded.', { reason, retryAfterS: 1 });
}

function checkedPayload(body: Buffer, type: string): Buffer {
  const limit = type === 'Event' ? maxEventPayloadBytes : maxSyncPayloadBytes;
  if (body.length > limit) throw requestTooLarge(limit, 'InvokeFunction');
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

function header(request: ApiRequest, name: string): string | undefined {
  const found = request.headers[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
