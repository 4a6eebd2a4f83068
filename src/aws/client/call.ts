import type { Secrets } from './quote.ts';

/** What a call was and what it was about, for the message. */
export interface AwsCall {
  /** `Service.Operation`, as in permissions.ts. */
  readonly operation: string;
  /** ARN or name. */
  readonly resource: string;
  /** Never quoted, even when the service's message holds them. */
  readonly secrets?: Secrets;
}
