import { errorAnswer } from '../http/errorAnswer.ts';
import { type ApiRequest, parameter, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { InterceptedCall } from '../intercept.ts';
import { throttled } from '../lambda-api/admission.ts';
import { logsAnswer } from '../logs-api/logPages.ts';
import { locate, requireSettled } from '../service/functionLookup.ts';
import type { VersionRecord } from '../service/model.ts';
import { functionArn, parseFunctionName, withQualifier } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { denialOf, withoutForbiddenTags } from './policy.ts';
import { bodyMembers } from './resource.ts';
import type { CallInfo, TestingOptions } from './testing.ts';

/** What a call does in the account that a test asks for: what it is refused, and how its answer differs. */

/** Counted over the calls. */
export interface Counters {
  invokeCalls: number;
  unseen: number;
}

type Perform = (request: ApiRequest) => Promise<WireAnswer>;

export async function effectOf(
  testing: TestingOptions,
  counters: Counters,
  call: InterceptedCall,
  info: CallInfo,
  perform: Perform,
): Promise<WireAnswer> {
  const { service, route, request } = call;
  try {
    refuse(testing, counters, call);
  } catch (error) {
    if (error instanceof ServiceFailure) return errorAnswer(route.service, error, request.requestId);
    throw error;
  }
  switch (route.operation) {
    case 'ListFunctions':
      return rewritten(testing, info, await perform(smallerPages(testing, request)));
    case 'FilterLogEvents':
      return rewritten(testing, info, await afterEmptyPages(testing, request, perform));
    case 'GetFunction':
      return rewritten(testing, info, withoutForbiddenTags(testing, service, request, await perform(request)));
    default:
      return rewritten(testing, info, await perform(request));
  }
}

/** @throws ServiceFailure */
function refuse(testing: TestingOptions, counters: Counters, { service, route, request }: InterceptedCall): void {
  const denied = denialOf(testing, service, route, request);
  if (denied !== undefined) throw denied;
  if (route.service === 's3' && route.operation !== 'CreateBucket') refuseOtherRegion(testing, request);
  if (route.service !== 'lambda') return;
  if (route.operation === 'Invoke' || route.operation === 'InvokeWithResponseStream') {
    counters.invokeCalls += 1;
    const every = testing.throttleEveryNthInvoke;
    if (every !== undefined && counters.invokeCalls % every === 0) throw throttled('ConcurrentInvocationLimitExceeded');
    return;
  }
  const name = request.parameters.FunctionName ?? request.parameters.Resource;
  if (name !== undefined) refuseUnseen(testing, counters, service, request, name);
  if (route.operation === 'DeleteFunction' && testing.states?.refuseDeleteWhilePending === true) {
    requireSettled(service, locate(service, request, 'DeleteFunction').target);
  }
}

function refuseOtherRegion({ bucketRegions }: TestingOptions, request: ApiRequest): void {
  const bucketRegion = bucketRegions?.[parameter(request, 'Bucket')];
  if (bucketRegion === undefined) return;
  throw new ServiceFailure(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { bucketRegion },
  );
}

/** Hosts learn of a new function or version one by one: every other call meets one that has not. */
function refuseUnseen(
  { states }: TestingOptions,
  counters: Counters,
  service: Service,
  request: ApiRequest,
  name: string,
): void {
  const unseenMs = states?.unseenMs;
  if (unseenMs === undefined) return;
  const reference = parseFunctionName(name, service.account, request.operation);
  const { functionName, qualifier } = withQualifier(reference, request.query.get('Qualifier'));
  const target = service.functions.get(functionName);
  const isUnseen = (version: VersionRecord | undefined): boolean => {
    if (version === undefined || service.clock.now() - version.lastModifiedMs >= unseenMs) return false;
    counters.unseen += 1;
    return counters.unseen % 2 === 1;
  };
  const made = target?.versions.get('1') ?? target?.latest;
  const asked = qualifier === undefined ? undefined : target?.versions.get(qualifier);
  if (!isUnseen(made) && !isUnseen(asked)) return;
  const message = `Function not found: ${functionArn(service.account, functionName, qualifier)}`;
  throw new ServiceFailure(404, 'ResourceNotFoundException', message);
}

function smallerPages({ listFunctionsPageSize }: TestingOptions, request: ApiRequest): ApiRequest {
  if (listFunctionsPageSize === undefined) return request;
  const query = new URLSearchParams(request.query);
  query.set(
    'MaxItems',
    String(Math.min(listFunctionsPageSize, Number(query.get('MaxItems') ?? listFunctionsPageSize))),
  );
  return { ...request, query };
}

async function afterEmptyPages({ logs }: TestingOptions, request: ApiRequest, perform: Perform): Promise<WireAnswer> {
  const { nextToken, ...first } = bodyMembers(request);
  const asked = /^empty (\d+)$/.exec(String(nextToken))?.[1];
  if (nextToken !== undefined && asked === undefined) return perform(request);
  const answer = await perform({ ...request, body: Buffer.from(JSON.stringify(first)) });
  const page = Number(asked ?? 0);
  if (answer.status !== 200 || page >= (logs?.emptyPages ?? 0)) return answer;
  return logsAnswer({ events: [], searchedLogStreams: [], nextToken: `empty ${page + 1}` });
}

function rewritten({ rewrite }: TestingOptions, call: CallInfo, answer: WireAnswer): WireAnswer {
  // An Invoke's body is the function's own, and a package is no JSON.
  if (rewrite === undefined || call.operation.startsWith('Invoke') || typeof answer.body !== 'string') return answer;
  if (answer.status >= 400 || !(answer.headers?.['content-type'] ?? '').includes('json')) return answer;
  return { ...answer, body: JSON.stringify(rewrite(call, JSON.parse(answer.body))) };
}
