import { type CpuUse, modelled, quotaPeriodMs, type Unloaded, unloaded } from '../cgroup/cpuShare.ts';
import type { Executor } from '../service/execution.ts';

/** How durations are made of what was counted, by what this machine can enforce. */

type Counting = Pick<Executor, 'cpu'>;

/** @param phase of the quota's period at which the call began, 0 ≤ x < 1; all that runs in one call has the same. */
export function durationOnFreeHost({ cpu }: Counting, memoryMb: number, use: CpuUse, phase: number): Unloaded {
  switch (cpu) {
    case 'cgroup':
      return unloaded(use, memoryMb);
    case 'modelled':
      return modelled(use, memoryMb, phase * quotaPeriodMs);
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

/** What the runtime, or the extensions, took of a call; `wallMs` by the clock. */
export interface TimedPath extends Unloaded {
  readonly wallMs: number;
}

/**
 * The runtime and the extensions run side by side, and the slower one counts. Where an extension waits for the runtime, what the
 * runtime was kept waiting stays in: too long at worst, never shorter than it can be. The share tells of both, of the whole call.
 */
export function longest(paths: readonly TimedPath[]): Unloaded {
  const wholeMs = Math.max(0, ...paths.map(({ wallMs }) => wallMs));
  const [slowest] = paths.toSorted((one, other) => other.durationMs - one.durationMs);
  if (slowest === undefined || wholeMs === 0) return { durationMs: 0, busyMs: 0, contendedShare: 0 };
  const contendedMs = paths.reduce((sum, { contendedShare, wallMs }) => sum + contendedShare * wallMs, 0);
  const { durationMs, busyMs } = slowest;
  return { durationMs, busyMs, contendedShare: Math.min(1, contendedMs / wholeMs) };
}
