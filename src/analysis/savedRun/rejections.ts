import { type Curve, curveOf, sameCurve } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';

/** Sizes on one curve that share a fate and a reason. */
export interface Rejection {
  readonly status: 'infeasible' | 'disqualified' | 'unmeasured';
  readonly curve: Curve;
  readonly memoryMb: readonly number[];
  /** Every size of that curve that the run planned, and there are several. */
  readonly isWholeCurve: boolean;
  readonly cause: RejectionCause;
  /** As the analysis says it; may quote the function: escape where shown. */
  readonly reason?: string | undefined;
}

/** From the row's own counts, so that it may be shown without quoting anybody. */
export type RejectionCause = 'outOfMemory' | 'timedOut' | 'functionError' | 'unreported' | 'notCalled';

/** What could not be judged and why, in the order of the rows. */
export function rejectionsOf(result: TuningResult): readonly Rejection[] {
  const groups = new Map<string, ConfigurationResult[]>();
  for (const row of result.configurations) {
    if (!isRejected(row)) continue;
    const key = JSON.stringify([curveOf(row), row.status, rejectionCause(row), row.reason]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined || !isRejected(first)) return [];
    const { status, reason } = first;
    const planned = result.configurations.filter((row) => sameCurve(row, first)).length;
    return {
      status,
      curve: curveOf(first),
      memoryMb: rows.map((row) => row.memoryMb),
      isWholeCurve: planned === rows.length && planned > 1,
      cause: rejectionCause(first),
      reason,
    };
  });
}

export function rejectionCause(row: ConfigurationResult): RejectionCause {
  const { outOfMemory, timedOut, functionError, unreported } = row.failures;
  if (outOfMemory > 0 && outOfMemory >= timedOut && outOfMemory >= functionError) return 'outOfMemory';
  if (timedOut > 0 && timedOut >= functionError) return 'timedOut';
  if (functionError > 0) return 'functionError';
  return unreported > 0 ? 'unreported' : 'notCalled';
}

function isRejected(row: ConfigurationResult): row is ConfigurationResult & { status: Rejection['status'] } {
  return row.status === 'infeasible' || row.status === 'disqualified' || row.status === 'unmeasured';
}
