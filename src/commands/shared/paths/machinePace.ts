import type { Io } from '../../../base/io.ts';
import { machineId } from '../../../host/machine.ts';
import { openStateDirectory, stateFoldersToRead } from '../../../host/stateDirectory.ts';
import type { ProcessExecutorOptions } from '../../../local/runtime/processExecutor.ts';
import { keepPace, readKnownPace } from '../../../state/machinePaceFile.ts';

/** How fast this machine is in calm moments, from earlier runs, and where this one's are kept. */
export function machinePace(io: Io): Pick<ProcessExecutorOptions, 'knownPace' | 'sawPace'> {
  const machine = machineId(io.nodeVersion);
  return {
    knownPace: attempt(() => readKnownPace(stateFoldersToRead(io), machine, io.now())),
    sawPace(seen) {
      // Nothing was measured: a dry run writes nothing.
      if (seen.fastestMs.length > 0) attempt(() => keepPace(openStateDirectory(io).folder, machine, seen, io.now()));
    },
  };
}

/** Without a folder for it, nothing is known or kept; that no journal can be written is said where one is needed. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
