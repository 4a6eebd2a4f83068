import { isContended } from '../../analysis/contention.ts';
import type { CheckEnd } from '../../measure/check.ts';
import { concludeRun } from '../../measure/conclude.ts';
import { newLane } from '../../measure/lane.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { Measurement, Warning } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import { numberOf } from '../../text/numberOf.ts';
import { errorOf, type PreparedCheck } from './preparedCheck.ts';

function busyNotes(calls: readonly Measurement[]): readonly string[] {
  const contended = calls.filter(isContended).length;
  if (contended === 0) return [];
  return [
    `This machine was busy during ${contended} of ${calls.length} calls: these decide nothing, and others were made.`,
  ];
}

/** What one function's check says, and its run as it would be saved as a baseline. */
export function concludeCheck(
  { fleetFunction, current, against, baseline, options, identical, notes }: PreparedCheck,
  end: CheckEnd,
  warnings: readonly Warning[],
  isInterrupted: boolean,
): { readonly checked: CheckedFunction; readonly run: TuningResult } {
  const { options: asked, configLine } = fleetFunction;
  const { outcome } = end;
  const run = concludeRun(current.job, {
    lanes: [{ ...newLane(current.configuration), measurements: [...end.current] }],
    startedAt: end.startedAt,
    finishedAt: end.finishedAt,
    ended: isInterrupted
      ? 'interrupted'
      : end.failure !== undefined
        ? 'failed'
        : end.capReached
          ? 'spendCap'
          : 'completed',
    invocations: end.current.length,
    spentUsd: end.spentUsd,
    throttles: end.throttles,
    warnings: [...warnings, ...end.warnings],
    leftBehind: end.leftBehind,
  });
  const counts = { baseline: 0, current: 0 };
  const measuredHere = end.current.length + (against === undefined ? 0 : end.baseline.length);
  const checked: CheckedFunction = {
    function: asked.function,
    runId: current.job.runId,
    verdict: end.failure === undefined || outcome?.verdict === 'regressed' ? (outcome?.verdict ?? null) : null,
    ...(outcome?.undecided === undefined ? {} : { undecided: outcome.undecided }),
    comparison: against !== undefined ? 'against' : baseline !== undefined ? 'baseline' : 'none',
    comparedWith: against !== undefined ? [against.name] : baseline === undefined ? [] : [...(asked.baseline ?? [])],
    memoryMb: current.configuration.memoryMb,
    architecture: current.configuration.architecture,
    ...(options.coldShare === undefined ? {} : { coldShare: options.coldShare }),
    metrics: [...(outcome?.metrics ?? []), ...end.beside],
    samples: outcome?.samples ?? counts,
    environments: outcome?.environments ?? counts,
    spend: { invocations: measuredHere, actualUsd: end.spentUsd },
    ...(identical ? { identical } : {}),
    ...(outcome === undefined || outcome.verdict === 'passed'
      ? {}
      : { suggestions: end.suggestions.map((one) => ({ kind: one.kind, options: [...one.options] })) }),
    notes: [
      ...notes,
      ...busyNotes([...end.current, ...(against === undefined ? [] : end.baseline)]),
      ...(end.capReached ? ['The spend cap left no room for further calls.'] : []),
      ...(end.throttles > 0
        ? [`Lambda throttled ${numberOf(end.throttles, 'call')}; what is throttled is sent again and is no sample.`]
        : []),
    ],
    warnings: [...current.session.facts.notices, ...warnings, ...end.warnings],
    ...(end.failure === undefined ? {} : { error: errorOf(end.failure) }),
    ...(configLine === undefined ? {} : { configLine }),
  };
  return { checked, run };
}
