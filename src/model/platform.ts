import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import type { Configuration } from './configuration.ts';
import type { HostTime, ReportLine, StreamFigures } from './measurement.ts';

/**
 * What the engine (`measure/engine.ts`) asks of a Lambda service. `aws/shadow/` implements it with the SDK; types only here,
 * so that the engine and the edge never import each other.
 */
export interface Platform {
  /**
   * Makes one configuration invokable on a shadow and resolves when it is. Idempotent: a second call for the same
   * configuration answers with the same deployment. The reference is created before anything else; other deployments
   * wait until its creation was accepted. `accepted` is called when the copy is there, though perhaps not ready yet.
   */
  deploy(configuration: Configuration, signal: AbortSignal, accepted?: () => void): Promise<Deployment>;
  /**
   * The same configuration as a further version, whose environments are all new: a call to the old one may be served by
   * any environment that is idle there.
   */
  renew(deployment: Deployment, signal: AbortSignal): Promise<Deployment>;
  /** One attempt on the wire, never repeated inside. Throws TuneError only for what ends the run. */
  invoke(deployment: Deployment, body: string, signal: AbortSignal): Promise<Attempt>;
  /**
   * What a function, answered or logged, without the values of its variables and of what it was sent. For messages: the
   * platform knows the values, and nobody else should.
   */
  redacted(text: string, sentBody: string): string;
  /** Looks for the REPORT of one request in the run's log group, with backoff and paging. */
  findReport(deployment: Deployment, lookup: ReportLookup, signal: AbortSignal): Promise<LogFinding>;
  /** Request id → execution environment (log stream), read once from the run's log group. Empty when logs cannot be read. */
  environments(since: Date, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Says that a configuration will not be invoked again (a SnapStart version costs while it exists, so it goes at once). */
  release(deployment: Deployment): Promise<void>;
  /** From now until what is returned is called, the run does not look dead to a clean-up elsewhere, however long it takes. */
  holdLease(): () => void;
  /**
   * Deletes everything this run made, functions before the log group, and that when what `environments` began to read is read;
   * never throws. Empty: the account is as before.
   */
  remove(): Promise<readonly LeftBehind[]>;
}

/** One published version of a shadow. */
export interface Deployment {
  readonly configuration: Configuration;
  readonly functionName: string;
  readonly version: string;
}

export interface ReportLookup {
  readonly requestId: string;
  readonly startedAt: Date;
}

export type LogFinding =
  | { readonly found: true; readonly report: ReportLine; readonly environment: string }
  /** `reason` becomes the measurement's: "role cannot write this log group", "no REPORT after 60 s", … */
  | { readonly found: false; readonly reason: string };

/** What one attempt to invoke brought. Only `answered` and `lost` are samples; the others are tried again. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly requestId: string;
      readonly startedAt: Date;
      /** `Unhandled` or `Handled` when the function failed. */
      readonly functionError?: string | undefined;
      /** The response body: untrusted. */
      readonly responseBody: string;
      /** Decoded LogResult (at most the last 4 KB): untrusted. */
      readonly logTail?: string | undefined;
      /** Of the embedded endpoint. */
      readonly hostTime?: HostTime | undefined;
      /** Of an answer that was streamed. */
      readonly stream?: StreamFigures | undefined;
    }
  /** The connection ended without an answer: the function may have run, so it is not tried again. */
  | {
      readonly kind: 'lost';
      readonly requestId?: string | undefined;
      readonly startedAt: Date;
      readonly reason: string;
    }
  | { readonly kind: 'throttled'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'notReady'; readonly reason: string };

/** Something the run made and could not remove, with the error and the way to remove it. */
export const leftBehindSchema = z.strictObject({
  kind: z.enum(['function', 'logGroup', 'stagedObject']),
  /** ARN, log group name or s3:// URL. */
  name: z.string(),
  region: z.string(),
  reason: z.string(),
  /** A command that removes it. */
  command: z.string(),
});

export type LeftBehind = DeepReadonly<z.infer<typeof leftBehindSchema>>;
