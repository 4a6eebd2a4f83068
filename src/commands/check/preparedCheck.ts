import type { Baseline } from '../../check/baseline.ts';
import type { GateOptions } from '../../check/options.ts';
import type { Payload } from '../../model/payload.ts';
import type { TrafficQuestion } from '../../traffic/question.ts';
import type { AskedFunction } from './askedFunctions.ts';
import type { Saving } from './baselineSaving.ts';
import type { PreparedSide } from './checkSide.ts';

/** One function of a check, ready to be measured. */
export interface PreparedCheck {
  readonly askedFunction: AskedFunction;
  readonly current: PreparedSide;
  readonly against?: PreparedSide | undefined;
  readonly baseline?: Baseline | undefined;
  readonly payloads: readonly Payload[];
  /** The traffic that bills are wanted at. */
  readonly traffic?: TrafficQuestion | undefined;
  readonly options: GateOptions;
  /** Where the current side becomes a baseline. */
  readonly saving?: Saving | undefined;
  /** Both sides are the same code with the same settings. */
  readonly identical: boolean;
  readonly notes: readonly string[];
}
