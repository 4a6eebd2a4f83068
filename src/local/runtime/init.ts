import { type InitRecord, initText } from '../extensions/initRecords.ts';
import type { Ended } from '../extensions/lifeEvents.ts';
import { externalExtensions } from '../launch/externalExtensions.ts';
import { findBootstrap, type RuntimeCommand, wrapped } from '../launch/runtimes.ts';
import { busiestBetween, cpuUseBetween } from '../processes/usage.ts';
import type { EnvironmentSpec } from '../service/execution.ts';
import { initOnFreeHost } from '../timing/freeHost.ts';
import { extensionFailed, invalidEntrypoint } from './outcome.ts';
import { awaitInit, type InitOutcome } from './phases.ts';
import { type Host, openSandbox, type Sandbox } from './sandbox.ts';

/** The Init phase of an environment, or the one that Lambda does again inside of an invocation. */
export interface InitPhase {
  readonly phase: 'init' | 'invoke';
  readonly limitMs: number;
  /** The sandbox that is open from now on; only one whose runtime is ready stays so. */
  opened(sandbox: Sandbox): Promise<void>;
  /** Whether the environment has been stopped meanwhile. */
  isOver(): boolean;
}

export interface Init {
  /** Its duration is the one that REPORT, the log and extensions are told: on a host with nothing else to do. */
  readonly outcome: InitOutcome;
  readonly maxMemoryUsedMb: number;
  /** The function's busiest thread. */
  readonly busiest: string | undefined;
  /** What the function wrote, and what the service says of it, in order. */
  readonly output: string;
}

/** A failed or too long init is no error here. */
export async function runInit(
  spec: EnvironmentSpec,
  runtime: RuntimeCommand,
  host: Host,
  phase: InitPhase,
): Promise<Init> {
  const first = await tryInit(spec, runtime, host, phase);
  // Nothing of the function ran: a mount or a loop device that another program was quicker to take.
  const init = wasNotSetUp(first) && !phase.isOver() ? await tryInit(spec, runtime, host, phase) : first;
  return { ...init, output: init.output + textOf(spec, failureRecords(init, phase)) };
}

function wasNotSetUp({ outcome }: Init): boolean {
  return outcome.kind === 'failed' && outcome.neverStarted === true;
}

/** Opens a sandbox and runs init without the CPU limit. */
async function tryInit(
  spec: EnvironmentSpec,
  runtime: RuntimeCommand,
  host: Host,
  { phase, limitMs, opened }: InitPhase,
): Promise<Init> {
  const own = await runtime.command(spec);
  const { command, problem } =
    own === undefined ? await findBootstrap(spec) : { command: wrapped(own, spec), problem: undefined };
  const extensions = await externalExtensions(spec.optFolder);
  const notLaunched = extensions.problem;
  if (notLaunched !== undefined) {
    const failure = (id: string) => extensionFailed(id, 'Extension.LaunchError', notLaunched.reason);
    return notStarted({ kind: 'failed', durationMs: 0, failure }, textOf(spec, notLaunched.records));
  }
  if (problem !== undefined) {
    return notStarted({ kind: 'failed', durationMs: 0, failure: (id) => invalidEntrypoint(id, problem) }, '');
  }
  const sandbox = await openSandbox(spec, { command, extensions: extensions.names, phase }, host);
  await opened(sandbox);
  sandbox.watchMemory(true);
  const ended = await awaitInit(sandbox, limitMs);
  const after = sandbox.cpu();
  const before = sandbox.cpuBefore();
  sandbox.watchMemory(false);
  // With extensions beside it, what one thread waited may have passed while another slept: the clock's time is left.
  const isAlone = !sandbox.extensions.hasAny();
  const outcome =
    ended.kind === 'ready' && isAlone
      ? { ...ended, durationMs: initOnFreeHost(host, ended, cpuUseBetween(before, after)) }
      : ended;
  const maxMemoryUsedMb = usedMb(sandbox, spec.memoryMb, outcome.kind === 'failed' && outcome.outOfMemory);
  sandbox.extensions.initEnded(statusOf(outcome), outcome.durationMs);
  const records = sandbox.extensions.initRecords();
  let output = '';
  const hear = (text: string): void => {
    output += text;
  };
  if (outcome.kind === 'ready') hear(await sandbox.takeOutput());
  else await sandbox.shutDown('failure', hear);
  const { id: busiest } = busiestBetween(before, after);
  return { outcome, maxMemoryUsedMb, busiest, output: output + textOf(spec, records) };
}

function notStarted(outcome: InitOutcome, output: string): Init {
  return { outcome, maxMemoryUsedMb: 1, busiest: undefined, output };
}

/** As on Lambda: of an init that did not come to its end. What this machine could not set up is none. */
function failureRecords(init: Init, { phase }: InitPhase): readonly InitRecord[] {
  const { status, errorType } = statusOf(init.outcome);
  if (status === 'success' || wasNotSetUp(init)) return [];
  return [{ kind: 'report', phase, status, errorType, durationMs: init.outcome.durationMs }];
}

function textOf({ logFormat, systemLogLevel }: EnvironmentSpec, records: readonly InitRecord[]): string {
  return initText(records, { format: logFormat, systemLevel: systemLogLevel }, new Date());
}

function statusOf(outcome: InitOutcome): Ended {
  if (outcome.kind === 'ready') return { status: 'success' };
  if (outcome.kind === 'timeout') return { status: 'timeout' };
  return { status: 'error', errorType: outcome.failure('').errorType };
}

/** A process that was killed for memory cannot be asked any more; it had reached the size. */
export function usedMb(sandbox: Sandbox, memoryMb: number, outOfMemory: boolean | undefined): number {
  return outOfMemory === true ? memoryMb : sandbox.maxMemoryUsedMb();
}
