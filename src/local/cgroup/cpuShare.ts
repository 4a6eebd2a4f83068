/** Memory size → CPU, as pure arithmetic. MB are MiB, as Lambda counts them. */

/** "At 1,769 MB a function has the equivalent of one vCPU", and CPU is proportional to memory (AWS docs, configuration-memory). */
const mbPerVcpu = 1769;

/** Longer periods are several times noisier: a task that ends just inside a period misses the whole pause of the next. */
const quotaPeriodMs = 20;

/** vCPUs that a memory size is worth, as a fraction: 128 → 0.0724, 1769 → 1, 10240 → 5.79. */
export function vcpusFor(memoryMb: number): number {
  return memoryMb / mbPerVcpu;
}

export interface CpuQuota {
  readonly quotaUs: number;
  readonly periodUs: number;
}

/** Quota per period, summed over all cores. The kernel refuses quotas below 1 ms; 128 MB get 1.447 ms. */
export function cpuQuotaFor(memoryMb: number): CpuQuota {
  const quotaUs = Math.max(1000, Math.round(vcpusFor(memoryMb) * quotaPeriodMs * 1000));
  return { quotaUs, periodUs: quotaPeriodMs * 1000 };
}

/** What the kernel counted while one invocation ran; all in milliseconds. */
export interface CpuCounters {
  readonly wallMs: number;
  /** CPU time obtained, all threads. */
  readonly cpuMs: number;
  /** Time that threads were ready to run but did not, all threads: held back by the quota, or by others on their core. */
  readonly runDelayMs: number;
}

/**
 * What an invocation would have taken under the quota and on a free host, for hosts where no quota can be set.
 *
 * Time off the CPU stays as it is, without the time that threads waited for a core. The CPU time (user + system, all threads
 * and processes) is taken as one burst that starts with a fresh quota: the first quota's worth runs at full speed, then
 * each period of 20 ms yields one quota. Several cores at once are limited the same way: work that used more CPU per second
 * than the share takes at least cpuMs ÷ share. In milliseconds.
 */
export function modelledDurationMs(counters: CpuCounters, memoryMb: number): number {
  const { wallMs, cpuMs, runDelayMs } = counters;
  const busyMs = Math.min(cpuMs, wallMs);
  const offCpuMs = Math.max(0, wallMs - busyMs - runDelayMs);
  return offCpuMs + Math.max(busyMs, burstMs(cpuMs, memoryMb));
}

function burstMs(cpuMs: number, memoryMb: number): number {
  const share = vcpusFor(memoryMb);
  if (share >= 1) return cpuMs / share;
  const quotaMs = share * quotaPeriodMs;
  const pauses = Math.max(0, Math.ceil(cpuMs / quotaMs) - 1);
  return pauses * quotaPeriodMs + (cpuMs - pauses * quotaMs);
}

/**
 * Share of the wall time, 0..1, for which the host kept the environment from the CPU it was promised. What the quota itself
 * takes is known from the CPU time (one burst, see modelledDurationMs): waiting beyond it is contention. Threads that
 * wait for each other are not: what counts is at most the time beyond what the whole share would have needed.
 * The kernel's own count of throttling is not used, because on a busy host it contains part of the contention.
 */
export function contendedShare(counters: CpuCounters, memoryMb: number): number {
  const { wallMs, cpuMs, runDelayMs } = counters;
  if (wallMs <= 0) return 0;
  const needed = burstMs(cpuMs, memoryMb);
  const waitedMs = cpuMs + runDelayMs - Math.max(cpuMs, needed);
  return Math.min(1, Math.max(0, Math.min(waitedMs, wallMs - needed) / wallMs));
}
