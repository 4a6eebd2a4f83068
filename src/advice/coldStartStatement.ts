import { shownStarts } from '../analysis/coldStarts.ts';
import { currentConfiguration, rowOf } from '../analysis/savedRun/marks.ts';
import { findConfiguration, ofVariant, plain, sameVariant } from '../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import type { Statement } from './statements.ts';

type ColdStartStatement = Extract<Statement, { kind: 'coldStarts' }>;

/** More variants than that are told apart by their comparison alone. */
const mostVariants = 6;

/**
 * Cold starts at the size that the answer names (today's or the first one that has any, where it names none), of each variant:
 * said where they were asked for, where variants were compared, and of SnapStart, whose first restores mislead.
 */
export function coldStartStatements(result: TuningResult): readonly ColdStartStatement[] {
  const { options, answer, configurations } = result;
  const started = configurations.filter(({ cold }) => shownStarts(cold) !== undefined);
  const isAsked = options.coldStarts !== undefined || options.variants !== undefined;
  if (!isAsked && !started.some(({ cold }) => cold?.restoreDurationMs !== undefined)) return [];
  const named = [answer.configuration, currentConfiguration(result)].flatMap((one) => rowOf(result, one) ?? []);
  const preferred = [...named, ...started].find((row) => shownStarts(row.cold) !== undefined);
  if (preferred === undefined) return [];
  const others = (options.variants ?? [])
    .filter((variant) => !sameVariant({ variant }, preferred))
    .flatMap((variant) => findConfiguration(started, ofVariant(preferred, variant)) ?? []);
  return [preferred, ...others].slice(0, mostVariants).flatMap((row) => statementOf(row) ?? []);
}

function statementOf(row: ConfigurationResult): ColdStartStatement | undefined {
  const { cold } = row;
  const starts = shownStarts(cold);
  if (cold === undefined || starts === undefined) return undefined;
  const isRestored = cold.restoreDurationMs !== undefined;
  const { first, later } = cold.restores ?? {};
  const isLater = later !== undefined && starts === later.durationMs;
  const known = [first, later].flatMap((one) => one?.lastSinceReadyMs ?? []);
  return {
    kind: 'coldStarts',
    named: plain(row),
    of: isLater ? 'later' : isRestored ? 'restore' : 'init',
    count: isLater ? later.count : startCount(row, isRestored),
    meanMs: starts.mean,
    interval: starts.meanInterval,
    first: isLater && first !== undefined ? { count: first.count, meanMs: first.durationMs.mean } : undefined,
    lastSinceReadyMs: known.length === 0 ? undefined : Math.max(...known),
  };
}

function startCount({ measurements }: ConfigurationResult, isRestored: boolean): number {
  return measurements.filter(
    (one) => one.outcome === 'succeeded' && (isRestored ? one.restoreDurationMs : one.initDurationMs) !== undefined,
  ).length;
}
