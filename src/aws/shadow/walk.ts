import {
  type FunctionConfiguration,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import type { Configuration } from '../../model/configuration.ts';
import { isNotFound } from '../client/failure.ts';
import { pause } from '../client/stopping.ts';
import type { ShadowContext } from './context.ts';
import { type Created, checkCode } from './creation.ts';
import { creationFailed, isBusy } from './creationFailure.ts';
import type { ShadowCode } from './shadowCode.ts';
import { saysReady, waitUntilReady } from './waiting.ts';

const busyPatienceMs = 120_000;
/** A copy that was just made may not be known to every host of the service. */
const unseenPatienceMs = 15_000;

export interface NextVersion {
  readonly functionName: string;
  readonly configuration: Configuration;
  /** What tells the version from the one before, where the size does not: publishing nothing new publishes nothing. */
  readonly description: string | undefined;
  /** The version published last. */
  readonly after: number;
}

/**
 * Gives an existing shadow its next size, or only another description, and publishes that: whose environments are all new
 * [infer]. Versions published before are immutable: they are measured meanwhile.
 * Answers as the service did: it may still be Pending.
 * @throws TuneError; AbortError
 */
export async function publishNext(
  context: ShadowContext,
  { functionName, configuration, description, after }: NextVersion,
  code: ShadowCode,
  signal: AbortSignal,
): Promise<Created> {
  const { clients } = context;
  const { memoryMb } = configuration;
  const change = { FunctionName: functionName, MemorySize: memoryMb, Description: description };
  const changed = await whileBusy('Lambda.UpdateFunctionConfiguration', () =>
    clients.lambda.send(new UpdateFunctionConfigurationCommand(change), { abortSignal: signal }),
  );
  if (!saysReady(changed, context))
    await waitUntilReady(context, { functionName, configuration, settling: 'update' }, signal);
  // With the hash, Lambda itself refuses to publish anything else.
  const publication = { FunctionName: functionName, CodeSha256: code.expectedSha256 };
  const answer = await whileBusy('Lambda.PublishVersion', () =>
    clients.lambda.send(new PublishVersionCommand(publication), { abortSignal: signal }),
  );
  checkCode(answer, code);
  if (!/^\d+$/.test(answer.Version ?? '') || Number(answer.Version) <= after || answer.MemorySize !== memoryMb) {
    throw new TuneError(
      'SHADOW',
      `Lambda published no further version of ${functionName} at ${memoryMb} MB (it answered version ${answer.Version} at ${answer.MemorySize} MB).`,
    );
  }
  return { version: String(answer.Version), answer };

  async function whileBusy(
    operation: string,
    send: () => Promise<FunctionConfiguration>,
  ): Promise<FunctionConfiguration> {
    const startedMs = context.clock.monotonicMs();
    for (let pauseMs = 250; ; pauseMs = Math.min(5000, pauseMs * 2)) {
      try {
        return await send();
      } catch (error) {
        if (signal.aborted) throw error;
        const passesForMs = isBusy(error) ? busyPatienceMs : isNotFound(error) ? unseenPatienceMs : 0;
        if (passesForMs === 0 || context.clock.monotonicMs() - startedMs > passesForMs) {
          throw creationFailed(error, { operation, resource: functionName, secrets: context.secrets }, configuration);
        }
      }
      await pause(context.clock, pauseMs * (0.5 + context.clock.random()), signal);
    }
  }
}
