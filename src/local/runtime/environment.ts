import { performance } from 'node:perf_hooks';
import { referenceLoop } from '../../model/measurement.ts';
import type { CpuUse, Unloaded } from '../cgroup/cpuShare.ts';
import { type InitRecord, initText } from '../extensions/initRecords.ts';
import type { Ended } from '../extensions/lifeEvents.ts';
import type {
  EnvironmentSpec,
  ExecutionEnvironment,
  ExecutionResult,
  InvocationEvent,
  ResponseListener,
} from '../service/execution.ts';
import { billedDurationMs } from '../service/reportText.ts';
import { durationOnFreeHost, initOnFreeHost, longest, type TimedPath } from '../timing/freeHost.ts';
import type { CallSpeed } from '../timing/slots.ts';
import { answerOf, failed } from './callerAnswer.ts';
import { externalExtensions } from './externalExtensions.ts';
import { extensionFailed, type Failure, invalidEntrypoint, timedOut } from './outcome.ts';
import { awaitAsking, awaitEnding, awaitInit, type Ending, type InitOutcome } from './phases.ts';
import { findBootstrap, type RuntimeCommand, wrapped } from './runtimes.ts';
import { type Host, openSandbox, type Sandbox } from './sandbox.ts';
import { busiestBetween, cpuUseBetween } from './usage.ts';

