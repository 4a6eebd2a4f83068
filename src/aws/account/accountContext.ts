import type { AwsClients } from '../client/client.ts';
import type { ShadowClock } from '../client/stopping.ts';

/** What a clean-up works with: the clients of one region, and the clock. */
export interface AccountContext {
  readonly clients: Pick<AwsClients, 'region' | 'options' | 'lambda' | 'logs' | 's3'>;
  readonly clock: ShadowClock;
  readonly signal?: AbortSignal;
}

/**
 * The service's time, as far as this clock is known to be wrong: the SDK notes the difference to the Date of every answer
 * (to the second). Leases are judged by it, so that a clock that jumped makes no live run look expired.
 */
export function serviceNow({ clients, clock }: Pick<AccountContext, 'clients' | 'clock'>): Date {
  return new Date(clock.now().getTime() + serviceOffsetMs(clients));
}

/** Service minus machine. */
export function serviceOffsetMs({ lambda }: Pick<AwsClients, 'lambda'>): number {
  return lambda.config.systemClockOffset;
}
