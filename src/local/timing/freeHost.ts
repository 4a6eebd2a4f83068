import { type CpuUse, modelled, quotaPeriodMs, type Unloaded, unloaded } from '../cgroup/cpuShare.ts';
import type { Executor } from '../service/execution.ts';

/** How durations are made of what was counted, by what this machine can enforce. */

interface Counting {
  readonly cpu: Executor['cpu'];
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export function durationOnFreeHost({ cpu, random }: Counting, memoryMb: number, use: CpuUse): Unloaded {
  switch (cpu) {
    case 'cgroup':
      return unloaded(use, memoryMb);
    case 'modelled':
      return modelled(use, memoryMb, random() * quotaPeriodMs);
    case 'none':
      // Nothing is counted here: how much of the time the code ran is not known, and the clock's time is left as it is.
      return { durationMs: use.wallMs, busyMs: 0, contendedShare: 0 };
  }
}

/** Init has no quota. In ms. */
export function initOnFreeHost(
  { cpu }: Counting,
  { durationMs, lateMs }: { readonly durationMs: number; readonly lateMs: number },
  use: Omit<CpuUse, 'wallMs' | 'lateMs'>,
): number {
  if (cpu === 'none') return durationMs;
  return unloaded({ ...use, wallMs: durationMs, lateMs }, Number.POSITIVE_INFINITY).durationMs;
}

/**
 * The runtime and the extensions run side by side, and the slower one counts. Where an extension waits for the runtime, what the
 * runtime was kept waiting stays in: too long at worst, never shorter than it can be. The share tells of both.
 */
export function longest(paths: readonly Unloaded[]): Unloaded {
  const [slowest = { durationMs: 0, busyMs: 0, contendedShare: 0 }] = paths.toSorted(
    (one, other) => other.durationMs - one.durationMs,
  );
  const contendedShare = paths.reduce((sum, path) => sum + path.contendedShare, 0);
  return { ...slowest, contendedShare: Math.min(1, contendedShare) };
}
