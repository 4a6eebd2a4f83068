import { type FunctionConfiguration, GetFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Configuration } from '../../model/configuration.ts';
import { factsAs } from '../../model/variant.ts';
import { numberOf } from '../../text/numberOf.ts';
import { checkedFunction } from '../client/answers.ts';
import { denialHints } from '../client/denialCause.ts';
import { exceptionHint } from '../client/exceptionHints.ts';
import { callFailed, isNotFound } from '../client/failure.ts';
import { quoteService } from '../client/quote.ts';
import { pause } from '../client/stopping.ts';
import type { ShadowContext } from './context.ts';
import { pauseBeforeLookMs, type Settling } from './pace.ts';

/** A new function may not be visible at once (eventual consistency). */
const unseenMs = 30_000;
/** Creating in a VPC takes a minute or so; taking a snapshot (SnapStart) may take as long as the SDK's own waiter allows. */
const patienceMs = { plain: 10 * 60_000, snapStart: 26 * 60_000 } as const;

export interface Waiting {
  readonly functionName: string;
  readonly configuration: Configuration;
  /** Undefined: `$LATEST`. */
  readonly version?: string | undefined;
  /** What the service was asked for. */
  readonly settling: Settling;
}

/**
 * Waits until the version is active and no update of it is in progress. Polls with GetFunction, which has a quota of its own;
 * the stock waiters use GetFunctionConfiguration and swallow denials until they time out. Of several that wait for the same
 * kind of thing only the first polls; the others know from it when to look.
 * @throws TuneError SHADOW when it ends in state Failed or takes too long; AbortError
 */
export async function waitUntilReady(
  context: ShadowContext,
  { functionName, configuration, version, settling }: Waiting,
  signal: AbortSignal,
): Promise<FunctionConfiguration> {
  const { clock, clients } = context;
  const pace = context.paces[settling];
  const startedMs = clock.monotonicMs();
  const limitMs = factsAs(context.facts, configuration).snapStart ? patienceMs.snapStart : patienceMs.plain;
  if (!pace.lead()) return poll(await pace.expectedMs(signal));
  try {
    return await poll(undefined, pace.found);
  } catch (error) {
    pace.gaveUp();
    throw error;
  }

  async function poll(
    expectedMs: number | undefined,
    found: (settledMs: number) => void = () => undefined,
  ): Promise<FunctionConfiguration> {
    let sentMs: number | undefined;
    for (;;) {
      const nowMs = clock.monotonicMs();
      const sinceLookMs = sentMs === undefined ? undefined : nowMs - sentMs;
      const waited = { elapsedMs: nowMs - startedMs, sinceLookMs, expectedMs, random: clock.random() };
      await pause(clock, pauseBeforeLookMs(waited), signal);
      sentMs = clock.monotonicMs();
      const configuration = await look();
      // When it was answered: no longer than that, so that those which wait for it look once.
      const elapsedMs = clock.monotonicMs() - startedMs;
      if (configuration !== undefined && isReady(configuration, context)) {
        found(elapsedMs);
        return configuration;
      }
      if (configuration === undefined && elapsedMs > unseenMs) {
        throw new TuneError('SHADOW', `The copy ${functionName} has vanished: somebody else removed it.`);
      }
      if (elapsedMs > limitMs) {
        throw new TuneError(
          'SHADOW',
          `The copy ${functionName} did not become active within ${numberOf(Math.round(limitMs / 60_000), 'minute')}.`,
        );
      }
    }
  }

  async function look(): Promise<FunctionConfiguration | undefined> {
    const request = { FunctionName: functionName, Qualifier: version };
    try {
      const answer = await clients.lambda.send(new GetFunctionCommand(request), { abortSignal: signal });
      return checkedFunction(answer).Configuration ?? {};
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw signal.aborted
        ? error
        : callFailed(error, { operation: 'Lambda.GetFunction', resource: functionName, secrets: context.secrets });
    }
  }
}

/** @throws TuneError SHADOW for a state that never becomes Active */
export function isReady(configuration: FunctionConfiguration, { secrets }: Pick<ShadowContext, 'secrets'>): boolean {
  if (configuration.State === 'Failed' || configuration.LastUpdateStatus === 'Failed') {
    const code = configuration.StateReasonCode ?? configuration.LastUpdateStatusReasonCode ?? 'no reason code';
    const reason = configuration.StateReason ?? configuration.LastUpdateStatusReason ?? '';
    // Reason codes are the names of Invoke's exceptions without their last word.
    const hint = code === 'ImageAccessDenied' ? denialHints.imageAccess : exceptionHint(`${code}Exception`);
    throw new TuneError(
      'SHADOW',
      `Lambda could not prepare the copy at ${configuration.MemorySize} MB (${code}): ${quoteService(reason, secrets)}`,
      hint === undefined ? {} : { hint },
    );
  }
  // Endpoints without states say nothing.
  return (configuration.State ?? 'Active') === 'Active' && configuration.LastUpdateStatus !== 'InProgress';
}

/** The same of the answer to a change, which must say so itself: where it leaves the state out, a look tells. */
export function saysReady(answer: FunctionConfiguration, context: Pick<ShadowContext, 'secrets'>): boolean {
  return answer.State === 'Active' && answer.LastUpdateStatus === 'Successful' && isReady(answer, context);
}
