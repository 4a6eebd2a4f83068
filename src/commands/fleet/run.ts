import { type ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';

export async function runFleetRun(
  _file: string,
  _flags: Readonly<Record<string, unknown>>,
  _io: Io,
): Promise<ExitCode> {
  throw new TuneError('USAGE', 'not there yet');
}
