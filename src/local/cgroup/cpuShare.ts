import { vcpusOf } from '../../model/lambda/vcpus.ts';

/** Memory size → CPU, as pure arithmetic. MB are MiB, as Lambda counts them. */

/** Longer periods are several times noisier: a task that ends just inside a period misses the whole pause of the next. */
export const quotaPeriodMs = 20;

export interface CpuQuota {
  readonly quotaUs: number;
  readonly periodUs: number;
}

/** Quota per period, summed over all cores. The kernel refuses quotas below 1 ms; 128 MB get 1.447 ms. */
export function cpuQuotaFor(memoryMb: number): CpuQuota {
  const quotaUs = Math.max(1000, Math.round(vcpusOf(memoryMb) * quotaPeriodMs * 1000));
  return { quotaUs, periodUs: quotaPeriodMs * 1000 };
}

/** What the kernel counted while one invocation ran; all in milliseconds. */
export interface CpuUse {
  readonly wallMs: number;
  /** CPU time obtained, all threads and processes. */
  readonly cpuMs: number;
  /** The same of one thread, the busiest. */
  readonly threadCpuMs: number;
  /** Time that this thread was ready to run but did not: held back by the quota, or by others on its core. */
  readonly threadDelayMs: number;
  /** Time that the endpoint itself came late to read the answer, because it waited for a core. */
  readonly lateMs: number;
}

export interface Unloaded {
  readonly durationMs: number;
  /** What of it was on the CPU, pauses of the quota included. */
  readonly busyMs: number;
  /** Share of the clock's time that was the host's doing, 0..1. */
  readonly contendedShare: number;
}

/**
 * What an invocation under an enforced quota would have taken on a host that has nothing else to do.
 *
 * The clock's time has four parts. *Off* the CPU (waiting for the network, a timer) it stays as it is. *Late* is the endpoint's
 * own and left out. What is left the function's thread was running or ready to run: what it *waited* beyond what the quota takes
 * (see `burstMs`, whose pauses are the longest possible: no pause of the quota is taken for contention) others took from it, and
 * is left out; what it *ran*, pauses of the quota included, stays. How slow the cores were while it ran is not
 * known here: that is learnt of a whole run's calls (analysis/machine/pace.ts), from the reference loop beside them. The kernel's own count of throttling is not used: on a busy host it contains part of the
 * contention.
 */
export function unloaded(use: CpuUse, memoryMb: number): Unloaded {
  const { wallMs, cpuMs, threadCpuMs, threadDelayMs } = use;
  if (wallMs <= 0) return { durationMs: 0, busyMs: 0, contendedShare: 0 };
  const readyMs = Math.min(wallMs, threadCpuMs + Math.max(0, threadDelayMs));
  const neededMs = Math.max(threadCpuMs, burstMs(cpuMs, memoryMb, quotaPeriodMs));
  const waitedMs = Math.max(0, readyMs - neededMs);
  const busyMs = readyMs - waitedMs;
  const offMs = offCpuMs(use, readyMs);
  const durationMs = offMs + busyMs + besideSleepMs(waitedMs, busyMs, offMs);
  return { durationMs, busyMs, contendedShare: 1 - durationMs / wallMs };
}

/**
 * What an invocation would have taken under the quota and on a free host, for hosts where no quota can be set.
 *
 * Time off the CPU stays as it is, without the time that threads waited for a core, which others took. The CPU time (user +
 * system, all threads and processes) is taken as one burst under a quota whose next period begins after `phaseMs` (0 … 20 ms:
 * an invocation begins at any moment of one). Several cores at once are limited the same way: work that used more CPU per second
 * than the share takes at least cpuMs ÷ share.
 */
export function modelled(use: CpuUse, memoryMb: number, phaseMs: number): Unloaded {
  const { wallMs, cpuMs, threadDelayMs } = use;
  const ranMs = Math.min(cpuMs, wallMs);
  const waitedMs = Math.min(Math.max(0, threadDelayMs), wallMs - ranMs);
  const busyMs = Math.max(ranMs, burstMs(cpuMs, memoryMb, phaseMs));
  const offMs = offCpuMs(use, ranMs + waitedMs);
  const keptMs = besideSleepMs(waitedMs, ranMs, offMs);
  return {
    durationMs: offMs + busyMs + keptMs,
    busyMs,
    contendedShare: wallMs <= 0 ? 0 : (waitedMs - keptMs) / wallMs,
  };
}

/**
 * What a thread waited after a short awakening may have passed while its timer ran on, and taken off it would leave less than the
 * timer takes (50 ms came out as 42). So waiting is left out as far as the thread computed: all of it where it never slept, next
 * to nothing where it hardly did anything else. In between it is an assumption: that waiting came as evenly as computing.
 */
function besideSleepMs(waitedMs: number, busyMs: number, offMs: number): number {
  const sleptMs = Math.max(0, offMs - ownShare * busyMs);
  return waitedMs === 0 || sleptMs === 0 ? 0 : (waitedMs * sleptMs) / (busyMs + sleptMs);
}

/** Of a call that computes so much is taking the event and handing the answer over, which nothing runs on beside. */
const ownShare = 0.05;

function offCpuMs({ wallMs, lateMs }: CpuUse, readyMs: number): number {
  const idleMs = Math.max(0, wallMs - readyMs);
  return idleMs - Math.min(Math.max(0, lateMs), idleMs);
}

/**
 * One burst of CPU work under the quota: what is left of the period runs at full speed, up to one quota; then each period
 * yields one. With a phase of a whole period it is the longest that it can take.
 */
export function burstMs(cpuMs: number, memoryMb: number, phaseMs: number): number {
  const share = vcpusOf(memoryMb);
  if (share >= 1) return cpuMs / share;
  const quotaMs = share * quotaPeriodMs;
  const firstMs = Math.min(quotaMs, phaseMs);
  if (cpuMs <= firstMs) return cpuMs;
  const leftMs = cpuMs - firstMs;
  const pauses = Math.max(0, Math.ceil(leftMs / quotaMs) - 1);
  return phaseMs + pauses * quotaPeriodMs + (leftMs - pauses * quotaMs);
}
