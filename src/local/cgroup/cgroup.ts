import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupLocation } from './cgroupLocation.ts';
import type { CpuQuota } from './cpuShare.ts';

/** The control groups of one environment. Reads and writes are synchronous: they take microseconds and frame a measurement. */
export interface Cgroup {
  /** One folder in v2; one per hierarchy in v1. */
  readonly folders: readonly string[];
  /** Files that a process of one thread writes `0` to in order to enter. */
  readonly entries: readonly string[];
  /** What runs in it is killed beyond that. */
  limitMemory(memoryMb: number): void;
  /** `undefined` lifts the quota, as Lambda does during init. */
  limitCpu(quota: CpuQuota | undefined): void;
  /** Nothing in it runs, or all goes on. Undefined: this hierarchy has no freezer. */
  readonly freeze?: ((on: boolean) => void) | undefined;
  /** Processes of the environment that the kernel killed for memory so far. */
  oomKills(): number;
  /** Memory that cannot be given back: anonymous and shared, without page cache. */
  memoryBytes(): number;
  threadIds(): readonly string[];
  processIds(): readonly string[];
}

/** Where this process may create control groups: one folder per owner, one group per environment in it. */
export interface CgroupHost {
  readonly ownerFolders: readonly string[];
  /** Without limits, but of the number of processes. */
  create(name: string): Cgroup;
  /** A group for threads of this process that come before all environments. Only v1 can move threads alone. */
  leading?(): LeadingGroup | undefined;
}

interface LeadingGroup {
  join(threadId: string): void;
  /** All threads go back to where they came from; then the group is gone. Before the owner's groups are ended, with all in them. */
  leave(): void;
}

/** Creates the owner's folder; throws where the hierarchy does not allow it. */
export function openCgroupHostAt(location: CgroupLocation, ownerName: string): CgroupHost {
  return location.version === 1 ? openV1(location, ownerName) : openV2(location, ownerName);
}

/** Lambda's own (AWS documentation, "Lambda quotas": processes and threads of an environment); it also bounds a fork bomb. */
const mostProcesses = 1024;

function openV1(at: Extract<CgroupLocation, { version: 1 }>, ownerName: string): CgroupHost {
  const trees = v1Trees(at);
  const ownerFolders = trees.map((tree) => join(tree, ownerName));
  for (const folder of ownerFolders) mkdirSync(folder);
  // Default 1,024.
  comeFirst(join(at.cpu, ownerName), 'cpu.shares', 102_400);
  return {
    ownerFolders,
    leading: () => leadingGroup(at.cpu, join(at.cpu, ownerName, 'endpoint')),
    create(name) {
      const cpu = join(at.cpu, ownerName, name);
      const memory = join(at.memory, ownerName, name);
      const folders = ownerFolders.map((folder) => join(folder, name));
      for (const folder of folders) mkdirSync(folder);
      if (at.pids !== undefined) write(join(at.pids, ownerName, name), 'pids.max', String(mostProcesses));
      return {
        folders,
        // One thread that moves itself needs no lock of all processes, for which the kernel waits some 15 ms in `cgroup.procs`.
        entries: folders.map((folder) => join(folder, 'tasks')),
        limitMemory(memoryMb) {
          write(memory, 'memory.limit_in_bytes', String(memoryMb * 1024 * 1024));
          // Memory and swap together; only there when the kernel accounts for swap.
          writeWhereKnown(memory, 'memory.memsw.limit_in_bytes', String(memoryMb * 1024 * 1024));
        },
        limitCpu(quota) {
          if (quota !== undefined) write(cpu, 'cpu.cfs_period_us', String(quota.periodUs));
          write(cpu, 'cpu.cfs_quota_us', quota === undefined ? '-1' : String(quota.quotaUs));
        },
        freeze: at.freezer === undefined ? undefined : freezing(join(at.freezer, ownerName, name), 'freezer.state'),
        oomKills: () => fields(memory, 'memory.oom_control').get('oom_kill') ?? 0,
        memoryBytes() {
          const stat = fields(memory, 'memory.stat');
          return (stat.get('rss') ?? 0) + (stat.get('shmem') ?? 0);
        },
        threadIds: () => lines(cpu, 'tasks'),
        processIds: () => lines(cpu, 'cgroup.procs'),
      };
    },
  };
}

/** The folders of a v1 location, each once: controllers can share one. */
export function v1Trees(at: Extract<CgroupLocation, { version: 1 }>): readonly string[] {
  return [...new Set([at.cpu, at.memory, at.pids, at.freezer].filter((tree) => tree !== undefined))];
}

