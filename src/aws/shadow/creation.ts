import { CreateFunctionCommand, type FunctionConfiguration, GetFunctionCommand } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Configuration } from '../../model/configuration.ts';
import { checkedConfiguration, checkedFunction } from '../client/answers.ts';
import { uploadOptionsFor } from '../client/client.ts';
import { callFailed, isNotFound, isUncertain, serviceError } from '../client/failure.ts';
import { tagKeys } from '../client/names.ts';
import { aborted, pause, type StopSignals, stopIfAborted } from '../client/stopping.ts';
import type { Presence, ShadowContext } from './context.ts';
import { creationFailed, isAlreadyThere, isBusy, isRoleNotReady } from './creationFailure.ts';
import type { ShadowCode } from './shadowCode.ts';
import { shadowRequest } from './shadowRequest.ts';

export interface Creation {
  readonly functionName: string;
  readonly configuration: Configuration;
  /** Kept up to date, so that removal knows what to look for whatever happens here. */
  readonly presence: Presence;
}

/** A version that was published, as the service answered. It may still be Pending. */
export interface Created {
  readonly version: string;
  readonly answer: FunctionConfiguration;
}

const patienceMs = 60_000;
const firstPauseMs = 500;
const longestPauseMs = 5000;
/** Created, but not visible yet: how often to look again for what a lost answer may have made. */
const lookAgain = 4;

/**
 * Creates a shadow and publishes its first version in one call.
 * @throws TuneError; AbortError
 */
export async function createShadow(
  context: ShadowContext,
  { functionName, configuration, presence }: Creation,
  code: ShadowCode,
  signals: StopSignals,
): Promise<Created> {
  const { clients, clock, journal, run, facts, options } = context;
  const { env, tags, copyTags } = options;
  const changes = { env, tags, copyTags, overlay: options.overlayOf?.(configuration) };
  const request = shadowRequest({
    snapshot: context.source.reveal(),
    run: { ...run, expiresAt: context.expiresAt() },
    changes,
    configuration,
    functionName,
    logGroup: context.logGroup,
    code: code.code,
  });
  const call = { operation: 'Lambda.CreateFunction', resource: functionName, secrets: context.secrets };

  stopIfAborted(signals.stop);
  // Once an attempt went unanswered, no later refusal says that nothing was made. The SDK's own attempts count.
  let inDoubt = false;
  const resource = { kind: 'function', name: functionName, region: facts.region } as const;
  journal.intend(resource);
  context.onEvent({ kind: 'account', action: 'creating', name: functionName });
  presence.is = 'perhaps';
  const answer = await untilAccepted();
  presence.is = 'there';
  presence.sinceMs = clock.monotonicMs();
  journal.made(resource);
  context.onEvent({ kind: 'account', action: 'created', name: functionName });
  checkedConfiguration(answer, 'CreateFunction');
  checkCode(answer, code);
  return { version: versionOf(answer), answer };

  async function untilAccepted(): Promise<FunctionConfiguration> {
    const startedMs = clock.monotonicMs();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      try {
        return await clients.lambda.send(new CreateFunctionCommand(request), {
          ...uploadOptionsFor(code.code.ZipFile?.length ?? 0),
          abortSignal: signals.hardStop,
        });
      } catch (error) {
        if (signals.hardStop.aborted) throw aborted();
        const there = isAlreadyThere(error);
        inDoubt ||= isUncertain(error) || serviceError(error).attempts > 1;
        if (there || inDoubt) {
          // An earlier attempt may have been accepted while its answer was lost.
          const adopted = await lookForOwn(there);
          if (adopted) return adopted;
        }
        if (there) throw absent(nameTaken(functionName, run.id));
        if (!inDoubt) presence.is = 'absent';
        const passes = isRoleNotReady(error) || isBusy(error);
        if (!passes || clock.monotonicMs() - startedMs > patienceMs) {
          const failed = creationFailed(error, call, configuration);
          throw presence.is === 'absent' ? absent(failed) : failed;
        }
      }
      try {
        await pause(clock, pauseMs * (0.5 + clock.random()), signals.stop);
      } catch (stopped) {
        if (presence.is === 'absent') journal.removed(resource);
        throw stopped;
      }
      presence.is = 'perhaps';
    }
  }

  /** Nothing of this run was made: there is nothing to remove, least of all somebody else's function of that name. */
  function absent(error: TuneError): TuneError {
    presence.is = 'absent';
    journal.removed(resource);
    return error;
  }

  async function lookForOwn(mustBeThere: boolean): Promise<FunctionConfiguration | undefined> {
    for (let looks = 1; looks <= (mustBeThere ? lookAgain : 2); looks += 1) {
      const found = await findShadow(context, functionName, signals.hardStop);
      // When no attempt of this run went unanswered, what is there was there before.
      if (found === 'foreign' || (found === 'unknown' && !inDoubt)) throw absent(nameTaken(functionName, run.id));
      if (found === 'unknown') throw unproven(functionName);
      if (found !== undefined) return { ...found, Version: '1' };
      await pause(clock, firstPauseMs * looks, signals.stop);
    }
    return undefined;
  }
}

/**
 * The function of that name when it is this run's, `foreign` when its tags say that it is not; undefined: there is none.
 * `unknown`: its tags may not be read, and its configuration does not prove it either.
 */
export async function findShadow(
  { clients, run, logGroup }: Pick<ShadowContext, 'clients' | 'run' | 'logGroup'>,
  functionName: string,
  signal?: AbortSignal,
): Promise<FunctionConfiguration | 'foreign' | 'unknown' | undefined> {
  try {
    const options = signal ? { abortSignal: signal } : {};
    const found = await clients.lambda.send(new GetFunctionCommand({ FunctionName: functionName }), options);
    const { Tags: tags, TagsError: tagsError, Configuration: configuration = {} } = checkedFunction(found);
    // Nobody but this run has its log group.
    if (tagsError !== undefined) return configuration.LoggingConfig?.LogGroup === logGroup ? configuration : 'unknown';
    const { [tagKeys.run]: runId, [tagKeys.created]: created } = tags ?? {};
    return runId === run.id && created === run.createdAt.toISOString() ? configuration : 'foreign';
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw callFailed(error, { operation: 'Lambda.GetFunction', resource: functionName });
  }
}

/** Neither adopted nor removed; the journal keeps it, so that a clean-up with that permission removes it. */
export function unproven(functionName: string): TuneError {
  return new TuneError(
    'ACCESS_DENIED',
    `There is a function ${functionName}, and whether this run made it cannot be read: lambda:ListTags on it is missing.`,
    { hint: 'Allow lambda:ListTags on functions called tune-*, then: tune cleanup.' },
  );
}

function versionOf(answer: FunctionConfiguration): string {
  const version = answer.Version ?? '';
  if (!/^\d+$/.test(version))
    throw new TuneError('SERVICE', 'The endpoint did not publish a version of the copy when it was created.');
  return version;
}

/** Figures of other code would be worthless. */
export function checkCode(answer: FunctionConfiguration, code: ShadowCode): void {
  if (code.expectedSha256 === undefined || answer.CodeSha256 === code.expectedSha256) return;
  throw new TuneError('SHADOW', 'The copy does not hold the code of the function (its CodeSha256 differs).', {
    hint: 'Was the function deployed meanwhile? Run again.',
  });
}

function nameTaken(functionName: string, runId: string): TuneError {
  return new TuneError('USAGE', `The run id "${runId}" is in use: there is already a function ${functionName}.`, {
    hint: `Give another --run-id, or remove what that run left: tune cleanup --run ${runId}`,
  });
}
