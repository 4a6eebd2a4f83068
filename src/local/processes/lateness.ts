import { threadTimes } from './processTree.ts';

/**
 * How late this process is: its main thread is woken by a runtime's call, and waits for a core while the host is busy. The
 * kernel counts that; what it waited since it was last seen to run is what the present call came late.
 */
export interface Lateness {
  /** It runs now: what it waited so far belongs to earlier calls. */
  seen(): void;
  /** Waited since then, or since a moment ago while a call is watched, in milliseconds. An upper bound: others can have woken it meanwhile. */
  sinceSeen(): number;
  /** A call runs until the answer is called: what this process waits meanwhile for other calls and timers is not of that call. */
  watch(): () => void;
}

export const noLateness: Lateness = { seen: () => undefined, sinceSeen: () => 0, watch: () => () => undefined };

/**
 * So often this process looks what it has waited: what is older than two looks it waited for something else. Without it, calls that
 * slept for 50 ms beside others on a busy machine came out as 41 ms.
 */
const apartMs = 5;

/** Of the thread with this id; only the main thread, whose id is the process's, is known by name. */
export function latenessOf(pid: number): Lateness {
  return lateness(() => [...threadTimes([`${pid}/task/${pid}`]).threads.values()][0]?.delayMs ?? 0);
}

/** `waitedMs`: all that the main thread has waited for a core so far. */
export function lateness(waitedMs: () => number): Lateness {
  let seenMs = waitedMs();
  /** At the last look, which may be of this very turn of the loop: timers come before what was received. */
  let lookedMs = seenMs;
  let isLooking = false;
  let watched = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    isLooking = false;
    seenMs = waitedMs();
    lookedMs = seenMs;
  };
  const lookAgain = (): void => {
    seenMs = lookedMs;
    lookedMs = waitedMs();
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
    watch() {
      watched += 1;
      timer ??= setInterval(lookAgain, apartMs).unref();
      return () => {
        watched -= 1;
        if (watched > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
