import { failureWords } from '../advice/failureWords.ts';
import { type RejectionCause, rejectionCause } from '../analysis/savedRun/rejections.ts';
import { TuneError } from '../base/errors.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import { type FailureMemory, toldFailure } from './lastFailure.ts';
import type { Measuring } from './measureOnce.ts';

type FailedCause = Extract<RejectionCause, 'outOfMemory' | 'timedOut' | 'functionError'>;

const happened = {
  outOfMemory: 'every size that was called ran out of memory',
  timedOut: 'every size that was called timed out',
  functionError: 'the function failed too often',
} as const satisfies Record<FailedCause, string>;

/** Undefined where something was measured, or the run did not get as far as to say why nothing was. */
export function whyNothingMeasured(
  { ended, configurations }: TuningResult,
  failures: FailureMemory,
  run: Pick<Measuring, 'facts' | 'place'>,
): TuneError | undefined {
  if (ended !== 'completed' || configurations.some(({ status }) => status === 'measured')) return undefined;
  const called = configurations.filter(wasCalled).toSorted((a, b) => a.memoryMb - b.memoryMb);
  // Where sizes failed in several ways, the largest one says what is left when memory is not the trouble.
  const largest = called.at(-1);
  const cause = largest === undefined ? undefined : rejectionCause(largest);
  if (largest === undefined || cause === undefined || cause === 'unreported' || cause === 'notCalled') return undefined;
  const told = toldFailure(failures, cause, run.facts);
  const known = told?.cause.kind === 'outOfMemory' ? { ...told.cause, memoryMb: largest.memoryMb } : told?.cause;
  const isSame = called.every((row) => rejectionCause(row) === cause);
  const what = isSame ? happened[cause] : `even at ${largest.memoryMb} MB ${happenedAlone[cause]}`;
  return new TuneError('NOT_MEASURED', `Nothing could be measured: ${what}.`, {
    hint: known === undefined ? undefined : failureWords(known, run.place),
    lastLog: told?.lastLog,
  });
}

const happenedAlone = {
  outOfMemory: 'it ran out of memory',
  timedOut: 'it timed out',
  functionError: 'it failed too often',
} as const satisfies Record<FailedCause, string>;

function wasCalled({ failures }: ConfigurationResult): boolean {
  return failures.outOfMemory + failures.timedOut + failures.functionError > 0;
}
