import { asAnswers } from '../../analysis/expectedErrors.ts';
import { keptError, TuneError } from '../../base/errors.ts';
import { type CheckState, shownBeside } from '../../check/gate.ts';
import type { GateFound } from '../../check/gateSampler.ts';
import { suggestionsFor } from '../../check/suggestion.ts';
import { concludeRun } from '../../measure/conclude.ts';
import type { EndedLane, SubjectEnd } from '../../measure/subject.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { TuningResult } from '../../model/run.ts';
import type { VariantResponses } from '../../model/variantResponses.ts';
import type { Warning } from '../../model/warning.ts';
import { billsOf } from './checkBills.ts';
import { endNotes, firstCallsNotes, kindsNotes, streamNotes } from './measuredNotes.ts';
import { answersNote } from './otherVariant.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** How the engine ended a check, and what was learnt around it. */
export interface CheckEnd {
  readonly end: SubjectEnd<GateFound | undefined>;
  readonly warnings: readonly Warning[];
  readonly isInterrupted: boolean;
  /** Of a side that is a variant of the function. */
  readonly responses?: VariantResponses | undefined;
}

/** What one function's check says, and its run as it would be saved as a baseline. */
export function concludeCheck(
  prepared: PreparedCheck,
  checkEnd: CheckEnd,
): { readonly checked: CheckedFunction; readonly run: TuningResult } {
  const { askedFunction, current, against, baseline, identical } = prepared;
  const { end, warnings, responses } = checkEnd;
  const { options: asked, configLine } = askedFunction;
  const { found } = end;
  const outcome = found?.outcome;
  const failure = failureOf(prepared, end);
  const none = { baseline: 0, current: 0 };
  const hasVerdict = failure === undefined || outcome?.verdict === 'regressed';
  const bills = billsOf(prepared, end);
  const checked: CheckedFunction = {
    function: asked.function,
    runId: current.job.runId,
    verdict: hasVerdict ? (outcome?.verdict ?? null) : null,
    undecided: outcome?.undecided,
    comparison: against !== undefined ? 'against' : baseline !== undefined ? 'baseline' : 'none',
    comparedWith: against !== undefined ? [against.name] : baseline === undefined ? [] : [...(asked.baseline ?? [])],
    memoryMb: current.configuration.memoryMb,
    architecture: current.configuration.architecture,
    coldShare: prepared.options.coldShare,
    metrics: [
      ...(outcome?.metrics ?? []),
      ...(outcome === undefined ? [] : shownBeside(finalState(prepared, end.lanes), prepared.options)),
    ],
    samples: outcome?.samples ?? none,
    environments: outcome?.environments ?? none,
    spend: { invocations: callsOf(end.lanes).length, actualUsd: end.spentUsd },
    identical: identical || undefined,
    suggestions: suggested(prepared, found),
    monthly: bills.monthly,
    preflight: against?.preflight,
    responses,
    notes: [
      ...prepared.notes,
      ...answersNote(responses),
      ...kindsNotes(outcome, current.configuration),
      ...firstCallsNotes(end.lanes, prepared.options, outcome?.steadyAfter),
      ...streamNotes(end.lanes, baseline?.measurements),
      ...bills.notes,
      ...endNotes(end),
    ],
    warnings: [...current.session.facts.notices, ...warnings],
    error: failure === undefined ? undefined : keptError(failure),
    configLine,
  };
  return { checked, run: savedRun(prepared, checkEnd, failure) };
}

/** A side that cannot be called any more ends a check, unless what was measured shows a regression already. */
function failureOf({ current, against }: PreparedCheck, { failure, lanes, found }: CheckEnd['end']): unknown {
  if (failure !== undefined || found?.outcome.verdict === 'regressed') return failure;
  for (const [index, side] of [current, against].entries()) {
    const stopped = lanes[index]?.stopped;
    if (side === undefined || stopped === undefined) continue;
    const text = `${side.name} cannot be measured: ${stopped.reason}`;
    return stopped.error ?? new TuneError('NOT_MEASURED', text);
  }
  return undefined;
}

/** The current side alone: what it is compared with is no part of it. */
function savedRun({ current }: PreparedCheck, checkEnd: CheckEnd, failure: unknown): TuningResult {
  const { end, warnings, isInterrupted } = checkEnd;
  const [lane = { configuration: current.configuration, earlier: [], measurements: [] }] = end.lanes;
  const { configuration, earlier, measurements } = lane;
  const ended = end.capReached ? 'spendCap' : 'completed';
  return concludeRun(current.job, {
    ...end,
    lanes: [{ configuration, earlier, measurements }],
    ended: isInterrupted ? 'interrupted' : failure !== undefined ? 'failed' : ended,
    invocations: measurements.length,
    warnings,
  });
}

/** With what was measured after the verdict. */
function finalState({ baseline, askedFunction }: PreparedCheck, [current, before]: readonly EndedLane[]): CheckState {
  const answers = (calls: readonly Measurement[] = []) => asAnswers(calls, askedFunction.options.allowError);
  return {
    current: answers(current?.measurements),
    baseline: answers(before?.measurements ?? baseline?.measurements),
    ended: true,
  };
}

function suggested({ options }: PreparedCheck, found: GateFound | undefined): CheckedFunction['suggestions'] {
  if (found === undefined || found.outcome.verdict === 'passed') return undefined;
  const suggestions = suggestionsFor(found.judged, options, found.outcome.verdict);
  return suggestions.map((one) => ({ kind: one.kind, options: [...one.options] }));
}

function callsOf(lanes: readonly EndedLane[]): readonly Measurement[] {
  return lanes.flatMap(({ measurements }) => measurements);
}
