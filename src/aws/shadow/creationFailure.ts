import { TuneError } from '../../base/errors.ts';
import { type Configuration, nameOf } from '../../model/configuration.ts';
import type { AwsCall } from '../client/call.ts';
import { denialCause, denialHints, isRoleRefused } from '../client/denialCause.ts';
import { missingPermission } from '../client/denied.ts';
import { callFailed, isDenied, isNamed, serviceError } from '../client/failure.ts';
import { quoteService } from '../client/quote.ts';
import { layerGone } from '../target/targetReads.ts';

/** A brand-new role cannot be assumed for some seconds; the target's may have been changed just now. */
export function isRoleNotReady(error: unknown): boolean {
  return isNamed(error, 'InvalidParameterValueException') && isRoleRefused(serviceError(error).message);
}

export function isAlreadyThere(error: unknown): boolean {
  return isNamed(error, 'ResourceConflictException') && /already exist/i.test(serviceError(error).message);
}

/** 409 of an operation in progress, which passes. */
export function isBusy(error: unknown): boolean {
  const { status, name } = serviceError(error);
  return (status === 409 || name === 'ResourceConflictException') && !isAlreadyThere(error);
}

function hintOfRefusal(message: string): { readonly hint?: string } {
  const cause = denialCause(message);
  return cause === 'key' || cause === 'role' ? { hint: denialHints[cause] } : {};
}

/** New accounts allow 3,008 MB; no read tells, only this refusal [issue]. */
function memoryLimitIn(message: string): number | undefined {
  const limit = /memorySize\W.*less than or equal to (\d{3,5})\b/is.exec(message)?.[1];
  return limit === undefined ? undefined : Number(limit);
}

/**
 * Why a shadow cannot be created or changed. Exit 2 (TARGET) where nothing that tune does can help: signed code, a layer that is gone,
 * a runtime that is blocked; `memoryLimitMb` set where the account allows smaller sizes only.
 */
export function creationFailed(error: unknown, call: AwsCall, configuration: Configuration): TuneError {
  if (error instanceof TuneError) return error;
  const { name, message } = serviceError(error);
  const said = quoteService(message, call.secrets);

  const memoryLimitMb = memoryLimitIn(message);
  if (memoryLimitMb !== undefined && memoryLimitMb < configuration.memoryMb) {
    return new TuneError(
      'QUOTA',
      `This account allows at most ${memoryLimitMb} MB per function, ${configuration.memoryMb} MB was asked for.`,
      {
        hint: 'AWS raises the limit of an account when asked through a support case.',
        memoryLimitMb,
      },
    );
  }
  if (/does not support the following architectures/i.test(message)) {
    return new TuneError('CODE', `The runtime does not exist on ${configuration.architecture}.`);
  }
  if (isDenied(error)) {
    const { action, resource, resourceBased } = missingPermission(message);
    const ofLayer = action === 'lambda:GetLayerVersion' || /layer version/i.test(message);
    if (ofLayer && (resourceBased || action === undefined)) return layerGone(resource ?? 'of the function');
    return callFailed(error, call);
  }
  if (/layer version .*(?:does not exist|not found)/is.test(message))
    return layerGone(/arn:[\w:.-]+/.exec(message)?.[0] ?? 'of the function');
  switch (name) {
    case 'CodeVerificationFailedException':
    case 'InvalidCodeSignatureException':
    case 'CodeSigningConfigNotFoundException':
      return new TuneError(
        'TARGET',
        `The function demands signed code, and Lambda does not accept this package: ${said}`,
        {
          hint: 'Sign the package with a profile of its code signing configuration; other code (--arm64-code) must be signed as well.',
        },
      );
    case 'CodeStorageExceededException':
      return new TuneError('QUOTA', `The code storage of this account is full: ${said}`, {
        hint: 'Delete old function versions. While it is full, no function of the account can be deployed.',
      });
    case 'InvalidParameterValueException':
    case 'ValidationException':
      if (/runtime/i.test(message) && /no longer supported|not supported|deprecated/i.test(message)) {
        return new TuneError('TARGET', `AWS runs the function but creates no new ones of its runtime: ${said}`, {
          hint: 'Move the function to a supported runtime first.',
        });
      }
      return new TuneError(
        'SHADOW',
        `Lambda refuses the copy at ${nameOf(configuration)}: ${said}`,
        hintOfRefusal(message),
      );
    default:
      return callFailed(error, call);
  }
}
