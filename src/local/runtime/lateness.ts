import { threadTimes } from './processTree.ts';

/**
 * How late this process is: its main thread is woken by a runtime's call, and waits for a core while the host is busy. The
 * kernel counts that; what it waited since it was last seen to run is what the present call came late.
 */
export interface Lateness {
  /** It runs now: what it waited so far belongs to earlier calls. */
  seen(): void;
  /** Waited since then, in milliseconds. An upper bound: other calls can have woken it meanwhile. */
  sinceSeen(): number;
}

export const noLateness: Lateness = { seen: () => undefined, sinceSeen: () => 0 };

/** Of the thread with this id; only the main thread, whose id is the process's, is known by name. */
export function latenessOf(pid: number): Lateness {
  const waitedMs = () => [...threadTimes([`${pid}/task/${pid}`]).threads.values()][0]?.delayMs ?? 0;
  let seenMs = waitedMs();
  let isLooking = false;
  const look = (): void => {
    isLooking = false;
    seenMs = waitedMs();
  };
  return {
    seen: look,
    sinceSeen() {
      const lateMs = Math.max(0, waitedMs() - seenMs);
      // The other events of this turn of the loop came late with this one.
      if (!isLooking) {
        isLooking = true;
        setImmediate(look);
      }
      return lateMs;
    },
  };
}
