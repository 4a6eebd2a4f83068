import { TuneError } from '../../base/errors.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { LeftBehind } from '../../model/platform.ts';
import type { TuningResult } from '../../model/run.ts';
import type { FleetFunction } from './checkFleet.ts';

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
export function failedCheck({ options, configLine }: FleetFunction, error: unknown): MeasuredCheck {
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
      error: errorOf(error),
      configLine,
    },
    leftBehind: [],
  };
}

export function errorOf(error: unknown): NonNullable<CheckedFunction['error']> {
  if (!(error instanceof TuneError)) {
    return { code: 'BUG', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, hint } = error;
  return { code, message, hint };
}
