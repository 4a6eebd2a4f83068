import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteFunctionCommand, GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { AwsClients } from '../client/client.ts';
import { callFailed, isCredentialError, isDenied, isNamed, isNotFound, serviceError } from '../client/failure.ts';
import { isUnreadable } from '../client/retry.ts';
import type { ShadowClock } from '../client/stopping.ts';
import type { ShadowEvent } from './context.ts';
import { deleteStagedObject, type StagedObject } from './stagedRemoval.ts';

/** What removing things needs of the run, or of the clean-up of another. */
export interface RemovalContext {
  readonly clients: Pick<AwsClients, 'lambda' | 'logs' | 's3'>;
  readonly clock: ShadowClock;
  readonly onEvent: (event: ShadowEvent) => void;
  /** Monotonic time after which nothing is tried again; read before each attempt. */
  readonly deadlineMs: number;
}

/** `reason`: why it is still there. Undefined: it is gone. */
export type Removal = { readonly reason: string } | undefined;

const firstPauseMs = 250;
const longestPauseMs = 5000;
/** Failures of the network and of the service are tried again for that long, beyond the SDK's own attempts. */
const troublePatienceMs = 15_000;
/** What was made so short a time ago is not believed gone: not every host of the service may know it [infer]. */
const unseenMs = 5000;

/**
 * Deletes a function with all its versions. While it is being created Lambda may answer 409 [infer]: that passes. `madeAtMs`
 * (monotonic): of one that this process made, and that hosts of the service may not know yet.
 */
export function removeFunction(context: RemovalContext, functionName: string, madeAtMs?: number): Promise<Removal> {
  return removing(
    context,
    { operation: 'Lambda.DeleteFunction', resource: functionName },
    () => context.clients.lambda.send(new DeleteFunctionCommand({ FunctionName: functionName })),
    () => context.clients.lambda.send(new GetFunctionCommand({ FunctionName: functionName })),
    madeAtMs === undefined ? undefined : madeAtMs + unseenMs,
  );
}

/** Deletes one published version of a function. */
export function removeVersion(context: RemovalContext, functionName: string, version: string): Promise<Removal> {
  return removing(context, { operation: 'Lambda.DeleteFunction', resource: `${functionName}:${version}` }, () =>
    context.clients.lambda.send(new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: version })),
  );
}

/** `isKnown`: it was there, so one word that it is not is not enough. */
export function removeLogGroup(
  context: RemovalContext,
  logGroup: string,
  { isKnown }: { readonly isKnown: boolean },
): Promise<Removal> {
  const send = () => context.clients.logs.send(new DeleteLogGroupCommand({ logGroupName: logGroup }));
  const call = { operation: 'CloudWatchLogs.DeleteLogGroup', resource: logGroup };
  return removing(context, call, send, isKnown ? send : undefined);
}

export function removeStagedObject(context: RemovalContext, object: StagedObject): Promise<Removal> {
  const call = { operation: 'S3.DeleteObject', resource: `s3://${object.bucket}/${object.key}` };
  return removing(context, call, async () => deleteStagedObject(await context.clients.s3(), object));
}

/**
 * Never rejects. `look`: asked when the service says that the thing does not exist, because what was made moments ago may not
 * be known to all of its hosts; before `knownFromMs` neither answer is believed.
 */
async function removing(
  context: RemovalContext,
  call: { readonly operation: string; readonly resource: string },
  send: () => Promise<unknown>,
  look?: () => Promise<unknown>,
  knownFromMs = Number.NEGATIVE_INFINITY,
): Promise<Removal> {
  const { clock, onEvent } = context;
  onEvent({ kind: 'account', action: 'removing', name: call.resource });
  const startedMs = clock.monotonicMs();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      await send();
      break;
    } catch (error) {
      if (isNotFound(error) && !(look !== undefined && (await isStillThere(look)))) {
        if (clock.monotonicMs() >= knownFromMs) break;
      }
      const nowMs = clock.monotonicMs();
      const limitMs = isBusy(error) ? context.deadlineMs : Math.min(context.deadlineMs, startedMs + troublePatienceMs);
      if (isFinal(error) || nowMs + pauseMs > limitMs) return { reason: callFailed(error, call).message };
    }
    await clock.sleep(pauseMs);
  }
  onEvent({ kind: 'account', action: 'removed', name: call.resource });
  return undefined;
}

/** Who may not look believes what was said first. */
async function isStillThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch {
    return false;
  }
}

function isBusy(error: unknown): boolean {
  return serviceError(error).status === 409 || isNamed(error, 'ResourceConflictException', 'OperationAbortedException');
}

function isFinal(error: unknown): boolean {
  // A function that is not found, and found: the hosts of the service disagree for a moment.
  // What cannot be read is not the service's word, whatever its status.
  if (isBusy(error) || isNotFound(error) || isUnreadable(error)) return false;
  const { status } = serviceError(error);
  return (
    isDenied(error) ||
    isCredentialError(error) ||
    (status !== undefined && status >= 400 && status < 500 && status !== 429)
  );
}
