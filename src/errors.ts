/** Every way the program can end, in one place (see README, "Exit codes"). */
export const ExitCode = {
  ok: 0,
  regressed: 1,
  usage: 2,
  notMeasured: 3,
  inconclusive: 4,
  leftBehind: 5,
  bug: 70,
  sighup: 129,
  sigint: 130,
  sigterm: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What went wrong, by the exit code it ends with. */
const exitCodeOf = {
  // 2: usage, configuration, or a function that cannot be tuned
  USAGE: ExitCode.usage,
  CONFIG: ExitCode.usage,
  TARGET: ExitCode.usage,
  PAYLOAD: ExitCode.usage,
  CODE: ExitCode.usage,
  PRICE: ExitCode.usage,
  CONSENT: ExitCode.usage,
  STATE_DIRECTORY: ExitCode.usage,
  REPORT_PATH: ExitCode.usage,
  SAVED_RUN: ExitCode.usage,
  // 3: not measured
  ACCESS_DENIED: ExitCode.notMeasured,
  CREDENTIALS: ExitCode.notMeasured,
  UNREACHABLE: ExitCode.notMeasured,
  THROTTLED: ExitCode.notMeasured,
  QUOTA: ExitCode.notMeasured,
  SERVICE: ExitCode.notMeasured,
  SHADOW: ExitCode.notMeasured,
  NOT_MEASURED: ExitCode.notMeasured,
  // 5: something was left behind
  LEFT_BEHIND: ExitCode.leftBehind,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof exitCodeOf;

/**
 * A failure a user can meet. The message says what happened, the hint what to do next.
 * Neither may hold environment values, credentials or presigned URLs.
 */
export class TuneError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Set when the account refuses memory sizes above it (3,008 MB in new accounts). */
  readonly memoryLimitMb: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; memoryLimitMb?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TuneError';
    this.code = code;
    this.hint = options.hint;
    this.memoryLimitMb = options.memoryLimitMb;
  }

  get exitCode(): ExitCode {
    return exitCodeOf[this.code];
  }
}
