import { performance } from 'node:perf_hooks';
import type { CpuUse, Unloaded } from '../cgroup/cpuShare.ts';
import { busiestBetween, type CpuReading, cpuUseBetween } from '../processes/usage.ts';
import type { InvocationEvent, ResponseListener } from '../service/execution.ts';
import { durationOnFreeHost, longest, type TimedPath } from '../timing/freeHost.ts';
import type { CallSpeed } from '../timing/slots.ts';
import { awaitAsking, awaitEnding, type Ending } from './phases.ts';
import type { Host, Sandbox } from './sandbox.ts';

/** An invocation that is to be played in a sandbox whose runtime is ready. */
export interface Call {
  readonly event: InvocationEvent;
  readonly deadlineEpochMs: number;
  /** What is left of the function's timeout. */
  readonly limitMs: number;
  readonly memoryMb: number;
  readonly listener: ResponseListener | undefined;
  /** The function's busiest thread so far. */
  readonly busiest: string | undefined;
  /** A runtime that turns out to be gone before it was handed the event is no ending: another one can be started for it. */
  canStartAgain(): boolean;
}

/** How it ended, and what of its time was the function's. Moments are on the clock of `performance.now()`. */
export interface PlayedCall {
  readonly ending: Ending;
  readonly endedAtMs: number;
  /** Until the runtime asked for it: part of the timeout, and of no duration of the code's. */
  readonly waitedMs: number;
  /** By the clock, from when it was handed. */
  readonly rawDurationMs: number;
  /** On a host with nothing else to do. */
  readonly corrected: Unloaded;
  /** Of the thread that ran most. */
  readonly busiestCpuMs: number;
  readonly busiest: string | undefined;
  /** How fast the cores were. `next`: the thread beside which the reference loop goes on. */
  speed(next: string | undefined): Promise<CallSpeed | undefined>;
}

/** Undefined: the runtime is gone, and was not handed anything. */
export async function playCall(sandbox: Sandbox, host: Host, call: Call): Promise<PlayedCall | undefined> {
  const meter = await host.reference.begin(call.busiest);
  sandbox.throttle(true);
  sandbox.watchMemory(true);
  const before = sandbox.cpu();
  sandbox.freeze(false);
  const sinceMs = performance.now();
  const missing = await awaitAsking(sandbox, sinceMs, call.limitMs);
  if (missing !== undefined && missing.kind !== 'timeout' && call.canStartAgain()) {
    sandbox.watchMemory(false);
    await meter?.end(undefined);
    return undefined;
  }
  const handedAtMs = missing === undefined ? sandbox.hand(call.event, call.deadlineEpochMs, call.listener) : sinceMs;
  const watched = host.lateness.watch();
  const waitedMs = handedAtMs - sinceMs;
  const ending = missing ?? (await awaitEnding(sandbox, handedAtMs, call.limitMs - waitedMs));
  watched();
  const after = sandbox.cpu();
  // Timers, sockets and threads that are left go on in the next invocation.
  if (ending.kind === 'idle') sandbox.freeze(true);
  sandbox.watchMemory(false);
  const endedAtMs = endOf(ending, after.atMs);
  const busiest = busiestBetween(before, after);
  return {
    ...{ ending, endedAtMs, waitedMs, rawDurationMs: endedAtMs - handedAtMs },
    corrected: correctedOf(sandbox, host, call, { ending, handedAtMs, endedAtMs, before, after }),
    busiestCpuMs: busiest.ranMs,
    busiest: busiest.id ?? call.busiest,
    speed: async (next) => meter?.end(next),
  };
}

interface Observed {
  readonly ending: Ending;
  readonly handedAtMs: number;
  readonly endedAtMs: number;
  readonly before: CpuReading;
  readonly after: CpuReading;
}

/** Runtime and extensions go side by side: the longer one of them is the invocation's. */
function correctedOf(sandbox: Sandbox, host: Host, { memoryMb }: Call, observed: Observed): Unloaded {
  const { ending, handedAtMs, endedAtMs, before, after } = observed;
  const isOfExtension = sandbox.extensionThreads();
  const runtime = ending.kind === 'idle' ? ending.runtime : { atMs: endedAtMs, lateMs: 0 };
  const phase = host.random();
  const onFreeHost = (use: CpuUse): TimedPath => ({
    wallMs: use.wallMs,
    ...durationOnFreeHost(host, memoryMb, use, phase),
  });
  const ofRuntime = onFreeHost({
    ...{ wallMs: runtime.atMs - handedAtMs, lateMs: runtime.lateMs },
    ...cpuUseBetween(before, after, (thread) => !isOfExtension(thread)),
  });
  if (ending.kind !== 'idle' || ending.extensions === undefined) return longest([ofRuntime]);
  const ofExtensions = onFreeHost({
    // What this process was late meanwhile may have been for others, while the extension slept.
    ...{ wallMs: ending.extensions.atMs - handedAtMs, lateMs: 0 },
    ...cpuUseBetween(before, after, isOfExtension),
  });
  return longest([ofRuntime, ofExtensions]);
}

function endOf(ending: Ending, readAtMs: number): number {
  if (ending.kind === 'timeout') return readAtMs;
  return ending.kind === 'idle' ? Math.max(ending.runtime.atMs, ending.extensions?.atMs ?? 0) : ending.atMs;
}
