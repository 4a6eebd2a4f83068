import { keysOf } from './keys.ts';

/** Every way the program can end, in one place (see docs/exit-codes.md). */
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

interface ErrorKind {
  readonly exitCode: ExitCode;
  /** What to do next, with a command or option to type. Said where an error has no hint of its own: two hints are one too many. */
  readonly next: string;
}

/** What can go wrong, in one place. */
const kinds = {
  // 2: usage, configuration, or a function that cannot be tuned
  USAGE: { exitCode: ExitCode.usage, next: 'tune --help-all lists every option.' },
  CONFIG: {
    exitCode: ExitCode.usage,
    next: 'Name another file with --config; tune --help-all lists what it may hold.',
  },
  TARGET: { exitCode: ExitCode.usage, next: 'To try code without its function in AWS: tune --function ./folder' },
  PAYLOAD: { exitCode: ExitCode.usage, next: 'Give JSON text or a file that holds JSON: --payload event.json' },
  TRAFFIC: {
    exitCode: ExitCode.usage,
    next: 'Give a rate or a file of arrivals: --traffic rps=20, --traffic 1M/month, --traffic arrivals.csv',
  },
  CODE: {
    exitCode: ExitCode.usage,
    next: 'Build the package again, then look without measuring: tune --function … --dry-run',
  },
  PRICE: { exitCode: ExitCode.usage, next: 'Give the prices: --price x86_64=…,arm64=…,request=…' },
  CONSENT: {
    exitCode: ExitCode.usage,
    next: 'See what it would cost with --dry-run; agree with --yes or --max-spend-usd.',
  },
  STATE_DIRECTORY: { exitCode: ExitCode.usage, next: 'Set TUNE_STATE_DIR to a folder that you may write.' },
  REPORT_PATH: { exitCode: ExitCode.usage, next: 'Name another file: --report html=run.html' },
  TEMPLATE: {
    exitCode: ExitCode.usage,
    next: 'Name the file with --file and the function with --select, or write the lines by hand.',
  },
  SAVED_RUN: { exitCode: ExitCode.usage, next: 'Save one with: tune --function orders --report json=run.json' },
  // 3: not measured
  ACCESS_DENIED: {
    exitCode: ExitCode.notMeasured,
    next: '`aws sts get-caller-identity` shows who you are; --profile names another.',
  },
  CREDENTIALS: {
    exitCode: ExitCode.notMeasured,
    next: '`aws configure list` shows what is used; --profile names another.',
  },
  UNREACHABLE: { exitCode: ExitCode.notMeasured, next: 'Check the network, --region and --endpoint-url.' },
  THROTTLED: { exitCode: ExitCode.notMeasured, next: 'Try again later, or lower --max-in-flight.' },
  QUOTA: {
    exitCode: ExitCode.notMeasured,
    next: 'Measure less meanwhile: fewer sizes in --memory, one --architecture.',
  },
  SERVICE: { exitCode: ExitCode.notMeasured, next: 'Whether anything is left of it: tune cleanup --dry-run' },
  SHADOW: { exitCode: ExitCode.notMeasured, next: 'Whether anything is left of it: tune cleanup --dry-run' },
  NOT_MEASURED: {
    exitCode: ExitCode.notMeasured,
    next: 'Look at what would be measured with --dry-run, and change --memory or --payload.',
  },
  HOOK: {
    exitCode: ExitCode.notMeasured,
    next: 'Try it alone, with a payload on its standard input or as its event, or measure without it: leave out --before and --after.',
  },
  // 130: stopped by whoever called, before there was anything to hand over
  INTERRUPTED: { exitCode: ExitCode.sigint, next: 'Whether anything is left of it: tune cleanup --dry-run' },
  // 5: something was left behind
  LEFT_BEHIND: { exitCode: ExitCode.leftBehind, next: 'Remove it with: tune cleanup' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof kinds;

export const errorCodes = keysOf(kinds);

export function isErrorCode(code: string): code is ErrorCode {
  return errorCodes.some((known) => known === code);
}

/** Of an error code that was written down; one that is not known is a bug. */
export function exitCodeOfError(code: string): ExitCode {
  return isErrorCode(code) ? kinds[code].exitCode : ExitCode.bug;
}

/**
 * A failure a user can meet. The message says what happened, the hint what to do next.
 * Neither may hold environment values, credentials or presigned URLs.
 */
export class TuneError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** Set when the account refuses memory sizes above it (3,008 MB in new accounts). */
  readonly memoryLimitMb: number | undefined;
  /** Several things of one kind that the message speaks of, one line each. */
  readonly items: readonly string[];
  /** What the function wrote last, without secrets. Its own words: escape where shown. */
  readonly lastLog: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      hint?: string | undefined;
      cause?: unknown;
      memoryLimitMb?: number | undefined;
      items?: readonly string[] | undefined;
      lastLog?: readonly string[] | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TuneError';
    this.code = code;
    this.hint = options.hint ?? kinds[code].next;
    this.items = options.items ?? [];
    this.lastLog = options.lastLog ?? [];
    this.memoryLimitMb = options.memoryLimitMb;
  }

  get exitCode(): ExitCode {
    return kinds[this.code].exitCode;
  }
}

/** Whatever was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** As documents keep what went wrong with one of several. */
interface KeptError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export function keptError(error: unknown): KeptError {
  if (!(error instanceof TuneError)) return { code: 'BUG', message: messageOf(error) };
  const { code, message, hint } = error;
  return { code, message, hint };
}
