import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** CPU time of a set of processes since they started; in milliseconds. */
export interface CpuTimes {
  readonly cpuMs: number;
  /** Those that live. */
  readonly threads: ReadonlyMap<string, ThreadTimes>;
}

interface ThreadTimes {
  readonly cpuMs: number;
  /** Ready to run, but not running: waiting for a core, or held back by the quota. */
  readonly delayMs: number;
}

export interface MemoryUse {
  /** Resident memory now: anonymous and shared memory of all processes, plus the largest process's mapped files. */
  readonly residentBytes: number;
  /** The highest resident size the kernel saw of any single process (VmHWM); catches peaks between two looks. */
  readonly peakBytes: number;
}

export function procfsExists(): boolean {
  return existsSync('/proc/self/stat');
}

/** Whether the kernel tells what threads ran and waited. */
export function countsWaiting(): boolean {
  return existsSync('/proc/self/schedstat');
}

/** A process and all its descendants, as far as they are still connected to it. */
export function processTree(pid: number): readonly string[] {
  const found: string[] = [];
  const queue = [String(pid)];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    found.push(next);
    for (const thread of namesIn(`/proc/${next}/task`)) {
      queue.push(...read(`/proc/${next}/task/${thread}/children`).split(' ').filter(Boolean));
    }
  }
  return found;
}

/** The names that threads of these processes and their descendants have in a reading: `4712`, and `4711/task/4712`. */
export function threadNames(roots: readonly number[]): ReadonlySet<string> {
  const processes = roots.flatMap((pid) => processTree(pid));
  return new Set(processes.flatMap((pid) => namesIn(`/proc/${pid}/task`).flatMap((id) => [id, `${pid}/task/${id}`])));
}

/**
 * Two sources, each a lower bound: schedstat counts live threads in nanoseconds, stat the whole process with its ended
 * threads and reaped children in ticks of 10 ms. The larger one is taken per process.
 */
export function processTimes(pids: readonly string[]): CpuTimes {
  let cpuMs = 0;
  const threads = new Map<string, ThreadTimes>();
  for (const pid of pids) {
    const own = threadTimes(namesIn(`/proc/${pid}/task`).map((thread) => `${pid}/task/${thread}`));
    const { ownMs, reapedChildrenMs } = ticks(pid);
    cpuMs += Math.max(own.cpuMs, ownMs) + reapedChildrenMs;
    for (const [id, times] of own.threads) threads.set(id, times);
  }
  return { cpuMs, threads };
}

/** `ids` as below /proc: `4711`, or `4711/task/4712`. */
export function threadTimes(ids: readonly string[]): CpuTimes {
  let cpuMs = 0;
  const threads = new Map<string, ThreadTimes>();
  for (const id of ids) {
    const [onCpuNs = '0', waitedNs = '0'] = read(`/proc/${id}/schedstat`).split(' ');
    const times = { cpuMs: Number(onCpuNs) / 1e6, delayMs: Number(waitedNs) / 1e6 };
    cpuMs += times.cpuMs;
    threads.set(id, times);
  }
  return { cpuMs, threads };
}

/**
 * What REPORT calls memory used is resident memory, not page cache. Mapped files (the interpreter's own code) are shared
 * between processes, so they count once. `unreclaimableBytes` is the control group's own count of the rest where there
 * is one: summing processes counts pages twice that a fork still shares.
 */
export function memoryUse(pids: readonly string[], unreclaimableBytes?: number): MemoryUse {
  let anonymous = 0;
  let mappedFiles = 0;
  let peakBytes = 0;
  for (const pid of pids) {
    const status = read(`/proc/${pid}/status`);
    anonymous += kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem');
    mappedFiles = Math.max(mappedFiles, kilobytes(status, 'RssFile'));
    peakBytes = Math.max(peakBytes, kilobytes(status, 'VmHWM'));
  }
  return { residentBytes: (unreclaimableBytes ?? anonymous) + mappedFiles, peakBytes };
}

/** The CPU that a thread last ran on. `id` as below /proc. */
export function lastCpu(id: string): number | undefined {
  const told = afterName(read(`/proc/${id}/stat`))[36];
  return told === undefined ? undefined : Number(told);
}

/** Clock ticks since boot at which a process started; with its id it names one process for good. Undefined: no such process. */
export function startTicks(pid: number | 'self'): number | undefined {
  const after = afterName(read(`/proc/${pid}/stat`));
  return after[19] === undefined ? undefined : Number(after[19]);
}

/** User space sees ticks of 10 ms on every architecture Node runs on (USER_HZ = 100). */
const tickMs = 10;

function ticks(pid: string): { readonly ownMs: number; readonly reapedChildrenMs: number } {
  const [userTicks = 0, systemTicks = 0, childrenUserTicks = 0, childrenSystemTicks = 0] = afterName(
    read(`/proc/${pid}/stat`),
  )
    .slice(11, 15)
    .map(Number);
  return {
    ownMs: (userTicks + systemTicks) * tickMs,
    reapedChildrenMs: (childrenUserTicks + childrenSystemTicks) * tickMs,
  };
}

/** Fields of /proc/<pid>/stat from the third on; the second is a name that may hold spaces and brackets. */
function afterName(stat: string): readonly string[] {
  const end = stat.lastIndexOf(')');
  return end === -1 ? [] : stat.slice(end + 2).split(' ');
}

function kilobytes(status: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status);
  return match === null ? 0 : Number(match[1]) * 1024;
}

/** Processes end while one looks at them: what is gone reads as empty. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
