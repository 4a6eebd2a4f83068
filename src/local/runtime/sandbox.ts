import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import type { CgroupHost } from '../cgroup/cgroup.ts';
import { cpuQuotaFor } from '../cgroup/cpuShare.ts';
import type { EnvironmentSpec, Executor, InvocationEvent } from '../service/execution.ts';
import { type Confinement, confinedCommand } from './confinement.ts';
import { eventQueue } from './eventQueue.ts';
import { functionVariables } from './functionVariables.ts';
import type { Lateness } from './lateness.ts';
import type { Exit } from './outcome.ts';
import { captureOutput, closeQuietly } from './outputCapture.ts';
import { describeEnvironment, type OwnerFolder, removeEnvironment } from './ownerFolder.ts';
import { type RuntimeCall, startRuntimeApi } from './runtimeApi.ts';
import { bootstrapsFolder } from './runtimes.ts';
import { startedAtMs } from './startMoment.ts';
import { stopTree } from './stopTree.ts';
import { type CpuReading, memoryWatch, readCpu } from './usage.ts';
import { cpusCommand } from './visibleCpus.ts';

export type SandboxEvent =
  | { readonly kind: 'started'; readonly atMs: number }
  | RuntimeCall
  | ({ readonly kind: 'exit'; readonly atMs: number } & Exit);

/** One runtime process with its API, its limits and its output: everything that has to be cleared away together. */
export interface Sandbox {
  /** When it was opened; all moments are on the clock of `performance.now()`. */
  readonly openedAtMs: number;
  /** The next thing that happened, in order; undefined when nothing did until then. */
  nextEvent(untilMs: number): Promise<SandboxEvent | undefined>;
  hasExited(): boolean;
  hand(event: InvocationEvent, deadlineEpochMs: number): number;
  /** Sets or lifts the CPU quota; nothing where none can be set. */
  throttle(on: boolean): void;
  /** Stops all that runs in it, between two invocations, or lets it go on. */
  freeze(on: boolean): void;
  cpu(): CpuReading;
  /** High-water mark so far, in whole MB, at least 1 and at most the memory size. */
  maxMemoryUsedMb(): number;
  /** Looks at memory from time to time while code runs. */
  watchMemory(on: boolean): void;
  takeOutput(): Promise<string>;
  /** Kills everything and removes every trace. Idempotent. */
  end(): Promise<void>;
}

/** What all sandboxes of an executor share. */
export interface Host {
  readonly cpu: Executor['cpu'];
  readonly owner: OwnerFolder;
  readonly confinement: Confinement;
  readonly cgroups: CgroupHost | undefined;
  /** The host's PATH: where functions look for programs. */
  readonly path: string;
  readonly open: Set<Sandbox>;
  readonly lateness: Lateness;
  readonly allowedCpus: readonly number[];
  /** Counts up. */
  turn(): number;
  /** What this process has above a function's priority, and children inherit. */
  readonly stepsAbove: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  nextName(): string;
}

/** Per invocation; CloudWatch would take more, but nobody reads it here. */
const outputLimitBytes = 1024 * 1024;

