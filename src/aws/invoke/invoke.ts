import { InvokeCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Attempt, Deployment } from '../../model/platform.ts';
import { exceptionHint } from '../client/exceptionHints.ts';
import { callFailed, isAbort, isCredentialError, isDenied, networkCode, serviceError } from '../client/failure.ts';
import { quoteService, textsOf } from '../client/quote.ts';
import { isSignatureTime } from '../client/signatureTime.ts';
import { classOf } from './invokeErrors.ts';
import { invokeStreamed } from './invokeStreamed.ts';
import { checkVersion, type InvokeSettings, invocationOf } from './settings.ts';

/** @throws TuneError for what no repetition cures: permissions, credentials, a broken shadow */
export async function invokeOnce(
  settings: InvokeSettings,
  deployment: Deployment,
  body: string,
  signal: AbortSignal,
): Promise<Attempt> {
  const startedAt = settings.now();
  try {
    return await (settings.streams ? invokeStreamed : invokeWhole)(settings, deployment, body, signal);
  } catch (error) {
    const secrets = [...settings.secrets, ...textsOf(body)];
    return failedAttempt(error, { ...settings, secrets }, deployment, startedAt);
  }
}

async function invokeWhole(
  settings: InvokeSettings,
  deployment: Deployment,
  body: string,
  signal: AbortSignal,
): Promise<Attempt> {
  const startedAt = settings.now();
  const answer = await settings.client.send(new InvokeCommand(invocationOf(deployment, body)), { abortSignal: signal });
  const requestId = answer.$metadata.requestId;
  if (requestId === undefined) return { kind: 'lost', startedAt, reason: 'the answer carried no request id' };
  checkVersion(answer.ExecutedVersion, deployment);
  return {
    kind: 'answered',
    requestId,
    hostTime: settings.hostTimeOf(requestId),
    startedAt,
    functionError: answer.FunctionError,
    responseBody: answer.Payload === undefined ? '' : Buffer.from(answer.Payload).toString('utf8'),
    logTail: answer.LogResult === undefined ? undefined : Buffer.from(answer.LogResult, 'base64').toString('utf8'),
  };
}

function failedAttempt(error: unknown, settings: InvokeSettings, deployment: Deployment, startedAt: Date): Attempt {
  if (error instanceof TuneError) throw error;
  const { name, message, status } = serviceError(error);
  const requestId = requestIdOf(error);
  const lost = (reason: string): Attempt => ({
    kind: 'lost',
    startedAt,
    reason,
    requestId,
  });

  if (isAbort(error)) return lost('no longer waited for: the run was stopping');
  const said = `${name}: ${quoteService(message, settings.secrets)}`;
  const call = {
    operation: settings.streams ? 'Lambda.InvokeWithResponseStream' : 'Lambda.Invoke',
    resource: deployment.functionName,
    secrets: settings.secrets,
  };
  // The clock was set, or is wrong: the SDK has read the service's time from this answer, and the next request carries it.
  if (isSignatureTime(error)) return { kind: 'notReady', reason: `AWS refuses the time of this machine: ${said}` };
  if (isCredentialError(error) || isDenied(error)) throw callFailed(error, call);
  if (status === undefined) {
    const code = networkCode(error);
    // Nothing was sent: no connection came about, so the function did not run.
    if ((code !== undefined && notConnected.has(code)) || /did not establish a connection/.test(message)) {
      return { kind: 'notReady', reason: `Lambda could not be reached (${code ?? name})` };
    }
    return lost(`the connection ended without an answer (${code ?? name})`);
  }
  switch (classOf(name, status)) {
    case 'throttled':
      return throttledAttempt(error, said);
    case 'notReady':
      return { kind: 'notReady', reason: said };
    case 'gone':
      if (settings.isNew(deployment)) return { kind: 'notReady', reason: said };
      throw new TuneError(
        'SHADOW',
        `The copy ${deployment.functionName} has vanished: somebody else removed it (${said}).`,
      );
    case 'payload':
      throw new TuneError('PAYLOAD', `Lambda does not take the payload (${said}).`, {
        hint: 'A payload may have up to 6 MB of valid JSON.',
      });
    case 'quota':
      throw new TuneError('QUOTA', `A quota of the account ended the run (${said}).`);
    case 'permanent': {
      const hint = exceptionHint(name);
      throw new TuneError(
        'SHADOW',
        `The copy at ${deployment.configuration.memoryMb} MB cannot be invoked (${said}).`,
        hint === undefined ? {} : { hint },
      );
    }
    case 'uncertain':
      return lost(`Lambda failed to answer (${said})`);
  }
}

/** Node's codes for a connection that never came about; the SDK's own connection timeout has none, only its message. */
const notConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function throttledAttempt(error: unknown, said: string): Attempt {
  const fields: { Reason?: unknown; retryAfterSeconds?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  const seconds = Number(fields.retryAfterSeconds);
  return {
    kind: 'throttled',
    reason: typeof fields.Reason === 'string' && /^\w{1,80}$/.test(fields.Reason) ? fields.Reason : said,
    retryAfterMs: seconds > 0 && seconds <= 60 ? seconds * 1000 : undefined,
  };
}

function requestIdOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return undefined;
  return typeof metadata.requestId === 'string' ? metadata.requestId : undefined;
}
