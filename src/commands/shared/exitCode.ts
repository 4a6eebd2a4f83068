import { isNothingMeasured } from '../../analysis/savedRun/marks.ts';
import { ExitCode, exitCodeOfError, TuneError } from '../../base/errors.ts';
import type { Interruption } from '../../base/io.ts';
import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import type { Observation } from '../../model/production/observation.ts';
import type { TuningResult } from '../../model/run.ts';
import type { MigrationVerdict } from '../../model/verdict.ts';
import type { RunOptions } from '../../options/options.ts';

const interruptedWith = {
  SIGHUP: ExitCode.sighup,
  SIGINT: ExitCode.sigint,
  SIGTERM: ExitCode.sigterm,
} as const satisfies Record<Interruption['signal'], ExitCode>;

/** Who stopped a command, as shells tell it; undefined: nobody did. */
export function interruptExitCode(interrupted: AbortSignal): ExitCode | undefined {
  return interrupted.aborted ? interruptedWith[(interrupted.reason as Interruption).signal] : undefined;
}

/**
 * How a run ends for the shell. What is left in the account matters most, then who stopped the run, then what failed, then
 * whether anything was measured at all.
 */
export function exitCodeOf(result: TuningResult, failure: unknown, interrupted: AbortSignal): ExitCode {
  if (result.leftBehind.length > 0) return ExitCode.leftBehind;
  const byWhom = interruptExitCode(interrupted);
  if (byWhom !== undefined) return byWhom;
  if (failure !== undefined) return failure instanceof TuneError ? failure.exitCode : ExitCode.bug;
  return isNothingMeasured(result) ? ExitCode.notMeasured : ExitCode.ok;
}

type CheckExitOptions = Pick<RunOptions, 'onInconclusive' | 'fail'>;

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
  const byWhom = interruptExitCode(interrupted);
  if (byWhom !== undefined) return byWhom;
  const codes = result.functions.map((checked) => functionCode(checked, options));
  const order = [ExitCode.bug, ExitCode.regressed, ExitCode.usage, ExitCode.notMeasured, ExitCode.inconclusive];
  return order.find((code) => codes.includes(code)) ?? ExitCode.ok;
}

function functionCode({ verdict, error }: CheckedFunction, { onInconclusive, fail }: CheckExitOptions): ExitCode {
  if (verdict === 'regressed') return fail ? ExitCode.regressed : ExitCode.ok;
  if (error !== undefined) return exitCodeOfError(error.code);
  if (verdict === 'passed' || !fail) return ExitCode.ok;
  switch (onInconclusive) {
    case 'warn':
    case 'pass':
      return ExitCode.ok;
    case 'fail':
      return ExitCode.regressed;
    case undefined:
      return ExitCode.inconclusive;
  }
}

/** Of an observation: who stopped it first, then whether anything was read, then what was required of a change. */
export function observationExitCode(observation: Observation, interrupted: AbortSignal): ExitCode {
  const byWhom = interruptExitCode(interrupted);
  if (byWhom !== undefined) return byWhom;
  if (!observation.sources.some(({ status }) => status === 'read' || status === 'partly')) return ExitCode.notMeasured;
  switch (observation.sinceChange?.required?.decided) {
    case 'fails':
      return ExitCode.regressed;
    case 'inconclusive':
      return ExitCode.inconclusive;
    case 'holds':
    case undefined:
      return ExitCode.ok;
  }
}

/**
 * Of a migration's verdict. What is required is met by *move* alone. With nothing required every answer is one, but that
 * the function could not be measured where it runs today.
 */
export function verdictExitCode(
  { kind, because }: Pick<MigrationVerdict, 'kind' | 'because'>,
  required: RunOptions['require'],
): ExitCode {
  if (kind === 'move') return ExitCode.ok;
  if (required !== undefined) return kind === 'undecided' ? ExitCode.inconclusive : ExitCode.regressed;
  return because === 'ownSideFails' ? ExitCode.notMeasured : ExitCode.ok;
}

/** What is left and who stopped it first. A failure that is the verdict's own reason says no more than the verdict does. */
export function migrationExitCodeOf(
  run: TuningResult,
  failure: unknown,
  verdict: Pick<MigrationVerdict, 'kind' | 'because'>,
  required: RunOptions['require'],
  interrupted: AbortSignal,
): ExitCode {
  if (run.leftBehind.length > 0 || interrupted.aborted) return exitCodeOf(run, failure, interrupted);
  const isAnswered = failure === undefined || (failure instanceof TuneError && verdict.kind === 'cannot');
  return isAnswered ? verdictExitCode(verdict, required) : exitCodeOf(run, failure, interrupted);
}
