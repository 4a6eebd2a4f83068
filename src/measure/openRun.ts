import type { Stage } from '../model/engine/events.ts';
import type { LeftBehind } from '../model/platform.ts';
import { type InFlight, inFlightBound } from './inFlight.ts';
import type { RunDependencies } from './measuring.ts';
import { type Pacer, ratePacer } from './pace.ts';
import { type SpendLedger, spendLedger } from './spend.ts';

/** What holds for all subjects of a run together. */
export interface RunLimits {
  readonly maxInFlight: number;
  readonly maxSpendUsd?: number | undefined;
  /** Of several runs under one cap: theirs; `maxSpendUsd` is its cap. */
  readonly ledger?: SpendLedger | undefined;
  /** Between two calls of an environment. */
  readonly pauseMs?: number | undefined;
  readonly maxRatePerS?: number | undefined;
  /** Subjects at a time; undefined: all. */
  readonly sideBySide?: number | undefined;
}

/** One ledger, one bound on what is in flight, one course of stages, whatever the number of subjects. */
export interface OpenRun {
  readonly deps: RunDependencies;
  readonly ledger: SpendLedger;
  readonly maxSpendUsd: number | undefined;
  readonly inFlight: InFlight;
  readonly pace: Pacer | undefined;
  readonly pauseMs: number;
  /** Told once: the first subject that comes to it leads. */
  enter(stage: 'reference' | 'measure'): void;
  /** A subject has been measured: clean-up begins for the view when the last one has. */
  measured(): void;
  leftBehind(items: readonly LeftBehind[]): void;
}

export function openRun(
  subjects: number,
  { maxInFlight, maxSpendUsd, ledger, pauseMs = 0, maxRatePerS }: RunLimits,
  deps: RunDependencies,
): OpenRun {
  const entered = new Set<Stage>();
  const left: LeftBehind[] = [];
  let measuredSoFar = 0;
  const enter = (stage: Stage) => {
    if (entered.has(stage)) return;
    entered.add(stage);
    deps.onEvent({ kind: 'stage', stage });
  };
  return {
    deps,
    ledger: ledger ?? spendLedger(maxSpendUsd),
    maxSpendUsd,
    inFlight: inFlightBound(maxInFlight),
    pace: maxRatePerS === undefined ? undefined : ratePacer(maxRatePerS, deps),
    pauseMs,
    enter,
    measured() {
      measuredSoFar += 1;
      if (measuredSoFar === subjects) enter('cleanUp');
    },
    leftBehind(items) {
      left.push(...items);
      if (items.length > 0) deps.onEvent({ kind: 'leftBehind', items: [...left] });
    },
  };
}