/** "The init phase is limited to 10 seconds" (AWS docs); after it, Lambda starts again inside the first invocation. */
const initLimitMs = 10_000;

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
  const onFreeHost = (use: CpuUse, phase: number): TimedPath => ({
    wallMs: use.wallMs,
    ...durationOnFreeHost(host, spec.memoryMb, use, phase),
  });
  /** The one sandbox that is open, if any, and whether its runtime waits for an event. */
  let sandbox: Sandbox | undefined;
  let isReady = false;
  /** What was written before the invocation that will report it. */
  let earlierOutput = '';
  let initDurationMs: number | undefined;
  let isOver = false;
  let isRunning = false;
  /** The function's busiest thread in the last call, or in init. */
  let busiest: string | undefined;
  /** Extensions end themselves meanwhile. */
  let leaving: Promise<void> = Promise.resolve();

  /** Opens a sandbox and runs init without the CPU limit. Only a sandbox whose runtime is ready stays open. */
  async function init(limitMs: number, phase: 'init' | 'invoke', isSecondTry = false): Promise<Init> {
    const outputBefore = earlierOutput;
    const own = await runtime.command(spec);
    const { command, problem } =
      own === undefined ? await findBootstrap(spec) : { command: wrapped(own, spec), problem: undefined };
    const extensions = await externalExtensions(spec.optFolder);
    const notLaunched = extensions.problem;
    if (notLaunched !== undefined) {
      return notStarted((id) => extensionFailed(id, 'Extension.LaunchError', notLaunched));
    }
    if (problem !== undefined) return notStarted((id) => invalidEntrypoint(id, problem));
    const opened = await openSandbox(spec, { command, extensions: extensions.names, phase }, host);
    sandbox = opened;
    if (isOver) await opened.end();
    opened.watchMemory(true);
    const ended = await awaitInit(opened, limitMs);
    const after = opened.cpu();
    const before = opened.cpuBefore();
    busiest = busiestBetween(before, after).id;
    opened.watchMemory(false);
    // With extensions beside it, what one thread waited may have passed while another slept: the clock's time is left.
    const isAlone = !opened.extensions.hasAny();
    const outcome =
      ended.kind === 'ready' && isAlone
        ? { ...ended, durationMs: initOnFreeHost(host, ended, cpuUseBetween(before, after)) }
        : ended;
    const maxMemoryUsedMb = usedMb(opened, spec.memoryMb, outcome.kind === 'failed' && outcome.outOfMemory);
    isReady = outcome.kind === 'ready';
    opened.extensions.initEnded(initStatus(outcome), outcome.kind === 'timeout' ? limitMs : outcome.durationMs);
    const records = opened.extensions.initRecords();
    // In its place: behind what was written until then.
    if (isReady && records.length > 0) earlierOutput += await opened.takeOutput();
    if (!isReady) await leave(opened);
    log(records);
    // Nothing of the function ran: a mount or a loop device that another program was quicker to take.
    if (outcome.kind === 'failed' && outcome.neverStarted === true && !isSecondTry && !isOver) {
      earlierOutput = outputBefore;
      return init(limitMs, phase, true);
    }
    return { ...outcome, maxMemoryUsedMb };
  }

  function log(records: readonly InitRecord[]): void {
    earlierOutput += initText(records, { format: spec.logFormat, systemLevel: spec.systemLogLevel }, new Date());
  }

  /** As on Lambda: of an init that did not come to its end. What this machine could not set up is none. */
  function logFailed(outcome: InitOutcome, phase: 'init' | 'invoke', limitMs: number): void {
    const { status, errorType } = initStatus(outcome);
    if (status === 'success' || (outcome.kind === 'failed' && outcome.neverStarted === true)) return;
    const durationMs = outcome.kind === 'timeout' ? limitMs : outcome.durationMs;
    log([{ kind: 'report', phase, status, errorType, durationMs }]);
  }

  async function leave(left: Sandbox): Promise<void> {
    isReady = false;
    await left.shutDown('failure', (output) => {
      earlierOutput += output;
    });
  }

  async function invoke(event: InvocationEvent, listener?: ResponseListener): Promise<ExecutionResult> {
    if (isOver) throw new Error('This environment has ended.');
    // Code that went on after its answer can have ended the runtime meanwhile; then init is done again, silently.
    if (sandbox !== undefined && isReady && sandbox.hasExited()) await leave(sandbox);
    const deadlineEpochMs = Date.now() + timeoutMs;
    const startAgain = (): Promise<ExecutionResult> => runAfterInit(event, deadlineEpochMs, listener);
    if (sandbox === undefined || !isReady) return startAgain();
    return run(event, sandbox, deadlineEpochMs, 0, listener, startAgain);
  }

  async function runAfterInit(
    event: InvocationEvent,
    deadlineEpochMs: number,
    listener: ResponseListener | undefined,
  ): Promise<ExecutionResult> {
    const again = await init(timeoutMs, 'invoke');
    logFailed(again, 'invoke', timeoutMs);
    if (again.kind === 'ready' && sandbox !== undefined) {
      return run(event, sandbox, deadlineEpochMs, again.durationMs, listener);
    }
    isOver = true;
    const isTimeout = again.kind !== 'failed';
    const failure = isTimeout ? timedOut(event.requestId, spec.timeoutS) : again.failure(event.requestId);
    return {
      ...failed(isTimeout ? 'timeout' : 'error', failure),
      durationMs: isTimeout ? timeoutMs : again.durationMs,
      rawDurationMs: isTimeout ? timeoutMs : again.durationMs,
      maxMemoryUsedMb: again.maxMemoryUsedMb,
      output: earlierOutput,
      modelled: false,
      contendedShare: 0,
      environmentEnded: true,
    };
  }

  async function run(
    event: InvocationEvent,
    active: Sandbox,
    deadlineEpochMs: number,
    begunMs: number,
    listener: ResponseListener | undefined,
    startAgain?: () => Promise<ExecutionResult>,
  ): Promise<ExecutionResult> {
    isRunning = true;
    const meter = await host.reference.begin(busiest);
    active.throttle(true);
    active.watchMemory(true);
    const before = active.cpu();
    active.freeze(false);
    const sinceMs = performance.now();
    const missing = await awaitAsking(active, sinceMs, timeoutMs - begunMs);
    if (missing !== undefined && missing.kind !== 'timeout' && startAgain !== undefined && !isOver) {
      isRunning = false;
      active.watchMemory(false);
      await meter?.end(undefined);
      await leave(active);
      return startAgain();
    }
    const handedAtMs = missing === undefined ? active.hand(event, deadlineEpochMs, listener) : sinceMs;
    const watched = host.lateness.watch();
    const spentMs = begunMs + handedAtMs - sinceMs;
    const ending = missing ?? (await awaitEnding(active, handedAtMs, timeoutMs - spentMs));
    watched();
    const after = active.cpu();
    // Timers, sockets and threads that are left go on in the next invocation.
    if (ending.kind === 'idle') active.freeze(true);
    active.watchMemory(false);
    busiest = busiestBetween(before, after).id ?? busiest;

    isRunning = false;
    const endedAtMs = endOf(ending, after.atMs);
    const rawDurationMs = endedAtMs - handedAtMs;
    const isOfExtension = active.extensionThreads();
    const runtime = ending.kind === 'idle' ? ending.runtime : { atMs: endedAtMs, lateMs: 0 };
    const uses: CpuUse[] = [
      {
        ...{ wallMs: runtime.atMs - handedAtMs, lateMs: runtime.lateMs },
        ...cpuUseBetween(before, after, (thread) => !isOfExtension(thread)),
      },
    ];
    if (ending.kind === 'idle' && ending.extensions !== undefined) {
      // What this process was late meanwhile may have been for others, while the extension slept.
      const wallMs = ending.extensions.atMs - handedAtMs;
      uses.push({ wallMs, lateMs: 0, ...cpuUseBetween(before, after, isOfExtension) });
    }
    const phase = host.random();
    const corrected = longest(uses.map((use) => onFreeHost(use, phase)));
    const durationMs = spentMs + corrected.durationMs;
    // A modelled duration can pass the limit although the real one did not.
    const told =
      ending.kind === 'timeout' || durationMs > timeoutMs
        ? failed('timeout', timedOut(event.requestId, spec.timeoutS))
        : answerOf(event.requestId, ending);
    const isTimeout = told.status === 'timeout';
    const outOfMemory = ending.kind === 'exit' && ending.outOfMemory;
    isOver = isOver || isTimeout || ending.kind !== 'idle';
    const [written, speed] = await Promise.all([active.takeOutput(), meter?.end(isOver ? undefined : busiest)]);
    const output = earlierOutput + written;
    const maxMemoryUsedMb = usedMb(active, spec.memoryMb, outOfMemory);

    const reported = { durationMs: isTimeout ? timeoutMs : durationMs, initDurationMs, maxMemoryUsedMb };
    const { status, errorType } = told;
    const billedMs = billedDurationMs(reported.durationMs, initDurationMs);
    active.extensions.reported({ ...reported, status, errorType, billedDurationMs: billedMs }, endedAtMs);
    initDurationMs = undefined;
    earlierOutput = '';
    if (isOver) {
      leaving = active.shutDown(isTimeout ? 'timeout' : 'failure', hearLate);
      // Nobody waits for extensions to end themselves, but for all else to be gone.
      if (!active.extensions.hasAny()) await leaving;
    }
    return {
      ...told,
      ...reported,
      rawDurationMs: spentMs + rawDurationMs,
      output,
      modelled: host.cpu === 'modelled',
      ...aboutHost(corrected, speed, rawDurationMs, busiestBetween(before, after).ranMs),
      environmentEnded: isOver,
    };
  }

  const first = await init(initLimitMs, 'init');
  logFailed(first, 'init', initLimitMs);
  if (first.kind === 'ready') initDurationMs = first.durationMs;

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

