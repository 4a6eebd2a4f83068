import { maxSyncPayloadBytes } from '../http/limits.ts';
import { signatureTimeRefusal } from '../http/signatureDate.ts';
import { newTraceRoot } from '../http/traceHeader.ts';
import { requestTooLarge, ServiceFailure } from '../http/wire.ts';
import { checkConcurrency, findInvoked } from '../lambda-api/admission.ts';
import { toldOf } from '../lambda-api/invokeApi.ts';
import { type StreamedInvocation, startStreamed } from '../lambda-api/streamedInvocation.ts';
import { runInvocation } from '../service/invocation.ts';
import type { UrlSettings } from '../service/model.ts';
import { callerArn, type FunctionReference } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { splitPrelude } from './prelude.ts';
import { answerOfPayload, badGateway, type HttpAnswer, type HttpHead, headOfPrelude } from './urlAnswer.ts';
import { type UrlContext, type UrlRequest, urlEvent } from './urlEvent.ts';

export type UrlAnswer = HttpAnswer | (HttpHead & { readonly stream: AsyncIterable<Uint8Array> });

interface Addressed {
  readonly urlId: string;
  readonly requestId: string;
  readonly settings: UrlSettings;
}

/** One request to a function URL, from who may call to the function's answer. @throws ServiceFailure */
export async function answerUrl(
  service: Service,
  reference: FunctionReference,
  { urlId, requestId, settings }: Addressed,
  request: UrlRequest,
): Promise<UrlAnswer> {
  const caller = settings.authType === 'AWS_IAM' ? signedCaller(service, request) : undefined;
  const invoked = findInvoked(service, reference);
  checkConcurrency(service, invoked);
  const atMs = service.clock.now();
  const sentTrace = request.headers['x-amzn-trace-id'];
  const traceHeader = typeof sentTrace === 'string' ? sentTrace : `Root=${newTraceRoot(new Date(atMs))}`;
  const event = urlEvent(request, { requestId, urlId, atMs, traceHeader, caller });
  const body = Buffer.from(JSON.stringify(event));
  if (body.length > maxSyncPayloadBytes) throw requestTooLarge(maxSyncPayloadBytes, 'InvokeFunctionUrl');
  const input = { requestId, body, invokedFunctionArn: invoked.arn, traceHeader };
  if (settings.invokeMode === 'RESPONSE_STREAM') return streamedAnswer(startStreamed(service, invoked, input));
  const { result } = await runInvocation(service, invoked.target, invoked.version, input);
  const { payload, functionError } = toldOf(result);
  return functionError === undefined ? answerOfPayload(payload) : badGateway;
}

/** As everywhere here, a signature has to be there and of this time; it is not verified. */
function signedCaller(service: Service, { headers, target }: UrlRequest): UrlContext['caller'] {
  const inQuery = /[?&]X-Amz-Credential=([^&%]+)/.exec(target)?.[1];
  const inHeader = /^AWS4-\S+ Credential=([^/,\s]+)/.exec(headers.authorization ?? '')?.[1];
  const accessKey = inHeader ?? inQuery;
  if (accessKey === undefined) throw new ServiceFailure(403, 'AccessDeniedException', 'Forbidden');
  const mistimed = signatureTimeRefusal('lambda', headers, service.clock.now());
  if (mistimed !== undefined) throw mistimed;
  return { accountId: service.account.accountId, arn: callerArn(service.account), accessKey };
}

/**
 * What is not streamed is passed on as it is: with this mode the service does not look for a status code in it (seen on AWS:
 * github.com/hotsock/voker, examples/runtime-probe).
 */
async function streamedAnswer(running: StreamedInvocation): Promise<UrlAnswer> {
  const { began } = running;
  const contentType = await began;
  if (contentType === undefined) {
    const { payload, functionError } = toldOf((await running.outcome).result);
    if (functionError !== undefined) return badGateway;
    return { status: 200, headers: [['content-type', 'application/json']], body: payload };
  }
  const whole = untilBroken(running);
  if (!contentType.startsWith('application/vnd.awslambda.http-integration-response')) {
    return { status: 200, headers: [['content-type', contentType]], stream: whole };
  }
  const split = await splitPrelude(whole).catch(() => undefined);
  const head = split && headOfPrelude(split.prelude);
  if (split !== undefined && head !== undefined) return { ...head, stream: split.body };
  running.abandon();
  return badGateway;
}

/**
 * A function that fails half-way and says so in the trailers has ended its answer: the client gets what was sent, and nothing that
 * tells it from a whole one (seen on AWS, for an error and for a panic: github.com/hotsock/voker, examples/runtime-probe). One that
 * ends without a word (killed, timed out) breaks it off. [infer]
 */
async function* untilBroken({ chunks, outcome, isWhole }: StreamedInvocation): AsyncGenerator<Buffer, void> {
  yield* chunks;
  const { result } = await outcome;
  if (result.functionError !== undefined && !isWhole()) {
    throw new Error('The function failed while it streamed its answer');
  }
}
