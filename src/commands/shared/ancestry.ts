import type { Io } from '../../base/io.ts';
import { unreferencedTimer, watchAncestors } from '../../host/ancestors.ts';
import { readProcess } from '../../host/processTable.ts';

const checkMs = 1000;

/** Runs `work`; a lost ancestor (a cancelled CI job often reaches only the shell that started us) interrupts it like SIGTERM. */
export async function guardedByAncestors<T>(io: Io, work: () => Promise<T>): Promise<T> {
  const stop = watchAncestors({
    readProcess,
    pid: io.pid,
    intervalMs: checkMs,
    onLost: (cause) => io.interrupt('SIGTERM', cause),
    setTimer: unreferencedTimer,
    parentPid: io.parentPid,
  });
  try {
    return await work();
  } finally {
    stop();
  }
}
