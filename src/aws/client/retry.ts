import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { isSignatureTime, isTakenForClock } from './signatureTime.ts';

export type RetryStrategy = Extract<
  NonNullable<LambdaClientConfig['retryStrategy']>,
  { acquireInitialRetryToken: unknown }
>;

interface RetrySettings {
  /** Of one call, the first included. */
  readonly maxAttempts: number;
  /** 0 ≤ n < 1 */
  random(): number;
}

/** First pause and longest pause, in milliseconds. A throttle asks for a longer one: production shares the quota. */
const pauses = { THROTTLING: { firstMs: 1000, longestMs: 20_000 }, other: { firstMs: 100, longestMs: 5000 } } as const;

/**
 * Permanent in spite of their HTTP status 502, after which the SDK's own strategy would try again (API model of Invoke).
 */
export const permanentServerErrors: ReadonlySet<string> = new Set([
  'EC2AccessDeniedException',
  'EC2UnexpectedException',
  'ENILimitReachedException',
  'InvalidRuntimeException',
  'InvalidSecurityGroupIDException',
  'InvalidSubnetIDException',
  'InvalidZipFileException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'SubnetIPAddressLimitReachedException',
]);

/**
 * What the SDK's `standard` mode does, spelled out, because its defaults changed in November 2026: a fixed number of
 * attempts, exponential backoff with full jitter, `Retry-After` honoured. In addition an answer that cannot be read is
 * asked for again. For the control plane only: a repeated Invoke would run the function twice.
 */
export function standardRetries(settings: RetrySettings): RetryStrategy {
  type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;
  const token = (count: number, delayMs: number): Token => ({
    getRetryCount: () => count,
    getRetryDelay: () => delayMs,
  });
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(previous, { error, errorType, retryAfterHint }) {
      const count = previous.getRetryCount() + 1;
      if (count >= settings.maxAttempts || !worthRepeating(error, errorType)) throw new Error('not repeated');
      const { firstMs, longestMs } = errorType === 'THROTTLING' ? pauses.THROTTLING : pauses.other;
      const jitteredMs = settings.random() * Math.min(longestMs, firstMs * 2 ** (count - 1));
      const askedMs = retryAfterHint ? retryAfterHint.getTime() - Date.now() : 0;
      return token(count, Math.max(jitteredMs, Math.min(askedMs, longestMs)));
    },
    recordSuccess: () => undefined,
  };
}

function worthRepeating(error: unknown, errorType: string): boolean {
  if (error instanceof Error && permanentServerErrors.has(error.name)) return false;
  // With the corrected time, whichever way the clock was wrong; but a wrong clock makes no other refusal worth repeating.
  if (isSignatureTime(error)) return true;
  if (isTakenForClock(error) && isRefusal(error)) return false;
  if (errorType === 'THROTTLING' || errorType === 'TRANSIENT' || errorType === 'SERVER_ERROR') return true;
  // An error page is final; half an answer is not.
  return isUnreadable(error) && (statusOfResponse(error) ?? 200) < 400;
}

function isRefusal(error: unknown): boolean {
  const status = statusOfResponse(error) ?? 0;
  return status >= 400 && status < 500 && status !== 429;
}

/** The answer came, but is not what its content type says. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'SyntaxError');
}

/** Of the answer that the SDK could not read: it hides it on the error. */
export function statusOfResponse(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$response' in error)) return undefined;
  const response = error.$response;
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return undefined;
  return typeof response.statusCode === 'number' ? response.statusCode : undefined;
}
