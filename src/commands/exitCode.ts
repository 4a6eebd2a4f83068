import type { TuningResult } from '../domain/result.ts';
import { ExitCode, TuneError } from '../errors.ts';
import type { Interruption } from '../io.ts';

const interruptedWith = {
  SIGHUP: ExitCode.sighup,
  SIGINT: ExitCode.sigint,
  SIGTERM: ExitCode.sigterm,
} as const satisfies Record<Interruption['signal'], ExitCode>;

/**
 * How a run ends for the shell. What is left in the account matters most, then who stopped the run, then what failed, then
 * whether anything was measured at all.
 */
export function exitCodeOf(result: TuningResult, failure: unknown, interrupted: AbortSignal): ExitCode {
  if (result.leftBehind.length > 0) return ExitCode.leftBehind;
  if (interrupted.aborted) return interruptedWith[(interrupted.reason as Interruption).signal];
  if (failure !== undefined) return failure instanceof TuneError ? failure.exitCode : ExitCode.bug;
  if (result.ended === 'dryRun') return ExitCode.ok;
  return result.configurations.some((row) => row.status === 'measured') ? ExitCode.ok : ExitCode.notMeasured;
}
