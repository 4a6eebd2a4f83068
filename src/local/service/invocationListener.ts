import type { InvocationLog, LogRecord } from './reportText.ts';

/** Whoever watches what is run, beside the logs. Told in the order in which things end. */
export interface InvocationListener {
  ended(functionName: string, log: InvocationLog, records: readonly LogRecord[]): void;
  /** What was written when no invocation ran. */
  wroteLate(functionName: string, records: readonly LogRecord[]): void;
}
