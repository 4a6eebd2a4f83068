import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { startProcessExecutor } from '../../../local/runtime/processExecutor.ts';
import { machinePace } from './machinePace.ts';

/** Real processes on this machine, for the embedded endpoint. */
export async function startProcessesHere(io: Io): ReturnType<typeof startProcessExecutor> {
  try {
    return await startProcessExecutor({
      temporaryFolder: io.temporaryDirectory,
      hostEnvironment: { PATH: io.env.PATH },
      execPath: io.execPath,
      pid: io.pid,
      cores: io.cores,
      cgroups: io.env.TUNE_LOCAL_CGROUPS === 'off' ? 'off' : 'auto',
      ...machinePace(io),
    });
  } catch (error) {
    throw isAbout(io.temporaryDirectory, error)
      ? new TuneError('USAGE', `The temporary directory ${io.temporaryDirectory} cannot be used (${error.code}).`, {
          hint: 'Set TMPDIR to a folder that you may write and that has room. Nothing was created.',
          cause: error,
        })
      : error;
  }
}

function isAbout(folder: string, error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'path' in error && String(error.path).startsWith(folder);
}
