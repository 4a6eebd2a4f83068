import type { LambdaClient } from '@aws-sdk/client-lambda';

/**
 * A request carries the time at which it was signed, and a service refuses one that is minutes off (five; S3 fifteen [doc]).
 * Such a refusal comes before everything else: nothing was done.
 */

const always: ReadonlySet<string> = new Set(['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed']);
/** Of these only the message tells whether the time was wrong or the key. */
const byMessage: ReadonlySet<string> = new Set(['AuthFailure', 'InvalidSignatureException', 'SignatureDoesNotMatch']);

export function isSignatureTime(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (always.has(error.name)) return true;
  return byMessage.has(error.name) && /signature (?:has )?expired|signature not yet current/i.test(error.message);
}

/**
 * Whether the SDK takes the error for one of the clock. While this clock is wrong it says so of every refusal, a missing
 * permission too.
 */
export function isTakenForClock(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'clockSkewCorrected' in metadata;
}

/**
 * The difference to the service's clock, as the SDK learns it from the Date of every answer, is one for all clients: one that
 * sends once (Invoke) or seldom would otherwise have to be refused to learn it.
 */
export function shareClock(
  client: { readonly config: Pick<LambdaClient['config'], 'systemClockOffset'> },
  leader: Pick<LambdaClient, 'config'>,
): void {
  Object.defineProperty(client.config, 'systemClockOffset', {
    configurable: true,
    enumerable: true,
    get: () => leader.config.systemClockOffset,
    set: (offsetMs: number) => {
      leader.config.systemClockOffset = offsetMs;
    },
  });
}
