/**
 * The line between the endpoint (the wire API, `endpoint.ts`) and what runs code (`environment.ts`): types, and the words that both use.
 * An endpoint can be given another way of running code, for instance one without processes for load tests.
 */

import type { HostPace } from '../../model/measurement.ts';

/** What an execution environment is started with: one published configuration of one function. */
export interface EnvironmentSpec {
  readonly functionName: string;
  readonly functionArn: string;
  readonly version: string;
  readonly runtime: string;
  readonly handler: string;
  /** Folder with the unpacked code; shared by all environments of that code, read-only by agreement. */
  readonly codeFolder: string;
  /** The code's own digest: the same code in another run has the same. */
  readonly codeSha256?: string | undefined;
  /** Folder with the layers, unpacked one over the other; undefined: the function has none. */
  readonly optFolder?: string | undefined;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly ephemeralStorageMb: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** The function's own variables; the host's environment is never passed on. */
  readonly environment: Readonly<Record<string, string>>;
  /** A published version of a function with SnapStart: on Lambda its environments are restored, not initialized. */
  readonly snapStart?: boolean | undefined;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly region: string;
  readonly logFormat: 'Text' | 'JSON';
  /** Of the JSON format: what is less than that is not written. */
  readonly applicationLogLevel?: string | undefined;
  readonly systemLogLevel?: string | undefined;
}

export interface InvocationEvent {
  readonly requestId: string;
  readonly body: Buffer;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  readonly clientContext?: string;
}

/** Hears an answer while the runtime streams it. What is sent in one piece is in the result alone. */
export interface ResponseListener {
  /** Before the first byte. Never for an answer without bytes, nor for an error in place of an answer. */
  began(contentType: string): void;
  /** The next bytes; what follows waits until they are taken. */
  chunk(bytes: Buffer): Promise<void>;
  /** The runtime has ended itself what has begun, and it is not above the limit. */
  ended(): void;
}

/**
 * The machine could not make an environment: nothing of the function ran, and nothing is said about it. On Lambda the call would
 * be a ServiceException.
 */
export const setUpFailed = 'Sandbox.SetUpFailed';

export interface ExecutionResult {
  /** `error`: the runtime reported one, or died; the payload then holds {errorType, errorMessage, …}. */
  readonly status: 'success' | 'error' | 'timeout';
  /** As the REPORT names it: Runtime.OutOfMemory, Runtime.ExitError, … Absent for errors that the handler itself returned. */
  readonly errorType?: string | undefined;
  /** `Handled`/`Unhandled` as the X-Amz-Function-Error header says; absent on success. */
  readonly functionError?: 'Handled' | 'Unhandled';
  /** Without the bytes that a listener heard. */
  readonly payload: Buffer;
  /** What it would have taken on a host with nothing else to do (see cpuShare.ts). */
  readonly durationMs: number;
  /** What the clock said. */
  readonly rawDurationMs: number;
  /** Present on the first invocation of an environment (cold start). */
  readonly initDurationMs?: number | undefined;
  /** In place of the init duration, where an executor plays SnapStart. Processes are never restored: they cannot be. */
  readonly restoreDurationMs?: number | undefined;
  readonly maxMemoryUsedMb: number;
  /** What was written before the invocation began: by an init that was done for it, and of one that failed. */
  readonly initOutput: string;
  /** What the function wrote to stdout and stderr meanwhile, in order. */
  readonly output: string;
  /** The duration was computed from CPU time because no quota could be enforced. */
  readonly modelled: boolean;
  /** Share of the clock's time that was the host's doing, 0..1: others took the core, or the work was slower beside them. */
  readonly contendedShare: number;
  /** How fast the cores were around it. Absent where no reference loop could be run, or not to the end. */
  readonly pace?: HostPace | undefined;
  /** The environment is gone (crash, timeout, out of memory) and must not be reused. */
  readonly environmentEnded: boolean;
}

export interface ExecutionEnvironment {
  readonly spec: EnvironmentSpec;
  /** One at a time; the endpoint never calls it while another call of the same environment runs. */
  invoke(event: InvocationEvent, listener?: ResponseListener): Promise<ExecutionResult>;
  /** Ends all processes, removes cgroup and temporary folder; extensions are told before, and have up to 2 s. Idempotent. */
  stop(): Promise<void>;
}

/** How code is run: real processes (`environment.ts`), or a script in tests. */
export interface Executor {
  readonly cpu: 'cgroup' | 'modelled' | 'none';
  /** Cores that the environments share. */
  readonly cores: number;
  /** @param hearLate gets what is written after the last invocation, as extensions do when the environment ends */
  start(spec: EnvironmentSpec, hearLate?: (output: string) => void): Promise<ExecutionEnvironment>;
  close(): Promise<void>;
}
