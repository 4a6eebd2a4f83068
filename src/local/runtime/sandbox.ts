import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { cpuQuotaFor } from '../cgroup/cpuShare.ts';
import { cpusInTurn } from '../cgroup/visibleCpus.ts';
import {
  createExtensions,
  type ExtensionHappening,
  type Extensions,
  type ShutdownReason,
} from '../extensions/extensions.ts';
import { functionVariables } from '../launch/functionVariables.ts';
import type { Confinement } from '../places/confinement.ts';
import { withoutOwnLines } from '../places/outputCapture.ts';
import type { Places } from '../places/place.ts';
import { enteringScript, layoutOf } from '../places/placeLayout.ts';
import type { Lateness } from '../processes/lateness.ts';
import { type CpuTimes, threadNames } from '../processes/processTree.ts';
import { stopTree } from '../processes/stopTree.ts';
import { type CpuReading, memoryWatch, ofThread, readCpu } from '../processes/usage.ts';
import type { EnvironmentSpec, Executor, InvocationEvent, ResponseListener } from '../service/execution.ts';
import type { Reference } from '../timing/reference.ts';
import { announceStart, type ThreadUse } from '../timing/startMoment.ts';
import { eventQueue } from './eventQueue.ts';
import { aboutFunction, behindExtensions, endGently, followExtensions, noExternal } from './extensionProcesses.ts';
import type { Exit } from './outcome.ts';
import { type RuntimeCall, startRuntimeApi } from './runtimeApi.ts';

export type SandboxEvent =
  | { readonly kind: 'started'; readonly atMs: number }
  | RuntimeCall
  | ExtensionHappening
  | ({ readonly kind: 'exit'; readonly atMs: number } & Exit);

/** One runtime process with its API, its limits and its output: everything that has to be cleared away together. */
export interface Sandbox {
  /** When it was opened; all moments are on the clock of `performance.now()`. */
  readonly openedAtMs: number;
  readonly extensions: Extensions;
  /** The next thing that happened, in order; undefined when nothing did until then. */
  nextEvent(untilMs: number): Promise<SandboxEvent | undefined>;
  /** The runtime, or an extension. */
  hasExited(): boolean;
  /** Whether the runtime waits for an event now. One that has died may seem to for a moment. */
  isAsking(): boolean;
  hand(event: InvocationEvent, deadlineEpochMs: number, listener?: ResponseListener): number;
  /** Sets or lifts the CPU quota; nothing where none can be set. */
  throttle(on: boolean): void;
  /** Stops all that runs in it, between two invocations, or lets it go on. */
  freeze(on: boolean): void;
  cpu(): CpuReading;
  /** What the process that became the runtime had used by then. */
  cpuBefore(): CpuTimes;
  /** Whether a thread of a reading is one of an external extension, as far as these run now. */
  extensionThreads(): (thread: string) => boolean;
  /** High-water mark so far, in whole MB, at least 1 and at most the memory size. */
  maxMemoryUsedMb(): number;
  /** Looks at memory from time to time while code runs. */
  watchMemory(on: boolean): void;
  takeOutput(): Promise<string>;
  /** Lets extensions end themselves within the time that they have on Lambda, then ends everything. `hear` gets what was written. */
  shutDown(reason: ShutdownReason, hear: (output: string) => void): Promise<void>;
  /** Kills everything and removes every trace. Idempotent. */
  end(): Promise<void>;
}