function endOf(ending: Ending, readAtMs: number): number {
  if (ending.kind === 'timeout') return readAtMs;
  return ending.kind === 'idle' ? Math.max(ending.runtime.atMs, ending.extensions?.atMs ?? 0) : ending.atMs;
}

/** What the reference loop itself held up is in the clock's time and in no duration, and is not the host's doing. */
function aboutHost({ busyMs, contendedShare }: Unloaded, speed: CallSpeed | undefined, wallMs: number, cpuMs: number) {
  if (speed === undefined) return { contendedShare };
  const { heldMs, referenceMs, fastestMs, error } = speed;
  const heldShare = wallMs > 0 ? heldMs / wallMs : 0;
  return {
    contendedShare: Math.max(0, contendedShare - heldShare),
    pace: { busyMs, cpuMs, loop: referenceLoop, referenceMs, fastestMs, error },
  };
}

type Init = InitOutcome & { readonly maxMemoryUsedMb: number };

function notStarted(failure: (requestId: string) => Failure): Init {
  return { kind: 'failed', durationMs: 0, maxMemoryUsedMb: 1, failure };
}

function initStatus(outcome: InitOutcome): Ended {
  if (outcome.kind === 'ready') return { status: 'success' };
  if (outcome.kind === 'timeout') return { status: 'timeout' };
  return { status: 'error', errorType: outcome.failure('').errorType };
}

/** A process that was killed for memory cannot be asked any more; it had reached the size. */
function usedMb(sandbox: Sandbox, memoryMb: number, outOfMemory: boolean | undefined): number {
  return outOfMemory === true ? memoryMb : sandbox.maxMemoryUsedMb();
}