function freezing(folder: string, file: 'freezer.state' | 'cgroup.freeze'): (on: boolean) => void {
  const words = file === 'freezer.state' ? { on: 'FROZEN', off: 'THAWED' } : { on: '1', off: '0' };
  // An environment that is being ended may have lost its group already.
  return (on) => writeWhereKnown(folder, file, on ? words.on : words.off);
}

function openV2(at: { readonly folder: string; readonly mayEnable: boolean }, ownerName: string): CgroupHost {
  const parent = at.folder;
  const owner = join(parent, ownerName);
  // Children get only the controllers that every level above hands down.
  const handedDown = () => lines(parent, 'cgroup.subtree_control').flatMap((line) => line.split(' '));
  const isReady = ['cpu', 'memory'].every((name) => handedDown().includes(name));
  if (!isReady) {
    if (!at.mayEnable) throw new Error(`${parent} does not hand down cpu and memory`);
    write(parent, 'cgroup.subtree_control', '+cpu +memory');
  }
  // Not everywhere: then only memory bounds how many processes there can be.
  const boundsProcesses = handedDown().includes('pids');
  mkdirSync(owner);
  write(owner, 'cgroup.subtree_control', '+cpu +memory');
  if (boundsProcesses) write(owner, 'cgroup.subtree_control', '+pids');
  // Default 100, and this the highest.
  comeFirst(owner, 'cpu.weight', 10_000);
  return {
    ownerFolders: [owner],
    create(name) {
      const folder = join(owner, name);
      mkdirSync(folder);
      if (boundsProcesses) write(folder, 'pids.max', String(mostProcesses));
      return {
        folders: [folder],
        entries: [join(folder, 'cgroup.procs')],
        limitMemory(memoryMb) {
          write(folder, 'memory.max', String(memoryMb * 1024 * 1024));
          writeWhereKnown(folder, 'memory.swap.max', '0');
        },
        limitCpu: (quota) =>
          write(
            folder,
            'cpu.max',
            quota === undefined ? `max ${defaultPeriodUs}` : `${quota.quotaUs} ${quota.periodUs}`,
          ),
        freeze: freezing(folder, 'cgroup.freeze'),
        oomKills: () => fields(folder, 'memory.events').get('oom_kill') ?? 0,
        memoryBytes() {
          const stat = fields(folder, 'memory.stat');
          return (stat.get('anon') ?? 0) + (stat.get('shmem') ?? 0);
        },
        threadIds: () => lines(folder, 'cgroup.threads'),
        processIds: () => lines(folder, 'cgroup.procs'),
      };
    },
  };
}

/**
 * Functions get the CPU that their size promises also while other programs want it: without this all of them together
 * count as much as one other process. They cannot take more than their quotas, which together fit the cores. Measured on
 * two cores with five busy processes beside: durations 40 to 50 % too long before, within 5 % after.
 */
function comeFirst(folder: string, file: 'cpu.shares' | 'cpu.weight', weight: number): void {
  try {
    write(folder, file, String(weight));
  } catch {
    // Then a busy machine makes durations longer, which is measured and said.
  }
}

/** Beside environments of the default weight; children that a thread starts are in its group until they enter their own. */
function leadingGroup(home: string, folder: string): LeadingGroup | undefined {
  const move = (threadId: string, to: string): void => {
    try {
      write(to, 'tasks', threadId);
    } catch {
      // It has ended, or stays where it is.
    }
  };
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  comeFirst(folder, 'cpu.shares', 102_400);
  return {
    join: (threadId) => move(threadId, folder),
    leave() {
      for (const threadId of lines(folder, 'tasks')) move(threadId, home);
      try {
        rmdirSync(folder);
      } catch {
        // The watchdog removes it with the owner's folder.
      }
    },
  };
}

/** The kernel's own default. */
const defaultPeriodUs = 100_000;

function write(folder: string, file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function writeWhereKnown(folder: string, file: string, text: string): void {
  try {
    writeFileSync(join(folder, file), text, { flag: 'r+' });
  } catch {}
}

/** An environment can be ended while somebody looks at it: a group that is gone reads as empty. */
function lines(folder: string, file: string): readonly string[] {
  try {
    return readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** `name value` lines; the shape of every `*.stat` and of `memory.events`. */
function fields(folder: string, file: string): ReadonlyMap<string, number> {
  return new Map(
    lines(folder, file).map((line) => {
      const [name = '', amount] = line.split(' ');
      return [name, Number(amount)];
    }),
  );
}
