import { type ErrorCode, TuneError } from '../../base/errors.ts';
import type { AwsCall } from './call.ts';
import { credentialsError } from './credentials.ts';
import { deniedError } from './denied.ts';
import { exceptionHint, refusedForOtherReasons } from './exceptionHints.ts';
import { quoteService } from './quote.ts';
import { statusOfResponse } from './retry.ts';
import { isSignatureTime } from './signatureTime.ts';
import { unreachableError } from './unreachable.ts';

interface ServiceErrorFields {
  readonly name: string;
  readonly message: string;
  /** Undefined: no answer came. */
  readonly status: number | undefined;
  readonly attempts: number;
}

/** Reads what the SDK puts on its errors without trusting that it is there. */
export function serviceError(error: unknown): ServiceErrorFields {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), status: undefined, attempts: 1 };
  const metadata: { httpStatusCode?: unknown; attempts?: unknown } =
    '$metadata' in error && typeof error.$metadata === 'object' ? { ...error.$metadata } : {};
  return {
    name: error.name,
    message: error.message,
    status: typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : statusOfResponse(error),
    attempts: typeof metadata.attempts === 'number' ? metadata.attempts : 1,
  };
}

export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

export function isNotFound(error: unknown): boolean {
  return isNamed(error, 'ResourceNotFoundException', 'NoSuchKey', 'NoSuchBucket', 'NoSuchVersion');
}

export function isAbort(error: unknown): boolean {
  return isNamed(error, 'AbortError');
}

/** Lambda-like services do not have every operation. */
export function isNotImplemented(error: unknown): boolean {
  const { status } = serviceError(error);
  return status === 501 || status === 405 || (status === 404 && !isNotFound(error));
}

/** Nothing, or nothing that can be read, came back: the call may have taken effect. */
export function isUncertain(error: unknown): boolean {
  if (error instanceof TuneError) return false;
  const { status } = serviceError(error);
  return status === undefined || status < 400 || status >= 500;
}

const credentialErrors: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidTokenException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

const quotaErrors: ReadonlySet<string> = new Set([
  'CodeStorageExceededException',
  'ServiceQuotaExceededException',
  'FunctionVersionsPerCapacityProviderLimitExceededException',
]);

export function isCredentialError(error: unknown): boolean {
  return error instanceof Error && credentialErrors.has(error.name);
}

export function isDenied(error: unknown): boolean {
  const { name, status } = serviceError(error);
  if (name === 'AccessDeniedException' || name === 'AccessDenied') return true;
  // Names go before the status.
  return status === 403 && !credentialErrors.has(name) && !refusedForOtherReasons.has(name) && !isSignatureTime(error);
}

/** A failed call as an error for the user. The raw error is never attached: its message may hold the function's secrets. */
export function callFailed(error: unknown, call: AwsCall): TuneError {
  if (error instanceof TuneError) return error;
  const { name, message, status } = serviceError(error);
  const said = `${name}: ${quoteService(message, call.secrets)}`;
  const failed = `${call.operation.replace('.', ' ')} of ${call.resource} failed`;
  if (isSignatureTime(error)) {
    return new TuneError('CREDENTIALS', `AWS refuses the time of this machine (${said})`, {
      hint: 'Set its clock; a difference that AWS tells with its answers is corrected, unless AWS_DISABLE_CLOCK_SKEW_CORRECTION is set.',
    });
  }
  if (isCredentialError(error)) return credentialsError(name, message, said);
  if (isDenied(error)) return deniedError(message, call);
  const network = networkCode(error);
  if (status === undefined && network !== undefined) return unreachableError(failed, network);
  const code: ErrorCode = quotaErrors.has(name)
    ? 'QUOTA'
    : status === 429 || name.includes('Throttl')
      ? 'THROTTLED'
      : 'SERVICE';
  const hint = exceptionHint(name);
  return new TuneError(code, `${failed} (${said})`, hint === undefined ? {} : { hint });
}

/** ECONNREFUSED and the like: of the error, or of what caused it. */
export function networkCode(error: unknown): string | undefined {
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth += 1
  ) {
    if ('code' in current && typeof current.code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(current.code))
      return current.code;
    if (current.name === 'TimeoutError') return 'timeout';
  }
  return undefined;
}
