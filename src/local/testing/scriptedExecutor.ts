import { setTimeout as wait } from 'node:timers/promises';
import type {
  EnvironmentSpec,
  ExecutionEnvironment,
  ExecutionResult,
  Executor,
  InvocationEvent,
  ResponseListener,
} from '../service/execution.ts';

/** What one invocation does, instead of running code. Times in ms. */
interface ScriptedRun {
  readonly durationMs: number;
  /** Of the first invocation of an environment; 100 by default. */
  readonly initDurationMs?: number;
  /** Of the first invocation of an environment of a version with SnapStart, in place of its init. */
  readonly restoreDurationMs?: number;
  /** 50 by default. Above the function's size the invocation ends as out of memory. */
  readonly maxMemoryUsedMb?: number;
  /** The handler's answer; `null` by default. */
  readonly payload?: unknown;
  /** Streamed to who listens, one after the other, in place of the payload. */
  readonly streams?: { readonly contentType: string; readonly chunks: readonly (string | Buffer)[] };
  readonly initOutput?: string;
  readonly output?: string;
  readonly contendedShare?: number;
  /** What the clock said; as long as `durationMs` by default. */
  readonly rawDurationMs?: number;
  readonly modelled?: boolean;
  /** Absent: the handler answers, unless time or memory runs out. */
  readonly failure?: ScriptedFailure;
}

interface ScriptedFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The runtime died (exit, import error): `Status: error` in the REPORT, the environment is gone. */
  readonly fatal?: boolean;
}

interface ScriptedCall {
  readonly spec: EnvironmentSpec;
  readonly event: InvocationEvent;
  /** Counts the environments of this executor from 0. */
  readonly environment: number;
  /** Counts the invocations of this environment from 0: 0 is the cold one. */
  readonly invocation: number;
}

export type Script = (call: ScriptedCall) => ScriptedRun | Promise<ScriptedRun>;

export interface ScriptedExecutorOptions {
  /** 2 by default. */
  readonly cores?: number;
  readonly cpu?: Executor['cpu'];
  /** How the time of a run passes: for real by default; `none` for tests that only look at what is reported. */
  readonly waiting?: 'real' | 'none' | ((durationMs: number) => Promise<void>);
}

export interface ScriptedExecutor extends Executor {
  /** Environments that are alive, and invocations that run in them. */
  counts(): { readonly environments: number; readonly running: number; readonly started: number };
}

/** Runs no code: durations, memory and outcomes come from a function. For load tests, fault sweeps and simulations. */
export function scriptedExecutor(script: Script, options: ScriptedExecutorOptions = {}): ScriptedExecutor {
  const alive = new Set<ExecutionEnvironment>();
  const counts = { started: 0, running: 0 };

  const start = async (spec: EnvironmentSpec): Promise<ExecutionEnvironment> => {
    const stopping = new AbortController();
    const number = counts.started;
    let invocations = 0;
    counts.started += 1;
    const environment: ExecutionEnvironment = {
      spec,
      invoke: async (event, listener) => {
        const cold = invocations === 0;
        const call = { spec, event, environment: number, invocation: invocations };
        invocations += 1;
        counts.running += 1;
        try {
          const run = await script(call);
          const result = await streamed(run, resultOf(run, call, cold), listener);
          await pass(
            result.durationMs + (result.initDurationMs ?? 0) + (result.restoreDurationMs ?? 0),
            options.waiting ?? 'real',
            stopping.signal,
          );
          return stopping.signal.aborted ? killed(result, event) : result;
        } finally {
          counts.running -= 1;
        }
      },
      stop: async () => {
        stopping.abort();
        alive.delete(environment);
      },
    };
    alive.add(environment);
    return environment;
  };

  return {
    cpu: options.cpu ?? 'none',
    cores: options.cores ?? 2,
    start,
    close: async () => {
      for (const environment of [...alive]) await environment.stop();
    },
    counts: () => ({ environments: alive.size, ...counts }),
  };
}

async function streamed(
  { streams, failure }: ScriptedRun,
  result: ExecutionResult,
  listener: ResponseListener | undefined,
): Promise<ExecutionResult> {
  if (streams === undefined) return result;
  const chunks = streams.chunks.map((chunk) => Buffer.from(chunk));
  if (listener === undefined)
    return result.status === 'success' ? { ...result, payload: Buffer.concat(chunks) } : result;
  for (const [index, chunk] of chunks.entries()) {
    if (index === 0) listener.began(streams.contentType);
    await listener.chunk(chunk);
  }
  // A runtime that lives tells its error in the trailers, and so ends its answer.
  if (failure?.fatal !== true) listener.ended();
  return result.status === 'success' ? { ...result, payload: Buffer.alloc(0) } : result;
}

function resultOf(run: ScriptedRun, { spec, event }: ScriptedCall, cold: boolean): ExecutionResult {
  const usedMb = run.maxMemoryUsedMb ?? 50;
  const restoreDurationMs = cold && spec.snapStart === true ? run.restoreDurationMs : undefined;
  const common = {
    initDurationMs: cold && restoreDurationMs === undefined ? (run.initDurationMs ?? 100) : undefined,
    restoreDurationMs,
    initOutput: cold ? (run.initOutput ?? '') : '',
    output: run.output ?? '',
    modelled: run.modelled ?? false,
    contendedShare: run.contendedShare ?? 0,
    maxMemoryUsedMb: Math.min(usedMb, spec.memoryMb),
    durationMs: Math.min(run.durationMs, spec.timeoutS * 1000),
    rawDurationMs: Math.min(run.rawDurationMs ?? run.durationMs, spec.timeoutS * 1000),
  };
  if (usedMb > spec.memoryMb) {
    const errorMessage = `RequestId: ${event.requestId} Error: Runtime exited with error: signal: killed`;
    return { ...common, ...failed({ errorType: 'Runtime.OutOfMemory', errorMessage, fatal: true }) };
  }
  if (run.durationMs > spec.timeoutS * 1000) {
    const errorMessage = `RequestId: ${event.requestId} Error: Task timed out after ${spec.timeoutS.toFixed(2)} seconds`;
    return {
      ...common,
      status: 'timeout',
      functionError: 'Unhandled',
      payload: Buffer.from(JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage })),
      environmentEnded: true,
    };
  }
  if (run.failure !== undefined) return { ...common, ...failed(run.failure) };
  const payload = Buffer.from(JSON.stringify(run.payload ?? null));
  return { ...common, status: 'success', payload, environmentEnded: false };
}

function failed({ errorType, errorMessage, fatal = false }: ScriptedFailure) {
  return {
    status: 'error' as const,
    functionError: 'Unhandled' as const,
    errorType: fatal ? errorType : undefined,
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
    environmentEnded: fatal,
  };
}

/** Stopped from outside in the middle of a run. */
function killed(result: ExecutionResult, event: InvocationEvent): ExecutionResult {
  const errorMessage = `RequestId: ${event.requestId} Error: Runtime exited with error: signal: killed`;
  return { ...result, ...failed({ errorType: 'Runtime.ExitError', errorMessage, fatal: true }) };
}

async function pass(
  durationMs: number,
  waiting: ScriptedExecutorOptions['waiting'],
  signal: AbortSignal,
): Promise<void> {
  if (waiting === 'none') return;
  if (waiting === 'real' || waiting === undefined) {
    await wait(durationMs, undefined, { signal }).catch(() => undefined);
    return;
  }
  await new Promise<void>((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    void waiting(durationMs).then(done, done);
  });
}
