import { TuneError } from '../../base/errors.ts';
import type { Baseline } from '../../check/baseline.ts';
import type { CheckOptions } from '../../check/options.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { Payload } from '../../model/measurement.ts';
import type { Saving } from './baselineSaving.ts';
import type { FleetFunction } from './checkFleet.ts';
import type { PreparedSide } from './checkSide.ts';

/** One function of a check, ready to be measured. */
export interface PreparedCheck {
  readonly fleetFunction: FleetFunction;
  readonly current: PreparedSide;
  readonly against?: PreparedSide;
  readonly baseline?: Baseline;
  readonly payloads: readonly Payload[];
  readonly options: CheckOptions;
  /** Where the current side becomes a baseline. */
  readonly saving?: Saving;
  /** Both sides are the same code with the same settings. */
  readonly identical: boolean;
  readonly notes: readonly string[];
}
export function errorOf(error: unknown): NonNullable<CheckedFunction['error']> {
  if (!(error instanceof TuneError)) {
    return { code: 'BUG', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
