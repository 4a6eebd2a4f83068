import type { Measurement } from '../model/measurement.ts';
import type { Distribution, Summary } from '../model/summary.ts';
import { isSucceeded } from './summarize.ts';

/** How long the environments of a configuration took to start, by what Lambda reports. */
export interface ColdStarts {
  readonly kind: 'init' | 'restore';
  /** Those that count: of a SnapStart version that was restored before, where there are such restores. */
  readonly ms: readonly number[];
  /** Restores that `ms` leaves out, since they were the first of their version and slower for it. */
  readonly firstMs: readonly number[];
  /** `ms` are first restores: there are no later ones. */
  readonly onlyFirst: boolean;
}

/** So few later restores say less than all do: a choice. Their comparison is in advice/variantComparison.ts. */
const leastLater = 2;

/** Undefined: none succeeded, or none was reported (provisioned environments). */
export function coldStartsOf(measurements: readonly Measurement[]): ColdStarts | undefined {
  const cold = measurements.filter(isSucceeded).filter(({ start }) => start === 'cold');
  const restores = cold.filter(({ restoreDurationMs }) => restoreDurationMs !== undefined);
  if (restores.length > 0) {
    const msOf = (order: 'first' | 'later') =>
      restores.flatMap(({ restored, restoreDurationMs }) =>
        (restored?.order ?? 'first') === order ? (restoreDurationMs ?? []) : [],
      );
    const [firstMs, laterMs] = [msOf('first'), msOf('later')];
    return laterMs.length >= leastLater
      ? { kind: 'restore', ms: laterMs, firstMs, onlyFirst: false }
      : { kind: 'restore', ms: [...firstMs, ...laterMs], firstMs: [], onlyFirst: laterMs.length === 0 };
  }
  const ms = cold.flatMap(({ initDurationMs }) => initDurationMs ?? []);
  return ms.length === 0 ? undefined : { kind: 'init', ms, firstMs: [], onlyFirst: false };
}

/** The same of a row's summary: what is shown as its init. */
export function shownStarts(cold: Summary | undefined): Distribution | undefined {
  const later = cold?.restores?.later;
  if (later !== undefined && later.count >= leastLater) return later.durationMs;
  return cold?.restoreDurationMs ?? cold?.initDurationMs;
}
