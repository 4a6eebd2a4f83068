import { shownStarts } from '../analysis/coldStarts.ts';
import { currentConfiguration, rowOf } from '../analysis/marks.ts';
import { plain } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import type { Statement } from './statements.ts';

/**
 * Cold starts of the configuration that the answer names (today's or the first one that has any, where it names none): said
 * where they were asked for, where variants were compared, and of SnapStart, whose first restores mislead.
 */
export function coldStartStatement(result: TuningResult): Statement | undefined {
  const { options, answer, configurations } = result;
  const named = [answer.configuration, currentConfiguration(result)].flatMap((one) => rowOf(result, one) ?? []);
  const row = [...named, ...configurations].find(({ cold }) => shownStarts(cold) !== undefined);
  const cold = row?.cold;
  const starts = shownStarts(cold);
  if (row === undefined || cold === undefined || starts === undefined) return undefined;
  const isRestored = cold.restoreDurationMs !== undefined;
  if (options.coldStarts === undefined && options.variants === undefined && !isRestored) return undefined;
  const { first, later } = cold.restores ?? {};
  const isLater = later !== undefined && starts === later.durationMs;
  const kept = isLater ? later.count : startCount(row.measurements, isRestored);
  const known = [first, later].flatMap((one) => one?.lastSinceReadyMs ?? []);
  return {
    kind: 'coldStarts',
    named: plain(row),
    of: isLater ? 'later' : isRestored ? 'restore' : 'init',
    count: kept,
    meanMs: starts.mean,
    interval: starts.meanInterval,
    first: isLater && first !== undefined ? { count: first.count, meanMs: first.durationMs.mean } : undefined,
    lastSinceReadyMs: known.length === 0 ? undefined : Math.max(...known),
  };
}

function startCount(measurements: TuningResult['configurations'][number]['measurements'], isRestored: boolean): number {
  return measurements.filter(
    (one) => one.outcome === 'succeeded' && (isRestored ? one.restoreDurationMs : one.initDurationMs) !== undefined,
  ).length;
}
