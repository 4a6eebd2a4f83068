import type { Io } from '../../../base/io.ts';
import { startProcessExecutor } from '../../../local/runtime/processExecutor.ts';
import { machinePace } from './machinePace.ts';

/** Real processes on this machine, for the embedded endpoint. */
export function startProcessesHere(io: Io): ReturnType<typeof startProcessExecutor> {
  return startProcessExecutor({
    temporaryFolder: io.temporaryDirectory,
    hostEnvironment: { PATH: io.env.PATH },
    execPath: io.execPath,
    pid: io.pid,
    cores: io.cores,
    cgroups: io.env.TUNE_LOCAL_CGROUPS === 'off' ? 'off' : 'auto',
    ...machinePace(io),
  });
}
