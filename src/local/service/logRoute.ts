import type { LogRecord } from './reportText.ts';

/** An invocation whose turn has come. */
export interface AdmittedInvocation {
  readonly functionName: string;
  readonly version: string;
  readonly roleArn: string;
  readonly requestId: string;
}

/** Where the lines of one invocation go: on the service the tail of the answer and the log group are two ways. */
export interface LogRoute {
  /** What the caller's tail is made of; undefined: the answer has none. */
  tail(records: readonly LogRecord[]): readonly LogRecord[] | undefined;
  /** What arrives in the log group; undefined: not even group and stream are made. */
  stored(records: readonly LogRecord[]): readonly LogRecord[] | undefined;
  /** Until it arrives there. */
  readonly delayMs: number;
}

const straight: LogRoute = { tail: (records) => records, stored: (records) => records, delayMs: 0 };

export function straightToLogs(): LogRoute {
  return straight;
}
