import type { FunctionCodeLocation, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { TuneError } from '../../base/errors.ts';
import { quoteService } from '../client/quote.ts';
import { isImage } from './functionShape.ts';

/**
 * Runtimes whose functions still run but can no longer be created [memory: AWS Lambda runtimes, "block function create"
 * dates up to early 2024]. Later ones are not listed, because AWS has moved those dates: the service's own refusal tells.
 */
const blockedRuntimes: ReadonlySet<string> = new Set([
  'dotnetcore1.0',
  'dotnetcore2.0',
  'dotnetcore2.1',
  'dotnetcore3.1',
  'go1.x',
  'java8',
  'nodejs',
  'nodejs4.3',
  'nodejs4.3-edge',
  'nodejs6.10',
  'nodejs8.10',
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'provided',
  'python2.7',
  'python3.6',
  'python3.7',
  'ruby2.5',
  'ruby2.7',
]);

export interface RefusalInput {
  readonly configuration: FunctionConfiguration;
  readonly code: FunctionCodeLocation;
  readonly reservedConcurrency?: number | undefined;
  readonly ignoreReservedConcurrency: boolean;
}

/** Why the function cannot be tuned, if it cannot: decided before anything is created. */
export function refusalOf(input: RefusalInput): TuneError | undefined {
  const { configuration, code } = input;
  const name = configuration.FunctionName ?? 'The function';
  const refuse = (why: string, hint?: string) =>
    new TuneError('TARGET', `${name} ${why}`, hint === undefined ? {} : { hint });
  const kind = kindRefusal(configuration);
  if (kind !== undefined) return refuse(kind.why, kind.hint);
  const state = stateRefusal(configuration);
  if (state) return refuse(state.why, state.hint);
  if (configuration.Environment?.Error) {
    return refuse(
      `cannot be copied: its environment variables cannot be decrypted (${quoteService(configuration.Environment.Error.ErrorCode ?? 'no reason given')}).`,
      `You need kms:Decrypt on ${configuration.KMSKeyArn ?? 'the key of its environment'}.`,
    );
  }
  if (configuration.ImageConfigResponse?.Error) {
    return refuse(
      `cannot be copied: its image configuration cannot be read (${quoteService(configuration.ImageConfigResponse.Error.ErrorCode ?? 'no reason given')}).`,
    );
  }
  const codeProblem = codeRefusal(configuration, code);
  if (codeProblem !== undefined) return refuse(`cannot be copied: ${codeProblem}`);
  if (configuration.Role === undefined) return refuse('has no execution role that could be given to a copy.');
  if (input.reservedConcurrency === 0 && !input.ignoreReservedConcurrency) {
    return refuse(
      'has a reserved concurrency of 0: someone switched it off.',
      'If it may run all the same (it will, with its real side effects), give --ignore-reserved-concurrency.',
    );
  }
  return undefined;
}

/** Kinds of functions that tune does not copy, as far as a list of functions tells. */
export function kindRefusal(configuration: FunctionConfiguration): Refused | undefined {
  if (
    configuration.PackageType !== undefined &&
    configuration.PackageType !== 'Zip' &&
    configuration.PackageType !== 'Image'
  ) {
    return { why: `is of a kind that tune does not know (${quoteService(String(configuration.PackageType))}).` };
  }
  if (configuration.CapacityProviderConfig !== undefined) {
    return {
      why: 'runs on Lambda Managed Instances: its instances are paid for, not its duration, so no memory size is cheaper per call.',
    };
  }
  if (configuration.DurableConfig !== undefined) {
    return {
      why: 'is a durable function: one execution takes several invocations, each billed by itself, which tune does not add up.',
    };
  }
  if (configuration.TenancyConfig !== undefined) {
    return {
      why: 'isolates tenants: every call needs a tenant, and every tenant its own environments, which tune does not imitate.',
    };
  }
  if (configuration.Runtime !== undefined && blockedRuntimes.has(configuration.Runtime)) {
    return {
      why: `uses ${configuration.Runtime}: AWS still runs such functions but creates no new ones, so no copy can be made.`,
      hint: 'Move the function to a supported runtime first.',
    };
  }
  return undefined;
}

interface Refused {
  readonly why: string;
  readonly hint?: string;
}

function stateRefusal(configuration: FunctionConfiguration): Refused | undefined {
  const reason = quoteService(configuration.StateReason ?? configuration.StateReasonCode ?? 'no reason given');
  switch (configuration.State) {
    case 'Pending':
      return { why: 'is still being created (state Pending).', hint: 'Try again in a minute.' };
    case 'Failed':
      return { why: `is in state Failed: ${reason}` };
    case 'Deleting':
      return { why: 'is being deleted.' };
    case 'ActiveNonInvocable':
      return { why: `cannot be invoked (state ActiveNonInvocable): ${reason}` };
    // Idle functions are never woken: copying one only reads it.
    case 'Inactive':
    case 'Deactivating':
    case 'Deactivated':
    case 'Active':
    case undefined:
      return undefined;
  }
}

function codeRefusal(configuration: FunctionConfiguration, code: FunctionCodeLocation): string | undefined {
  if (code.Error) return `its code cannot be fetched (${quoteService(code.Error.ErrorCode ?? 'no reason given')}).`;
  if (isImage(configuration)) {
    return (code.ResolvedImageUri ?? code.ImageUri) ? undefined : 'Lambda does not say which image it runs.';
  }
  return (code.Location ?? code.ResolvedS3Object?.S3Key) ? undefined : 'Lambda gives no location of its code.';
}
