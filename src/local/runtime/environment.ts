import type { RuntimeCommand } from '../launch/runtimes.ts';
import type {
  EnvironmentSpec,
  ExecutionEnvironment,
  ExecutionResult,
  InvocationEvent,
  ResponseListener,
} from '../service/execution.ts';
import { billedDurationMs } from '../service/reportText.ts';
import { answerOf, failed } from './callerAnswer.ts';
import { hostShare } from './hostShare.ts';
import { type Init, type InitPhase, runInit, usedMb } from './init.ts';
import { timedOut } from './outcome.ts';
import { type PlayedCall, playCall } from './playedCall.ts';
import type { Host, Sandbox } from './sandbox.ts';

/** "The init phase is limited to 10 seconds" (AWS docs); after it, Lambda starts again inside the first invocation. */
const initLimitMs = 10_000;

/** An invocation, and what an init inside of it took of its time. */
interface Asked {
  readonly event: InvocationEvent;
  readonly deadlineEpochMs: number;
  readonly listener: ResponseListener | undefined;
  readonly begunMs: number;
}

/**
 * Starts a runtime and waits for its init. A failed or too long init is no error here: as on Lambda, the first
 * invocation tries once more, and that try is part of its duration instead of an init duration of its own.
 */
export async function startEnvironment(
  spec: EnvironmentSpec,
  runtime: RuntimeCommand,
  host: Host,
  hearLate: (output: string) => void = () => undefined,
): Promise<ExecutionEnvironment> {
  const timeoutMs = spec.timeoutS * 1000;
  /** The one sandbox that is open, if any, and whether its runtime waits for an event. */
  let sandbox: Sandbox | undefined;
  let isReady = false;
  /** What was written before the invocation that will report it. */
  let initOutput = '';
  let initDurationMs: number | undefined;
  let isOver = false;
  let isRunning = false;
  /** The function's busiest thread in the last call, or in init. */
  let busiest: string | undefined;
  /** Extensions end themselves meanwhile. */
  let leaving: Promise<void> = Promise.resolve();

  async function init(phase: InitPhase['phase'], limitMs: number): Promise<Init> {
    const done = await runInit(spec, runtime, host, {
      ...{ phase, limitMs },
      isOver: () => isOver,
      async opened(opened) {
        sandbox = opened;
        if (isOver) await opened.end();
      },
    });
    isReady = done.outcome.kind === 'ready';
    busiest = done.busiest;
    initOutput += done.output;
    return done;
  }

  async function leave(left: Sandbox): Promise<void> {
    isReady = false;
    await left.shutDown('failure', (output) => {
      initOutput += output;
    });
  }

  async function invoke(event: InvocationEvent, listener?: ResponseListener): Promise<ExecutionResult> {
    if (isOver) throw new Error('This environment has ended.');
    // Code that went on after its answer can have ended the runtime meanwhile; then init is done again, silently.
    if (sandbox !== undefined && isReady && sandbox.hasExited()) await leave(sandbox);
    const asked = { event, deadlineEpochMs: Date.now() + timeoutMs, listener, begunMs: 0 };
    const result = sandbox !== undefined && isReady ? await run(asked, sandbox, true) : undefined;
    return result ?? runAfterInit(asked);
  }

  async function runAfterInit(asked: Asked): Promise<ExecutionResult> {
    const done = await init('invoke', timeoutMs);
    if (done.outcome.kind === 'ready' && sandbox !== undefined) {
      const result = await run({ ...asked, begunMs: done.outcome.durationMs }, sandbox, false);
      if (result !== undefined) return result;
    }
    isOver = true;
    return neverBegun(spec, asked.event.requestId, done, initOutput);
  }

  /** Undefined: the runtime was gone before it had the event, and another one can be started. */
  async function run(asked: Asked, active: Sandbox, canStartAgain: boolean): Promise<ExecutionResult | undefined> {
    const { event, deadlineEpochMs, listener, begunMs } = asked;
    isRunning = true;
    const played = await playCall(active, host, {
      ...{ event, deadlineEpochMs, listener, busiest },
      limitMs: timeoutMs - begunMs,
      memoryMb: spec.memoryMb,
      canStartAgain: () => canStartAgain && !isOver,
    });
    isRunning = false;
    if (played === undefined) {
      await leave(active);
      return undefined;
    }
    busiest = played.busiest;
    return reported(asked, active, played);
  }

  /** What the caller is told, once the extensions know and, where the environment is over, it is on its way out. */
  async function reported(asked: Asked, active: Sandbox, played: PlayedCall): Promise<ExecutionResult> {
    const { ending, corrected, rawDurationMs, endedAtMs } = played;
    const spentMs = asked.begunMs + played.waitedMs;
    const durationMs = spentMs + corrected.durationMs;
    const told = answerWithin(spec, asked.event.requestId, played, durationMs);
    const isTimeout = told.status === 'timeout';
    isOver = isOver || isTimeout || ending.kind !== 'idle';
    const [output, speed] = await Promise.all([active.takeOutput(), played.speed(isOver ? undefined : busiest)]);
    const maxMemoryUsedMb = usedMb(active, spec.memoryMb, ending.kind === 'exit' && ending.outOfMemory);
    const figures = { durationMs: isTimeout ? timeoutMs : durationMs, initDurationMs, maxMemoryUsedMb };
    const { status, errorType } = told;
    const billedMs = billedDurationMs(figures.durationMs, initDurationMs);
    active.extensions.reported({ ...figures, status, errorType, billedDurationMs: billedMs }, endedAtMs);
    const writtenBefore = initOutput;
    initDurationMs = undefined;
    initOutput = '';
    if (isOver) {
      leaving = active.shutDown(isTimeout ? 'timeout' : 'failure', hearLate);
      // Nobody waits for extensions to end themselves, but for all else to be gone.
      if (!active.extensions.hasAny()) await leaving;
    }
    return {
      ...told,
      ...figures,
      rawDurationMs: spentMs + rawDurationMs,
      initOutput: writtenBefore,
      output,
      modelled: host.cpu === 'modelled',
      ...hostShare(corrected, speed, { wallMs: rawDurationMs, cpuMs: played.busiestCpuMs }),
      environmentEnded: isOver,
    };
  }

  const first = await init('init', initLimitMs);
  if (first.outcome.kind === 'ready') initDurationMs = first.outcome.durationMs;

  return {
    spec,
    invoke,
    async stop() {
      const wasOver = isOver;
      isOver = true;
      await leaving;
      // One that runs is ended, not asked.
      if (wasOver || isRunning) await sandbox?.end();
      else await sandbox?.shutDown('spindown', hearLate);
    },
  };
}

/** A modelled duration can pass the limit although the real one did not. */
function answerWithin({ timeoutS }: EnvironmentSpec, requestId: string, { ending }: PlayedCall, durationMs: number) {
  return ending.kind === 'timeout' || durationMs > timeoutS * 1000
    ? failed('timeout', timedOut(requestId, timeoutS))
    : answerOf(requestId, ending);
}

/** The init inside of the call failed, or took all of its time: the call is that init. */
function neverBegun(
  { timeoutS }: EnvironmentSpec,
  requestId: string,
  { outcome, maxMemoryUsedMb }: Init,
  initOutput: string,
): ExecutionResult {
  const told =
    outcome.kind === 'failed'
      ? failed('error', outcome.failure(requestId))
      : failed('timeout', timedOut(requestId, timeoutS));
  return {
    ...told,
    durationMs: outcome.durationMs,
    rawDurationMs: outcome.durationMs,
    maxMemoryUsedMb,
    initOutput,
    output: '',
    modelled: false,
    contendedShare: 0,
    environmentEnded: true,
  };
}
