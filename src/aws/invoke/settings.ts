import type { LambdaClient } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { HostTime } from '../../model/measurement.ts';
import type { Deployment } from '../../model/platform.ts';
import { quoteService, type Secrets } from '../client/quote.ts';

/** What invoking rests on, in one piece or streamed. */
export interface InvokeSettings {
  /** With one attempt: the SDK must not repeat an Invoke, because that runs the function again. */
  readonly client: LambdaClient;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly secrets: Secrets;
  /** The answer is read while the function writes it. */
  readonly streams: boolean;
  /** What the embedded endpoint said of a call's time. */
  hostTimeOf(requestId: string): HostTime | undefined;
  /** The shadow was made moments ago, so that not every host of the service may know it yet. */
  isNew(deployment: Deployment): boolean;
}

/** What is sent, for an answer in one piece or streamed. */
export function invocationOf({ functionName, version }: Deployment, body: string) {
  return {
    FunctionName: functionName,
    Qualifier: version,
    InvocationType: 'RequestResponse',
    LogType: 'Tail',
    Payload: Buffer.from(body),
  } as const;
}

/** @throws TuneError SHADOW when another version answered */
export function checkVersion(executed: string | undefined, { functionName, version }: Deployment): void {
  if (executed === undefined || executed === version) return;
  throw new TuneError(
    'SHADOW',
    `Version ${version} of ${functionName} was asked for, ${quoteService(executed)} answered.`,
  );
}