/** What all sandboxes of an executor share. */
export interface Host {
  readonly cpu: Executor['cpu'];
  readonly confinement: Confinement;
  readonly places: Places;
  /** The host's PATH: where functions look for programs. */
  readonly path: string;
  readonly open: Set<Sandbox>;
  readonly lateness: Lateness;
  readonly reference: Reference;
  readonly allowedCpus: readonly number[];
  /** Counts up. */
  turn(): number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** What is started in a sandbox. */
export interface Launch {
  readonly command: readonly string[];
  /** Names of files below extensions/ of the layers, started first. */
  readonly extensions: readonly string[];
  readonly phase: 'init' | 'invoke';
}

export async function openSandbox(spec: EnvironmentSpec, launch: Launch, host: Host): Promise<Sandbox> {
  const openedAtMs = performance.now();
  const hasExtensions = launch.extensions.length > 0;
  const command = hasExtensions ? behindExtensions(launch, spec.optFolder ?? '') : launch.command;
  const { layout, inside } = await layoutOf(host.confinement, spec, command, hasExtensions);
  const place = await host.places.take(layout);
  const { folder, loopback, cgroup, output } = place;
  cgroup?.limitMemory(spec.memoryMb);
  const events = eventQueue<SandboxEvent>();
  let startRuntime = (): void => undefined;
  const extensions = createExtensions({
    about: aboutFunction(spec),
    externalNames: launch.extensions,
    // Side by side, several environments can listen on one port of the name that is theirs. On Lambda it is 127.0.0.1, too.
    addresses: loopback === undefined ? ['127.0.0.1'] : [loopback, '127.0.0.1'],
    phase: launch.phase,
    logFormat: spec.logFormat,
    registered: () => startRuntime(),
    happened: events.add,
  });
  const onCall = (call: RuntimeCall): void => {
    if (call.kind === 'response') extensions.answered(call.bytes, call.atMs);
    if (call.kind === 'error') extensions.answered(call.body.length, call.atMs);
    if (call.kind === 'next') extensions.runtimeWaits(call.atMs);
    events.add(call);
  };
  const api = await startRuntimeApi(onCall, host.lateness, extensions);
  const { taskFolder, runtimeFolder, optFolder, isTmpShared } = layout;
  const script = enteringScript(host.confinement, {
    layout,
    variables: functionVariables(spec, {
      runtimeApiAddress: api.address,
      path: host.path,
      taskFolder,
      runtimeFolder,
      temporaryFolder: isTmpShared ? folder.temporaryFolder : undefined,
      optFolder,
    }),
    command: inside,
    entries: cgroup?.entries ?? [],
    cpus: cpusInTurn(spec.memoryMb, host.confinement.setsCpus ? host.allowedCpus : [], host.turn()),
  });
  const child = place.enter(script, extensions.wrote);
  const external = hasExtensions ? followExtensions(child, launch.extensions, extensions) : noExternal;
  startRuntime = external.startRuntime;

  let ending: Promise<void> | undefined;
  let endedForMemory = false;
  const roots = (): readonly number[] => [child.pid, ...external.pids()].filter((pid) => pid !== undefined);
  const memory = memoryWatch(child, roots, cgroup, spec.memoryMb, () => {
    endedForMemory = true;
    child.kill('SIGKILL');
  });
  let used: ThreadUse | undefined;
  announceStart(child, openedAtMs, ({ atMs, usedUntil }) => {
    used = usedUntil;
    events.add({ kind: 'started', atMs });
    host.places.prepare(layout);
  });
  // Once it is being ended, its groups may be gone, and nobody waits for the cause any more.
  const isOutOfMemory = () => ending === undefined && (endedForMemory || (cgroup?.oomKills() ?? 0) > 0);
  void place.gone.then((gone) => {
    const outOfMemory = gone.signal === 'SIGKILL' && isOutOfMemory();
    events.add({ kind: 'exit', ...gone, outOfMemory, fatalErrorType: extensions.fatalErrorType() });
  });
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const freeze = cgroup?.freeze ?? ((on: boolean) => stopTree(child, external.pids(), on, host.confinement.toolPath));

  async function shutDown(reason: ShutdownReason, hear: (output: string) => void): Promise<void> {
    if (ending === undefined && extensions.hasAny()) {
      freeze(false);
      const runtimeGone = hasExited() ? Promise.resolve() : once(child, 'exit').then(() => undefined);
      await endGently({ child, runtimeGone, extensions, external, reason });
    }
    if (ending === undefined) hear(withoutOwnLines(await output.take()));
    await sandbox.end();
  }

  async function end(): Promise<void> {
    memory.watch(false);
    extensions.close();
    api.close();
    await place.remove();
    host.open.delete(sandbox);
  }

  const sandbox: Sandbox = {
    openedAtMs,
    extensions,
    nextEvent: events.next,
    hasExited: () => hasExited() || external.hasExited(),
    isAsking: api.isAsking,
    hand(event, deadlineEpochMs, listener) {
      const handedAtMs = api.hand(event, deadlineEpochMs, listener);
      extensions.invoked(event, deadlineEpochMs, handedAtMs);
      return handedAtMs;
    },
    throttle: (on) => cgroup?.limitCpu(on ? cpuQuotaFor(spec.memoryMb) : undefined),
    freeze,
    cpu: () => readCpu(roots(), cgroup),
    cpuBefore: () => ofThread(child.pid, used),
    extensionThreads() {
      const names = threadNames(external.pids());
      return (thread) => names.has(thread);
    },
    maxMemoryUsedMb: memory.maxUsedMb,
    watchMemory: memory.watch,
    takeOutput: async () => withoutOwnLines(await output.take()),
    shutDown,
    end() {
      ending ??= end();
      return ending;
    },
  };
  host.open.add(sandbox);
  return sandbox;
}
