import type { CheckedFunction, CheckResult } from '../domain/check/result.ts';
import type { TuningResult } from '../domain/result.ts';
import { ExitCode, exitCodeOfError, TuneError } from '../errors.ts';
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

interface CheckExitOptions {
  readonly onInconclusive?: 'fail' | 'pass' | undefined;
  readonly fail?: boolean | undefined;
}

/**
 * Of a check: what is left and who stopped it first, then a regression, then what could not be read or measured, then what
 * could not be decided. `--no-fail` turns a verdict into 0, never what went wrong.
 */
export function checkExitCodeOf(
  result: Pick<CheckResult, 'leftBehind' | 'functions'>,
  options: CheckExitOptions,
  interrupted: AbortSignal,
): ExitCode {
  if (result.leftBehind.length > 0) return ExitCode.leftBehind;
  if (interrupted.aborted) return interruptedWith[(interrupted.reason as Interruption).signal];
  const codes = result.functions.map((checked) => functionCode(checked, options));
  const order = [ExitCode.bug, ExitCode.regressed, ExitCode.usage, ExitCode.notMeasured, ExitCode.inconclusive];
  return order.find((code) => codes.includes(code)) ?? ExitCode.ok;
}

function functionCode(
  { verdict, error }: CheckedFunction,
  { onInconclusive, fail = true }: CheckExitOptions,
): ExitCode {
  if (verdict === 'regressed') return fail ? ExitCode.regressed : ExitCode.ok;
  if (error !== undefined) return exitCodeOfError(error.code);
  if (verdict === 'passed' || !fail || onInconclusive === 'pass') return ExitCode.ok;
  return onInconclusive === 'fail' ? ExitCode.regressed : ExitCode.inconclusive;
}

/** Of a migration: as of a run, and then whether what was required holds. */
export function migrationExitCodeOf(
  run: TuningResult,
  failure: unknown,
  decided: 'holds' | 'fails' | 'inconclusive' | undefined,
  interrupted: AbortSignal,
): ExitCode {
  const code = exitCodeOf(run, failure, interrupted);
  if (code !== ExitCode.ok || decided === undefined || decided === 'holds') return code;
  return decided === 'fails' ? ExitCode.regressed : ExitCode.inconclusive;
}
