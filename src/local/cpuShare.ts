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

/**
 * What an invocation would have taken under the quota, for hosts where none can be set.
 *
 * Takes the wall time and the CPU time (user + system, all threads and processes) measured without a limit. Time off the
 * CPU stays as it is; the CPU time is taken as one burst that starts with a fresh quota: the first quota's worth runs at
 * full speed, then each period of 20 ms yields one quota. Several cores at once are limited the same way: work that used
 * more CPU per second than the share takes at least cpuMs ÷ share. All in milliseconds.
 */
export function modelledDurationMs(wallMs: number, cpuMs: number, memoryMb: number): number {
  const busyMs = Math.min(cpuMs, wallMs);
  return wallMs - busyMs + Math.max(busyMs, burstMs(cpuMs, memoryMb));
}

function burstMs(cpuMs: number, memoryMb: number): number {
  const share = vcpusFor(memoryMb);
  if (share >= 1) return cpuMs / share;
  const quotaMs = share * quotaPeriodMs;
  const pauses = Math.max(0, Math.ceil(cpuMs / quotaMs) - 1);
  return pauses * quotaPeriodMs + (cpuMs - pauses * quotaMs);
}

/** What the kernel counted while one invocation ran; all in milliseconds. */
export interface CpuCounters {
  readonly wallMs: number;
  /** CPU time obtained, all threads. */
  readonly cpuMs: number;
  /** Time that threads were ready to run but did not, all threads; contains throttling. */
  readonly runDelayMs: number;
  /** Time that the quota held the environment back. */
  readonly throttledMs: number;
}

/**
 * Share of the wall time, 0..1, for which the host kept the environment from the CPU it was promised. Two conditions must
 * hold, and the smaller one counts: threads waited for a core for other reasons than the quota, and the environment
 * got less than its share. (Threads that wait only for each other are not contention: the share was used up.)
 */
export function contendedShare(counters: CpuCounters, memoryMb: number): number {
  if (counters.wallMs <= 0) return 0;
  const waited = (counters.runDelayMs - counters.throttledMs) / counters.wallMs;
  const missed = 1 - counters.cpuMs / (counters.wallMs * vcpusFor(memoryMb));
  return Math.min(1, Math.max(0, Math.min(waited, missed)));
}