export async function openSandbox(spec: EnvironmentSpec, command: readonly string[], host: Host): Promise<Sandbox> {
  const openedAtMs = performance.now();
  const name = host.nextName();
  await mkdir(join(host.owner.path, name, 'tmp'), { recursive: true });
  const cgroup = host.cgroups?.create(name, spec.memoryMb);
  const cgroupFolders = cgroup?.folders ?? [];
  const folder = describeEnvironment(host.owner, name, cgroupFolders);
  const events = eventQueue<SandboxEvent>();
  const [api, output] = await Promise.all([
    startRuntimeApi(events.add, host.lateness),
    captureOutput(join(folder.path, 'output'), outputLimitBytes),
  ]);
  const confined = await confinedCommand(host.confinement, spec, folder.path, cgroup?.entries ?? [], command);
  const { argv, taskFolder, runtimeFolder, isTmpShared } = confined;
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
        ...(isTmpShared ? { temporaryFolder: folder.temporaryFolder } : {}),
      }),
      _TUNE_ENVIRONMENT: folder.mark,
    }),
    // The leader of a session and process group of its own.
    detached: true,
    stdio: ['ignore', output.writeEnd, output.writeEnd, 'pipe'],
  });
  closeQuietly(output.writeEnd);
  if (child.pid !== undefined) folder.recordLeader(child.pid);

  let ending: Promise<void> | undefined;
  let endedForMemory = false;
  const memory = memoryWatch(child, cgroup, spec.memoryMb, () => {
    endedForMemory = true;
    child.kill('SIGKILL');
  });
  announceStart(child, openedAtMs, events.add);
  // Once it is being ended, its groups may be gone, and nobody waits for the cause any more.
  announceExit(child, events.add, () => ending === undefined && (endedForMemory || (cgroup?.oomKills() ?? 0) > 0));

  async function end(): Promise<void> {
    child.kill('SIGKILL');
    // What is frozen does not die.
    cgroup?.freeze?.(false);
    memory.watch(false);
    api.close();
    await removeEnvironment(host.owner, folder, child.pid, cgroupFolders);
    output.close();
    host.open.delete(sandbox);
  }

  const sandbox: Sandbox = {
    openedAtMs,
    nextEvent: events.next,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    hand: api.hand,
    throttle: (on) => cgroup?.limitCpu(on ? cpuQuotaFor(spec.memoryMb) : undefined),
    freeze: cgroup?.freeze ?? ((on) => stopTree(child, on, host.confinement.toolPath)),
    cpu: () => readCpu(child, cgroup),
    maxMemoryUsedMb: memory.maxUsedMb,
    watchMemory: memory.watch,
    takeOutput: async () => withoutOwnLines(await output.take()),
    end() {
      ending ??= end();
      return ending;
    },
  };
  host.open.add(sandbox);
  return sandbox;
}

/** What the shells on the way to the runtime complain about is not the function's; the runtime lies in its own folder on Lambda. */
function withoutOwnLines(output: string): string {
  const folders = [bootstrapsFolder, '/var/runtime'];
  if (!folders.some((folder) => output.includes(folder))) return output;
  const isOwn = (line: string) =>
    folders.some((folder) => line.startsWith(folder) && /^\/\w+\.sh: /.test(line.slice(folder.length)));
  return output
    .split('\n')
    .filter((line) => !isOwn(line))
    .join('\n')
    .replaceAll(bootstrapsFolder, '/var/runtime');
}

function announceStart(child: ChildProcess, openedAtMs: number, add: (event: SandboxEvent) => void): void {
  const starting = child.stdio[3] as Readable;
  starting.once('data', (told: Buffer) => {
    const seen = { nowMs: performance.now(), epochMs: Date.now() };
    add({ kind: 'started', atMs: startedAtMs(told.toString(), openedAtMs, seen) });
  });
  starting.on('error', () => {});
}

/** `exit`, not `close`: descendants may hold the pipes open for ever. */
function announceExit(child: ChildProcess, add: (event: SandboxEvent) => void, outOfMemory: () => boolean): void {
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

/** The tools on the way to the runtime must not load what the function preloads, nor be found in its PATH. */
function shielded(toolPath: string, variables: Readonly<Record<string, string>>): Record<string, string> {
  const { LD_LIBRARY_PATH, LD_PRELOAD, PATH = toolPath, ...others } = variables;
  return {
    ...others,
    ...(LD_LIBRARY_PATH === undefined ? {} : { _TUNE_LD_LIBRARY_PATH: LD_LIBRARY_PATH }),
    ...(LD_PRELOAD === undefined ? {} : { _TUNE_LD_PRELOAD: LD_PRELOAD }),
    _TUNE_PATH: PATH,
    PATH: toolPath,
  };
}
