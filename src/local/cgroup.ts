import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CgroupLocation, locateCgroups } from './cgroupLocation.ts';
import type { CpuQuota } from './cpuShare.ts';

/** The control groups of one environment. Reads and writes are synchronous: they take microseconds and frame a measurement. */
export interface Cgroup {
  /** One folder in v2; one per hierarchy in v1. */
  readonly folders: readonly string[];
  /** Files that a process writes `0` to in order to enter. */
  readonly entries: readonly string[];
  /** `undefined` lifts the quota, as Lambda does during init. */
  limitCpu(quota: CpuQuota | undefined): void;
  throttledMs(): number;
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
  create(name: string, memoryMb: number): Cgroup;
}

/**
 * Looks for a writable hierarchy and creates the owner's folder in it. Groups are made below the group this process is
 * in (v2: or the nearest ancestor that may), so limits set from outside keep holding. Undefined: no quota can be set.
 */
export function openCgroupHost(ownerName: string): CgroupHost | undefined {
  for (const location of currentLocations()) {
    const host = tryOpen(location, ownerName);
    if (host !== undefined) return host;
  }
  return undefined;
}

/** Groups of owners matching `pattern` that exist in any hierarchy which could be used; for sweeping after dead owners. */
export function findOwnerCgroups(pattern: RegExp): readonly string[] {
  const parents = currentLocations().flatMap((at) => (at.version === 1 ? [at.cpu, at.memory] : [at.folder]));
  return [...new Set(parents)].flatMap((parent) =>
    namesIn(parent)
      .filter((name) => pattern.test(name))
      .map((name) => join(parent, name)),
  );
}

/** Groups inside an owner's group, innermost first, the owner's own last. */
export function groupsOf(ownerFolder: string): readonly string[] {
  return [...foldersIn(ownerFolder).map((name) => join(ownerFolder, name)), ownerFolder];
}

export function openCgroupHostAt(location: CgroupLocation, ownerName: string): CgroupHost {
  return location.version === 1 ? openV1(location, ownerName) : openV2(location, ownerName);
}

function tryOpen(location: CgroupLocation, ownerName: string): CgroupHost | undefined {
  let host: CgroupHost | undefined;
  try {
    host = openCgroupHostAt(location, ownerName);
    // A hierarchy can be writable and still refuse quotas (a parent's stricter limit, a controller that is not there).
    const trial = host.create('trial', 128);
    trial.limitCpu({ quotaUs: 2000, periodUs: 20000 });
    trial.throttledMs();
    trial.oomKills();
    for (const folder of trial.folders) rmdirSync(folder);
    return host;
  } catch {
    for (const folder of host?.ownerFolders ?? []) {
      for (const group of groupsOf(folder)) removeQuietly(group);
    }
    return undefined;
  }
}

function openV1(at: { readonly cpu: string; readonly memory: string }, ownerName: string): CgroupHost {
  const ownerFolders = [...new Set([join(at.cpu, ownerName), join(at.memory, ownerName)])];
  for (const folder of ownerFolders) mkdirSync(folder);
  return {
    ownerFolders,
    create(name, memoryMb) {
      const cpu = join(at.cpu, ownerName, name);
      const memory = join(at.memory, ownerName, name);
      const folders = [...new Set([cpu, memory])];
      for (const folder of folders) mkdirSync(folder);
      write(memory, 'memory.limit_in_bytes', String(memoryMb * 1024 * 1024));
      // Memory and swap together; only there when the kernel accounts for swap.
      writeWhereKnown(memory, 'memory.memsw.limit_in_bytes', String(memoryMb * 1024 * 1024));
      return {
        folders,
        entries: folders.map((folder) => join(folder, 'cgroup.procs')),
        limitCpu(quota) {
          if (quota !== undefined) write(cpu, 'cpu.cfs_period_us', String(quota.periodUs));
          write(cpu, 'cpu.cfs_quota_us', quota === undefined ? '-1' : String(quota.quotaUs));
        },
        throttledMs: () => (fields(cpu, 'cpu.stat').get('throttled_time') ?? 0) / 1e6,
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

function openV2(at: { readonly folder: string; readonly mayEnable: boolean }, ownerName: string): CgroupHost {
  const parent = at.folder;
  const owner = join(parent, ownerName);
  // Children get only the controllers that every level above hands down.
  const handedDown = lines(parent, 'cgroup.subtree_control').flatMap((line) => line.split(' '));
  if (!handedDown.includes('cpu') || !handedDown.includes('memory')) {
    if (!at.mayEnable) throw new Error(`${parent} does not hand down cpu and memory`);
    write(parent, 'cgroup.subtree_control', '+cpu +memory');
  }
  mkdirSync(owner);
  write(owner, 'cgroup.subtree_control', '+cpu +memory');
  return {
    ownerFolders: [owner],
    create(name, memoryMb) {
      const folder = join(owner, name);
      mkdirSync(folder);
      write(folder, 'memory.max', String(memoryMb * 1024 * 1024));
      writeWhereKnown(folder, 'memory.swap.max', '0');
      return {
        folders: [folder],
        entries: [join(folder, 'cgroup.procs')],
        limitCpu: (quota) =>
          write(
            folder,
            'cpu.max',
            quota === undefined ? `max ${defaultPeriodUs}` : `${quota.quotaUs} ${quota.periodUs}`,
          ),
        throttledMs: () => (fields(folder, 'cpu.stat').get('throttled_usec') ?? 0) / 1e3,
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

/** The kernel's own default. */
const defaultPeriodUs = 100_000;

function currentLocations(): readonly CgroupLocation[] {
  try {
    return locateCgroups(
      readFileSync('/proc/self/cgroup', 'utf8'),
      readFileSync('/proc/self/mountinfo', 'utf8'),
    ).filter((at) => (at.version === 1 ? writable(at.cpu) && writable(at.memory) : writable(at.folder)));
  } catch {
    // No /proc: not Linux.
    return [];
  }
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function write(folder: string, file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function writeWhereKnown(folder: string, file: string, text: string): void {
  try {
    writeFileSync(join(folder, file), text, { flag: 'r+' });
  } catch {}
}

function lines(folder: string, file: string): readonly string[] {
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
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

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function removeQuietly(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}
