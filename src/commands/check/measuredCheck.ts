import { keptError, TuneError } from '../../base/errors.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { LeftBehind } from '../../model/platform.ts';
import type { TuningResult } from '../../model/run.ts';
import type { AskedFunction } from './askedFunctions.ts';
import type { PreparedSide } from './checkSide.ts';
import { preflightText } from './otherVariant.ts';

/** What became of one function of a check. */
export interface MeasuredCheck {
  readonly checked: CheckedFunction;
  readonly leftBehind: readonly LeftBehind[];
  /** What was measured of the current side, as a saved run. */
  readonly run?: TuningResult;
  /** It could have been measured. */
  readonly isDryRun?: true;
}

/** A function that could not be measured; the others go on. */
export function failedCheck({ options, configLine }: AskedFunction, error: unknown): MeasuredCheck {
  const { against, againstVariant, baseline } = options;
  const other = against ?? (againstVariant === undefined ? undefined : `${options.function} with another setting`);
  return {
    checked: {
      function: options.function,
      runId: '',
      verdict: null,
      comparison: other !== undefined ? 'against' : baseline !== undefined ? 'baseline' : 'none',
      comparedWith: other !== undefined ? [other] : [...(baseline ?? [])],
      metrics: [],
      samples: { baseline: 0, current: 0 },
      environments: { baseline: 0, current: 0 },
      spend: { invocations: 0, actualUsd: 0 },
      notes: [],
      warnings: [],
      error: keptError(error),
      configLine,
    },
    leftBehind: [],
  };
}

/** By what was read of it the variant cannot run, so nothing is paid to see it fail. */
export function incompatibleCheck(
  askedFunction: AskedFunction,
  { name, configuration, preflight }: PreparedSide,
): MeasuredCheck {
  const text = preflight === undefined ? '' : ` ${preflightText(preflight)}`;
  const error = new TuneError('NOT_MEASURED', `${name} was not measured, so there is nothing to compare with.${text}`, {
    hint: 'Cure what was found, or compare with another variant.',
  });
  const { checked, leftBehind } = failedCheck(askedFunction, error);
  const { memoryMb, architecture } = configuration;
  return { checked: { ...checked, comparedWith: [name], memoryMb, architecture, preflight }, leftBehind };
}
