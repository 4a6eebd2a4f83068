import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Cgroup } from '../cgroup/cgroup.ts';
import type { CpuUse } from '../cgroup/cpuShare.ts';
import type { ThreadUse } from '../timing/startMoment.ts';
import { type CpuTimes, memoryUse, processTimes, processTree, threadTimes } from './processTree.ts';

/** Without control groups the poll is what enforces the limit, so it looks more often. */
const memoryPollMs = { observing: 50, enforcing: 20 };

/** Counters so far, and the moment of reading. */
export interface CpuReading extends CpuTimes {
  readonly atMs: number;
}

/** @param roots the processes that all others descend from */
export function readCpu(roots: readonly number[], cgroup: Cgroup | undefined): CpuReading {
  const atMs = performance.now();
  if (cgroup === undefined) return { atMs, ...processTimes(roots.flatMap(processTree)) };
  return { atMs, ...threadTimes(cgroup.threadIds()) };
}

/**
 * What was used between two readings: CPU time by all, and how the busiest of the threads fared that are counted. What another one
 * waited may have passed while that one slept, and taken off would leave less than a timer takes.
 */
export function cpuUseBetween(
  before: Pick<CpuReading, 'cpuMs' | 'threads'>,
  after: Pick<CpuReading, 'cpuMs' | 'threads'>,
  isCounted: (thread: string) => boolean = () => true,
): Omit<CpuUse, 'wallMs' | 'lateMs'> {
  const busiest = busiestBetween(before, after, isCounted);
  return {
    cpuMs: Math.max(0, after.cpuMs - before.cpuMs),
    threadCpuMs: busiest.ranMs,
    threadDelayMs: busiest.delayMs,
  };
}

/**
 * The thread that ran most, by its name in a reading. Where others ran nearly as much (a call that mostly sleeps, with a collector
 * beside it), which of them was waited for is not known: then what all of them waited at least.
 */
export function busiestBetween(
  before: Pick<CpuReading, 'threads'>,
  after: Pick<CpuReading, 'threads'>,
  isCounted: (thread: string) => boolean = () => true,
): { readonly id: string | undefined; readonly ranMs: number; readonly delayMs: number } {
  const fared = [...after.threads]
    .filter(([id]) => isCounted(id))
    .map(([id, { cpuMs, delayMs }]) => {
      const earlier = before.threads.get(id);
      return {
        id,
        ranMs: Math.max(0, cpuMs - (earlier?.cpuMs ?? 0)),
        delayMs: Math.max(0, delayMs - (earlier?.delayMs ?? 0)),
      };
    })
    .sort((one, other) => other.ranMs - one.ranMs || one.delayMs - other.delayMs);
  const [busiest] = fared;
  if (busiest === undefined || busiest.ranMs === 0) return { id: undefined, ranMs: 0, delayMs: 0 };
  const busy = fared.filter(({ ranMs }) => ranMs >= busiest.ranMs / 2);
  return { ...busiest, delayMs: Math.min(...busy.map(({ delayMs }) => delayMs)) };
}

/** A reading of one process of one thread, by both of its names. */
export function ofThread(pid: number | undefined, used: ThreadUse | undefined): CpuTimes {
  if (pid === undefined || used === undefined) return { cpuMs: 0, threads: new Map() };
  const times = { cpuMs: used.ranMs, delayMs: used.waitedMs };
  return {
    cpuMs: used.ranMs,
    threads: new Map([
      [String(pid), times],
      [`${pid}/task/${pid}`, times],
    ]),
  };
}

export interface MemoryWatch {
  /** Looks from time to time while on. */
  watch(on: boolean): void;
  /** Looks once more. High-water mark in whole MB, at least 1 and at most the limit. */
  maxUsedMb(): number;
}

/** `exceed` is called when the limit is passed and no control group enforces it. */
export function memoryWatch(
  child: ChildProcess,
  roots: () => readonly number[],
  cgroup: Cgroup | undefined,
  limitMb: number,
  exceed: () => void,
): MemoryWatch {
  const limitBytes = limitMb * 1024 * 1024;
  let peakBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  function look(): void {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const pids = cgroup === undefined ? roots().flatMap(processTree) : cgroup.processIds();
    const use = memoryUse(pids, cgroup?.memoryBytes());
    peakBytes = Math.max(peakBytes, use.residentBytes, use.peakBytes);
    if (cgroup === undefined && use.residentBytes > limitBytes) exceed();
  }
  return {
    watch(on) {
      clearInterval(timer);
      if (!on) return;
      timer = setInterval(look, cgroup === undefined ? memoryPollMs.enforcing : memoryPollMs.observing);
      timer.unref();
    },
    maxUsedMb() {
      look();
      return Math.min(limitMb, Math.max(1, Math.ceil(peakBytes / 1024 / 1024)));
    },
  };
}
