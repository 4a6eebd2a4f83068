import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import type { CgroupHost } from '../cgroup/cgroup.ts';

/**
 * While functions are measured, this process comes first where that is allowed: it hands events and reads answers, and what it
 * waits for a core is in everybody's durations. It is idle otherwise. Measured on two cores with fifteen busy processes beside:
 * answers were read up to 160 ms late before, up to 4 ms after. What is left is measured and left out (lateness.ts).
 *
 * With all its threads: the main thread waits for those that collect garbage with it, and that it sleeps meanwhile no count of
 * the kernel's tells. Measured at a load of 24: of 80 calls 5 to 10 seemed to sleep for 20 to 100 ms before, none after.
 */
export interface Precedence {
  /** What children inherit of it and functions are not to have. */
  readonly stepsAbove: number;
  giveBack(): void;
}

/** A control group of its own, or, where threads cannot have one, the highest priority (which only root may take). */
export function takePrecedence(pid: number, cgroups: CgroupHost | undefined): Precedence {
  const group = cgroups?.leading?.();
  if (group === undefined) return takePriority(pid);
  for (const thread of threadsOf(pid)) group.join(thread);
  return { stepsAbove: 0, giveBack: group.leave };
}

function takePriority(pid: number): Precedence {
  const standsBack: Precedence = { stepsAbove: 0, giveBack: () => undefined };
  try {
    const before = getPriority(pid);
    // Whoever started it with `nice` wants it to stand back.
    if (before > 0) return standsBack;
    for (const thread of threadsOf(pid)) setPriority(Number(thread), highest);
    // Threads that are started from now on inherit it.
    return { ...standsBack, stepsAbove: before - highest, giveBack: () => restore(pid, before) };
  } catch {
    return standsBack;
  }
}

const highest = -20;

function restore(pid: number, priority: number): void {
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(Number(thread), priority);
    } catch {}
  }
}

/** The process alone where there is no /proc. */
function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [String(pid)];
  }
}
