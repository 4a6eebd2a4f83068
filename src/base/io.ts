/**
 * What a command may know of the process it runs in, whoever started it: nothing here prints, asks or ends anything. Only
 * `bin/processFacts.js` makes it from the real process, for the program and for the package alike.
 */
export interface ProcessFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  parentPid(): number;
  /** The Node binary, for functions with a nodejs runtime. */
  readonly execPath: string;
  /** `v20.1.2` */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly hostArchitecture: string;
  readonly hostname: string;
  readonly homeDirectory: string;
  readonly temporaryDirectory: string;
  readonly cores: number;
  now(): Date;
  /** Monotonic milliseconds: durations never come from the wall clock, which may jump. */
  monotonicMs(): number;
  /** 0 ≤ n < 1. */
  random(): number;
  randomUuid(): string;
  /** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** True while process `pid` exists (signal 0). */
  processExists(pid: number): boolean;
  /** Ends a process that leads a group, and all in the group, at once. */
  endProcessGroup(pid: number): void;
}

/** Everything a command may touch: of the real process in `bin/tune.js`, without its streams and signals in the package's API. */
export interface Io extends ProcessFacts {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly stdin: { readonly isTty: boolean; read(): Promise<Uint8Array> };
  /** Asks on the terminal; false when the answer is not yes. Only call it when stdin and stderr are terminals. */
  ask(question: string): Promise<boolean>;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP (or what counts as one); its reason is an `Interruption`. */
  readonly interrupted: AbortSignal;
  /** Treats something else as a signal: the process that started tune is gone, nobody reads the output. */
  interrupt(signal: Interruption['signal'], cause: string): void;
  /** What the second signal prints before the process ends at once: how to remove what may be left. */
  onHardExit(notice: string | undefined): void;
  /** Set with `--debug`: told of every call to AWS. */
  readonly trace?: (call: TracedAttempt) => void;
}

export interface TextOutput {
  write(text: string): void;
  /** The stream behind it, for a live view that moves the cursor; a terminal always has one. */
  readonly stream?: NodeJS.WriteStream;
  /** Its number in this process: of a file, to know it again. */
  readonly descriptor?: number | undefined;
  readonly isTty: boolean;
  readonly columns: number;
}

/** Why `Io.interrupted` was aborted. */
export interface Interruption {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
  /** In words: "Ctrl-C", "the process that started tune is gone", … */
  readonly cause: string;
}

/** What `--debug` tells of one attempt of one call: which it was, of what, how it ended and how long it took. Never what was in it. */
export interface TracedAttempt {
  /** `CreateFunction` */
  readonly operation: string;
  /** The name of what it is about. */
  readonly of?: string | undefined;
  /** HTTP status, or the name of what went wrong on the way. */
  readonly ended: string;
  readonly tookMs: number;
  readonly requestId?: string | undefined;
}
