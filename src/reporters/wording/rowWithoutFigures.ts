import { type RejectionCause, rejectionCause } from '../../analysis/savedRun/rejections.ts';
import type { Start } from '../../model/measurement.ts';
import { preflightReason } from '../../model/preflight.ts';
import type { ConfigurationResult } from '../../model/run.ts';
import { formatCount } from '../../text/format.ts';
import { causeText } from './wording.ts';

/** A row without figures says in words why, over the width of all columns but the first. */
export function rowWithoutFigures(row: ConfigurationResult, start: Start): string | undefined {
  if (row[start] || row.projected) return undefined;
  if (row.status === 'measured') return `${unknown} only cold starts succeeded`;
  const failed = failureCount(row);
  const cause: RejectionCause = rejectionCause(row);
  const counts = failed === 0 ? '' : ` (${formatCount(failed)} of ${formatCount(row.measurements.length)})`;
  if (row.status === 'unmeasured' && row.reason?.startsWith(preflightReason))
    return `${unknown} not measured: incompatible`;
  return row.status === 'unmeasured' ? `${unknown} not measured` : `✗ ${causeWord(cause)}${counts}`;
}
export function failureCount(row: ConfigurationResult): number {
  const { functionError, timedOut, outOfMemory, unreported } = row.failures;
  return functionError + timedOut + outOfMemory + unreported;
}
export function causeWord(cause: RejectionCause): string {
  return cause === 'notCalled' ? 'cannot run' : causeText[cause];
}

/** Shown where there are too few samples to say. */
export const unknown = '–';
