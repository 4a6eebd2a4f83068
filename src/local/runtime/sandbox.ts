import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CgroupHost } from '../cgroup/cgroup.ts';
import { cpuQuotaFor } from '../cgroup/cpuShare.ts';
import type { Pipes } from '../enclosure/pipes.ts';
import {
  createExtensions,
  type ExtensionHappening,
  type Extensions,
  type ShutdownReason,
} from '../extensions/extensions.ts';
import type { EnvironmentSpec, Executor, InvocationEvent, ResponseListener } from '../service/execution.ts';
import type { Reference } from '../timing/reference.ts';
import { type Confined, type Confinement, confinedCommand } from './confinement.ts';
import { eventQueue } from './eventQueue.ts';
import {
  aboutFunction,
  behindExtensions,
  endGently,
  followExtensions,
  noExternal,
  stdioOf,
  writeHosts,
} from './extensionProcesses.ts';
import { functionVariables, shielded } from './functionVariables.ts';
import type { Lateness } from './lateness.ts';
import type { Exit } from './outcome.ts';
import { captureOutput, closeQuietly, withoutOwnLines } from './outputCapture.ts';
import { describeEnvironment, type OwnerFolder, removeEnvironment } from './ownerFolder.ts';
import { threadNames } from './processTree.ts';
import { type RuntimeCall, startRuntimeApi } from './runtimeApi.ts';
import { announceStart } from './startMoment.ts';
import { stopTree } from './stopTree.ts';
import { type CpuReading, memoryWatch, readCpu } from './usage.ts';
import { cpusCommand } from './visibleCpus.ts';

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
  readonly owner: OwnerFolder;
  readonly confinement: Confinement;
  readonly pipes: Pipes;
  readonly cgroups: CgroupHost | undefined;
  /** The host's PATH: where functions look for programs. */
  readonly path: string;
  readonly open: Set<Sandbox>;
  readonly lateness: Lateness;
  readonly reference: Reference;
  readonly allowedCpus: readonly number[];
  /** Counts up. */
  turn(): number;
  /** What this process has above a function's priority, and children inherit. */
  readonly stepsAbove: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** The name of a new environment, and the address that is its `sandbox.localdomain`, where it can have one of its own. */
  nextPlace(): { readonly name: string; readonly loopback: string | undefined };
}

/** Per invocation; CloudWatch would take more, but nobody reads it here. */
const outputLimitBytes = 1024 * 1024;

/** What is started in a sandbox. */
export interface Launch {
  readonly command: readonly string[];
  /** Names of files below extensions/ of the layers, started first. */
  readonly extensions: readonly string[];
  readonly phase: 'init' | 'invoke';
}

export async function openSandbox(spec: EnvironmentSpec, launch: Launch, host: Host): Promise<Sandbox> {
  const openedAtMs = performance.now();
  const { name, loopback } = host.nextPlace();
  const hasExtensions = launch.extensions.length > 0;
  await mkdir(join(host.owner.path, name, 'tmp'), { recursive: true });
  const cgroup = host.cgroups?.create(name, spec.memoryMb);
  const cgroupFolders = cgroup?.folders ?? [];
  const folder = describeEnvironment(host.owner, name, cgroupFolders);
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
  const command = hasExtensions ? behindExtensions(launch, spec.optFolder ?? '') : launch.command;
  const confine = async (): Promise<Confined> => {
    if (spec.optFolder !== undefined && loopback !== undefined) await writeHosts(folder.path, loopback);
    return confinedCommand(host.confinement, spec, folder.path, cgroup?.entries ?? [], command);
  };
  const [api, output, confined] = await Promise.all([
    startRuntimeApi(onCall, host.lateness, extensions),
    captureOutput(
      [
        { path: join(folder.path, 'output'), hear: (text) => extensions.wrote('function', text) },
        ...(hasExtensions
          ? [{ path: join(folder.path, 'extensions'), hear: (text: string) => extensions.wrote('extension', text) }]
          : []),
      ],
      host.pipes,
      outputLimitBytes,
    ),
    confine(),
  ]);
  const { argv, taskFolder, runtimeFolder, optFolder, isTmpShared } = confined;
  const cpus = cpusCommand(spec.memoryMb, host.confinement.setsCpus ? host.allowedCpus : [], host.turn());
  const ordinary = host.stepsAbove > 0 ? ['nice', '-n', String(host.stepsAbove), ...cpus, ...argv] : [...cpus, ...argv];
  const child = spawn(ordinary[0] ?? '', ordinary.slice(1), {
    cwd: spec.codeFolder,
    env: shielded(host.confinement.toolPath, {
      ...functionVariables(spec, {
        runtimeApiAddress: api.address,
        path: host.path,
        taskFolder,
        runtimeFolder,
        temporaryFolder: isTmpShared ? folder.temporaryFolder : undefined,
        optFolder,
      }),
      _TUNE_ENVIRONMENT: folder.mark,
    }),
    // The leader of a session and process group of its own.
    detached: true,
    stdio: stdioOf(output.writeEnds),
  });
  for (const writeEnd of output.writeEnds) closeQuietly(writeEnd);
  if (child.pid !== undefined) folder.recordLeader(child.pid);
  const external = hasExtensions ? followExtensions(child, launch.extensions, extensions) : noExternal;
  startRuntime = external.startRuntime;

  let ending: Promise<void> | undefined;
  let endedForMemory = false;
  const roots = (): readonly number[] => [child.pid, ...external.pids()].filter((pid) => pid !== undefined);
  const memory = memoryWatch(child, roots, cgroup, spec.memoryMb, () => {
    endedForMemory = true;
    child.kill('SIGKILL');
  });
  announceStart(child, openedAtMs, (atMs) => events.add({ kind: 'started', atMs }));
  // Once it is being ended, its groups may be gone, and nobody waits for the cause any more.
  const isOutOfMemory = () => ending === undefined && (endedForMemory || (cgroup?.oomKills() ?? 0) > 0);
  // Its number can be another's from then on, and the watchdog would end that one.
  child.once('exit', () => folder.forgetLeader());
  announceExit(child, (exit) => events.add({ ...exit, fatalErrorType: extensions.fatalErrorType() }), isOutOfMemory);
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const freeze = cgroup?.freeze ?? ((on: boolean) => stopTree(child, on, host.confinement.toolPath));

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
    const leader = hasExited() ? undefined : child.pid;
    child.kill('SIGKILL');
    // What is frozen does not die.
    cgroup?.freeze?.(false);
    memory.watch(false);
    extensions.close();
    api.close();
    await removeEnvironment(host.owner, folder, leader, cgroupFolders);
    output.close();
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

type ExitEvent = Extract<SandboxEvent, { kind: 'exit' }>;

/** `exit`, not `close`: descendants may hold the pipes open for ever. */
function announceExit(child: ChildProcess, add: (event: ExitEvent) => void, outOfMemory: () => boolean): void {
  child.once('exit', (exitCode, signal) => {
    add({
      kind: 'exit',
      atMs: performance.now(),
      exitCode,
      signal,
      outOfMemory: signal === 'SIGKILL' && outOfMemory(),
    });
  });
  child.once('error', () => {
    add({ kind: 'exit', atMs: performance.now(), exitCode: 127, signal: null, outOfMemory: false });
  });
}
