import { setUpFailed } from '../service/execution.ts';

/** How invocations end, in the words the real service uses for them. Pure: what happened → what the caller is told. */

/** How a runtime process ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The kernel (or, without control groups, the poll) ended it for memory. */
  readonly outOfMemory: boolean;
  /** What an extension said before: then it is its error. */
  readonly fatalErrorType?: string | undefined;
}

export interface Failure {
  /** As the REPORT names it; absent for errors that the handler itself returned. */
  readonly errorType?: string | undefined;
  readonly payload: Buffer;
}

export function timedOut(requestId: string, timeoutS: number): Failure {
  return failure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutS.toFixed(2)} seconds`,
  );
}

/** The type is not repeated in REPORT for timeouts (`Status: timeout` stands alone there). */
export function exited(requestId: string, exit: Exit): Failure {
  const errorType = exit.outOfMemory ? 'Runtime.OutOfMemory' : (exit.fatalErrorType ?? 'Runtime.ExitError');
  return failure(errorType, `RequestId: ${requestId} Error: ${describeExit(exit)}`);
}

/** A process of an extension ended although nobody asked it to, or could not be started. */
export function extensionFailed(requestId: string, errorType: string, reason: string): Failure {
  return failure(errorType, `RequestId: ${requestId} Error: ${reason}`);
}

export function invalidEntrypoint(requestId: string, reason: string): Failure {
  return failure('Runtime.InvalidEntrypoint', `RequestId: ${requestId} Error: ${reason}`);
}

/** The programs that lead to the runtime failed (bootstraps/enclose.sh and before it): this machine's matter, not the function's. */
export function notSetUp(requestId: string, exit: Exit): Failure {
  const how = exit.signal === null ? `exit status ${exit.exitCode ?? 'unknown'}` : `signal ${exit.signal}`;
  return failure(
    setUpFailed,
    `RequestId: ${requestId} Error: This machine could not set the environment up, so the runtime was never started (${how}; what its tools said is in the log)`,
  );
}

export function responseTooLarge(limitBytes: number): Failure {
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`,
  );
}

/** The type is that of AWS's runtime interface emulator, where what is said of it is published. */
export function responseTruncated(requestId: string): Failure {
  return failure('Runtime.TruncatedResponse', `RequestId: ${requestId} Error: HTTP request detected as truncated`);
}

/** What the runtime itself posted to init/error. REPORT shows only types of the forms below, any other as unknown. [memory] */
export function initFailed(body: Buffer, errorType: string | undefined): Failure {
  const known = errorType !== undefined && /^(Runtime|Function|Sandbox|Extension)\.[A-Z][A-Za-z]+$/.test(errorType);
  return { errorType: known ? errorType : 'Runtime.Unknown', payload: body };
}

function failure(errorType: string, errorMessage: string): Failure {
  return { errorType, payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
}

function describeExit(exit: Exit): string {
  if (exit.signal !== null) return `Runtime exited with error: signal: ${signalWords.get(exit.signal) ?? exit.signal}`;
  if (exit.exitCode === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${exit.exitCode ?? 'unknown'}`;
}

/** Lambda's own supervisor is written in Go and prints Go's names of signals. */
const signalWords: ReadonlyMap<string, string> = new Map([
  ['SIGABRT', 'aborted'],
  ['SIGBUS', 'bus error'],
  ['SIGFPE', 'floating point exception'],
  ['SIGHUP', 'hangup'],
  ['SIGILL', 'illegal instruction'],
  ['SIGINT', 'interrupt'],
  ['SIGKILL', 'killed'],
  ['SIGPIPE', 'broken pipe'],
  ['SIGQUIT', 'quit'],
  ['SIGSEGV', 'segmentation fault'],
  ['SIGTERM', 'terminated'],
  ['SIGTRAP', 'trace/breakpoint trap'],
  ['SIGXFSZ', 'file size limit exceeded'],
]);
