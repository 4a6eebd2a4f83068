import { join } from 'node:path';
import { contendedShare, modelledDurationMs } from './cpuShare.ts';
import type { EnvironmentSpec, ExecutionEnvironment, ExecutionResult, InvocationEvent } from './execution.ts';
import { exited, type Failure, initFailed, invalidEntrypoint, responseTooLarge, timedOut } from './outcome.ts';
import { bootstrapProblem, type RuntimeCommand } from './runtimes.ts';
import { type Host, openSandbox, type Sandbox, type SandboxEvent } from './sandbox.ts';

/** "The init phase is limited to 10 seconds" (AWS docs); after it, Lambda starts again inside the first invocation. */
const initLimitMs = 10_000;

/** How long a crash waits for what the runtime sent before it died; not part of any duration. */
const lateAnswerMs = 20;

/**
 * Starts a runtime and waits for its init. A failed or too long init is no error here: as on Lambda, the first
 * invocation tries once more, and that try is part of its duration instead of an init duration of its own.
 */
export async function startEnvironment(
  spec: EnvironmentSpec,
  runtime: RuntimeCommand,
  host: Host,
): Promise<ExecutionEnvironment> {
  const timeoutMs = spec.timeoutS * 1000;
  let sandbox: Sandbox | undefined;
  /** What was written before the invocation that will report it. */
  let earlierOutput = '';
  let initDurationMs: number | undefined;
  let isOver = false;

  /** Opens a sandbox and runs init without the CPU limit. Leaves a sandbox behind only when the runtime is ready. */
  async function init(limitMs: number): Promise<Init> {
    const command = runtime.command(spec.memoryMb) ?? [join(spec.codeFolder, 'bootstrap')];
    const problem = runtime.command(spec.memoryMb) === undefined ? await bootstrapProblem(command[0] ?? '') : undefined;
    if (problem !== undefined) {
      return { kind: 'failed', durationMs: 0, maxMemoryUsedMb: 1, failure: (id) => invalidEntrypoint(id, problem) };
    }
    const opened = await openSandbox(spec, command, host);
    opened.watchMemory(true);
    const outcome = await awaitInit(opened, limitMs);
    opened.watchMemory(false);
    const maxMemoryUsedMb = usedMb(opened, spec.memoryMb, outcome.kind === 'failed' && outcome.outOfMemory);
    if (outcome.kind === 'ready') sandbox = opened;
    else {
      earlierOutput += await opened.takeOutput();
      await opened.end();
    }
    return { ...outcome, maxMemoryUsedMb };
  }

  async function invoke(event: InvocationEvent): Promise<ExecutionResult> {
    if (isOver) throw new Error('This environment has ended.');
    const deadlineEpochMs = Date.now() + timeoutMs;
    if (sandbox !== undefined) return run(event, sandbox, deadlineEpochMs, 0);

    const again = await init(timeoutMs);
    if (again.kind === 'ready' && sandbox !== undefined) return run(event, sandbox, deadlineEpochMs, again.durationMs);
    isOver = true;
    const isTimeout = again.kind !== 'failed';
    const failure = isTimeout ? timedOut(event.requestId, spec.timeoutS) : again.failure(event.requestId);
    return {
      ...failed(isTimeout ? 'timeout' : 'error', failure),
      durationMs: isTimeout ? timeoutMs : again.durationMs,
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
    spentMs: number,
  ): Promise<ExecutionResult> {
    active.throttle(true);
    active.watchMemory(true);
    const before = active.counters();
    const handedAtMs = active.hand(event, deadlineEpochMs);
    const ending = await awaitEnding(active, handedAtMs, timeoutMs - spentMs);
    const after = active.counters();
    active.watchMemory(false);

    const wallMs = (ending.kind === 'timeout' ? after.wallMs : ending.atMs) - handedAtMs;
    const used = {
      wallMs,
      cpuMs: Math.max(0, after.cpuMs - before.cpuMs),
      runDelayMs: after.runDelayMs - before.runDelayMs,
      throttledMs: after.throttledMs - before.throttledMs,
    };
    const modelled = host.cpu === 'modelled';
    const durationMs = spentMs + (modelled ? modelledDurationMs(wallMs, used.cpuMs, spec.memoryMb) : wallMs);
    // A modelled duration can pass the limit although the real one did not.
    const told =
      ending.kind === 'timeout' || durationMs > timeoutMs
        ? failed('timeout', timedOut(event.requestId, spec.timeoutS))
        : answerOf(event.requestId, ending);
    const isTimeout = told.status === 'timeout';
    const outOfMemory = ending.kind === 'exit' && ending.outOfMemory;
    isOver = isTimeout || ending.kind === 'exit';
    const output = earlierOutput + (await active.takeOutput());
    const maxMemoryUsedMb = usedMb(active, spec.memoryMb, outOfMemory);
    if (isOver) await active.end();

    const coldStart = initDurationMs === undefined ? {} : { initDurationMs };
    initDurationMs = undefined;
    earlierOutput = '';
    return {
      ...told,
      durationMs: isTimeout ? timeoutMs : durationMs,
      ...coldStart,
      maxMemoryUsedMb,
      output,
      modelled,
      contendedShare: contendedShare(used, spec.memoryMb),
      environmentEnded: isOver,
    };
  }

  const first = await init(initLimitMs);
  if (first.kind === 'ready') initDurationMs = first.durationMs;

  return {
    spec,
    invoke,
    async stop() {
      isOver = true;
      await sandbox?.end();
    },
  };
}

type InitOutcome =
  | { readonly kind: 'ready'; readonly durationMs: number }
  | {
      readonly kind: 'failed';
      readonly durationMs: number;
      readonly outOfMemory?: boolean;
      readonly failure: (requestId: string) => Failure;
    }
  | { readonly kind: 'timeout' };

type Init = InitOutcome & { readonly maxMemoryUsedMb: number };

type Answer = Extract<SandboxEvent, { kind: 'response' | 'responseTooLarge' | 'error' }>;

type Exited = Extract<SandboxEvent, { kind: 'exit' }>;

type Ending =
  /** The runtime asked for the next event: only then Lambda calls an invocation over. */
  | { readonly kind: 'idle'; readonly atMs: number; readonly answer: Answer }
  | (Exited & { readonly answer?: Answer })
  | { readonly kind: 'timeout' };

/** Counted from the start of the runtime itself: what is set up around it is in no figure of Lambda's either. */
async function awaitInit(sandbox: Sandbox, limitMs: number): Promise<InitOutcome> {
  let startedAtMs = sandbox.openedAtMs;
  for (;;) {
    const event = await sandbox.nextEvent(startedAtMs + limitMs);
    if (event === undefined) return { kind: 'timeout' };
    const durationMs = event.atMs - startedAtMs;
    if (event.kind === 'started') startedAtMs = event.atMs;
    if (event.kind === 'next') return { kind: 'ready', durationMs };
    if (event.kind === 'initError') {
      return { kind: 'failed', durationMs, failure: () => initFailed(event.body, event.errorType) };
    }
    if (event.kind === 'exit') {
      const late = await sandbox.nextEvent(event.atMs + lateAnswerMs);
      if (late?.kind === 'initError') {
        return { kind: 'failed', durationMs, failure: () => initFailed(late.body, late.errorType) };
      }
      return { kind: 'failed', durationMs, outOfMemory: event.outOfMemory, failure: (id) => exited(id, event) };
    }
  }
}

async function awaitEnding(sandbox: Sandbox, handedAtMs: number, limitMs: number): Promise<Ending> {
  let answer: Answer | undefined;
  let exit: Exited | undefined;
  for (;;) {
    const event = await sandbox.nextEvent(exit === undefined ? handedAtMs + limitMs : exit.atMs + lateAnswerMs);
    if (event === undefined) {
      if (exit === undefined) return { kind: 'timeout' };
      return answer === undefined ? exit : { ...exit, answer };
    }
    if (event.kind === 'exit') exit = event;
    if (event.kind === 'response' || event.kind === 'responseTooLarge' || event.kind === 'error') answer = event;
    if (event.kind === 'next' && answer !== undefined) return { kind: 'idle', atMs: event.atMs, answer };
  }
}

type Told = Pick<ExecutionResult, 'status' | 'errorType' | 'functionError' | 'payload'>;

/** A runtime that answers and then dies has answered; the death shows in REPORT when the answer was an error. */
function answerOf(requestId: string, ending: Exclude<Ending, { kind: 'timeout' }>): Told {
  const { answer } = ending;
  if (answer === undefined) return failed('error', exited(requestId, ending as Exited));
  if (answer.kind === 'response') return { status: 'success', payload: answer.body };
  if (answer.kind === 'responseTooLarge') return failed('error', responseTooLarge());
  return failed('error', {
    payload: answer.body,
    ...(ending.kind === 'exit' ? { errorType: 'Runtime.ExitError' } : {}),
  });
}

/** Today's runtimes report every failure as unhandled; `Handled` is a relic of Node 0.10. */
function failed(status: 'error' | 'timeout', failure: Failure): Told {
  const errorType = failure.errorType === undefined ? {} : { errorType: failure.errorType };
  return { status, functionError: 'Unhandled', payload: failure.payload, ...errorType };
}

/** A process that was killed for memory cannot be asked any more; it had reached the size. */
function usedMb(sandbox: Sandbox, memoryMb: number, outOfMemory: boolean | undefined): number {
  return outOfMemory === true ? memoryMb : sandbox.maxMemoryUsedMb();
}
