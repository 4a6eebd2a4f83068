import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Cgroup } from '../cgroup/cgroup.ts';
import type { CpuCounters } from '../cgroup/cpuShare.ts';
import { cpuTimes, memoryUse, processTree, threadTimes } from './processTree.ts';

/** Without control groups the poll is what enforces the limit, so it looks more often. */
const memoryPollMs = { observing: 50, enforcing: 20 };

/** Counters so far; subtract two readings. `wallMs` is the moment of reading. */
export function readCounters(child: ChildProcess, cgroup: Cgroup | undefined): CpuCounters {
  const wallMs = performance.now();
  if (child.pid === undefined) return { wallMs, cpuMs: 0, runDelayMs: 0 };
  if (cgroup === undefined) return { wallMs, ...cpuTimes(processTree(child.pid)) };
  return { wallMs, ...threadTimes(cgroup.threadIds()) };
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
  cgroup: Cgroup | undefined,
  limitMb: number,
  exceed: () => void,
): MemoryWatch {
  const limitBytes = limitMb * 1024 * 1024;
  let peakBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  function look(): void {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const pids = cgroup === undefined ? processTree(child.pid) : cgroup.processIds();
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
