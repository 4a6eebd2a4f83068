import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Writable } from 'node:stream';
import { present } from '../../base/present.ts';
import type { Cgroup, CgroupHost } from '../cgroup/cgroup.ts';
import type { Pipes } from '../enclosure/pipes.ts';
import { createSpares, type Spares } from '../enclosure/spares.ts';
import type { Confinement } from './confinement.ts';
import { captureOutput, closeQuietly, type OutputCapture } from './outputCapture.ts';
import { describeEnvironment, type EnvironmentFolder, type OwnerFolder, removeEnvironment } from './ownerFolder.ts';
import { confinedShell, kindOf, type PlaceLayout } from './placeLayout.ts';

/**
 * Where a runtime will run: its folder, its control groups, its file system, and a shell in the midst of it that waits to be told
 * what to become. Nothing of it depends on the function's variables, memory or API, so that it can be made ahead.
 */
interface Place {
  readonly folder: EnvironmentFolder;
  /** The address that is its `sandbox.localdomain`, where it can have one of its own. */
  readonly loopback: string | undefined;
  readonly cgroup: Cgroup | undefined;
  readonly output: OutputCapture;
  /** Lets the shell read the script, with which it becomes the runtime, and hears from then on what is written there. */
  enter(script: string, hear: Hear): ChildProcess;
  readonly gone: Promise<Gone>;
  /** Kills what runs there and removes it. */
  remove(): Promise<void>;
}

/** How its process ended. */
interface Gone {
  readonly atMs: number;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

type Hear = (origin: 'function' | 'extension', text: string) => void;

/** What makes places. */
export interface Ground {
  readonly owner: OwnerFolder;
  readonly confinement: Confinement;
  readonly pipes: Pipes;
  readonly cgroups: CgroupHost | undefined;
  /** What this process has above a function's priority, and children inherit. */
  readonly stepsAbove: number;
  /** The name of a new environment, and its address. */
  nextPlace(): { readonly name: string; readonly loopback: string | undefined };
}

export interface Places {
  take(layout: PlaceLayout): Promise<Place>;
  /** One more of the kind, for the environment after this one. */
  prepare(layout: PlaceLayout): void;
  close(): Promise<void>;
}

/** Per invocation; CloudWatch would take more, but nobody reads it here. */
const outputLimitBytes = 1024 * 1024;

export function createPlaces(ground: Ground): Places {
  const gone = new WeakSet<Place>();
  const spares: Spares<Place> = createSpares({
    isGood: (place) => !gone.has(place),
    remove: (place) => place.remove(),
  });
  const make = async (layout: PlaceLayout): Promise<Place> => {
    const place = await makePlace(layout, ground);
    void place.gone.then(() => gone.add(place));
    return place;
  };
  return {
    take: (layout) => spares.take(kindOf(layout), () => make(layout)),
    prepare: (layout) => spares.prepare(kindOf(layout), () => make(layout)),
    close: spares.close,
  };
}

async function makePlace(layout: PlaceLayout, ground: Ground): Promise<Place> {
  const { owner, confinement, cgroups, pipes, stepsAbove } = ground;
  const { name, loopback } = ground.nextPlace();
  await mkdir(join(owner.path, name, 'tmp'), { recursive: true });
  const cgroup = cgroups?.create(name);
  const cgroupFolders = cgroup?.folders ?? [];
  const folder = describeEnvironment(owner, name, cgroupFolders);
  let hear: Hear = () => undefined;
  const heard = (origin: 'function' | 'extension') => (text: string) => hear(origin, text);
  const confine = async (): Promise<readonly string[]> => {
    if (layout.hasHosts && loopback !== undefined) await writeHosts(folder.path, loopback);
    return confinedShell(confinement, layout, folder.path, cgroup?.entries ?? []);
  };
  const [output, argv] = await Promise.all([
    captureOutput(
      [
        { path: join(folder.path, 'output'), hear: heard('function') },
        ...(layout.hasExtensions ? [{ path: join(folder.path, 'extensions'), hear: heard('extension') }] : []),
      ],
      pipes,
      outputLimitBytes,
    ),
    confine(),
  ]);
  const ordinary = stepsAbove > 0 ? ['nice', '-n', String(stepsAbove), ...argv] : argv;
  const child = spawn(ordinary[0] ?? '', ordinary.slice(1), {
    cwd: layout.codeFolder,
    env: present({ PATH: confinement.toolPath, _TUNE_ENVIRONMENT: cgroup === undefined ? folder.mark : undefined }),
    // The leader of a session and process group of its own.
    detached: true,
    stdio: stdioOf(output.writeEnds),
  });
  for (const writeEnd of output.writeEnds) closeQuietly(writeEnd);
  if (child.pid !== undefined) folder.recordLeader(child.pid);
  // It waits at the end of a pipe of this process, and ends when that does.
  const told = child.stdin as Writable;
  told.on('error', () => {});
  child.on('error', () => {});
  child.unref();
  for (const stream of child.stdio) unref(stream);
  const gone = whenGone(child);
  // Its number can be another's from then on, and the watchdog would end that one.
  child.once('exit', () => folder.forgetLeader());

  return {
    folder,
    loopback,
    cgroup,
    output,
    gone,
    enter(script, listener) {
      hear = listener;
      child.ref();
      told.end(script);
      return child;
    },
    async remove() {
      const leader = child.exitCode !== null || child.signalCode !== null ? undefined : child.pid;
      child.kill('SIGKILL');
      told.destroy();
      // What is frozen does not die.
      cgroup?.freeze?.(false);
      await removeEnvironment(owner, folder, leader, cgroupFolders);
      output.close();
    },
  };
}

/** @param writeEnds of the runtime's output, and of the extensions' where there are any */
function stdioOf([runtime, extensions]: readonly number[]): StdioOptions {
  const own: StdioOptions = ['pipe', runtime ?? 'ignore', runtime ?? 'ignore', 'pipe'];
  return extensions === undefined ? own : [...own, 'pipe', 'pipe', extensions];
}

/** The environment's /etc/hosts: the host's, with the name that Lambda gives the environment itself. */
async function writeHosts(folder: string, loopback: string): Promise<void> {
  const own = await readFile('/etc/hosts', 'utf8').catch(() => '127.0.0.1 localhost\n');
  await writeFile(join(folder, 'hosts'), `${loopback} sandbox.localdomain sandbox\n${own}`);
}

function unref(stream: object | null | undefined): void {
  if (stream != null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}

/** `exit`, not `close`: descendants may hold the pipes open for ever. */
async function whenGone(child: ChildProcess): Promise<Gone> {
  try {
    const [exitCode, signal] = await once(child, 'exit');
    return { atMs: performance.now(), exitCode, signal };
  } catch {
    // The first program is not there.
    return { atMs: performance.now(), exitCode: 127, signal: null };
  }
}
