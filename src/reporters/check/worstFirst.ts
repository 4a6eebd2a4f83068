import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { type CheckMetric, verdictOf } from './wording.ts';

/** The functions of a fleet in the order in which somebody has to look at them, the same in every format. */
export function worstFirst(result: CheckResult): CheckResult {
  const functions = result.functions.toSorted(
    (one, other) => rankOf(one) - rankOf(other) || excessOf(other) - excessOf(one),
  );
  return { ...result, functions };
}

const order = ['regressed', 'notMeasured', 'inconclusive', 'passed'] as const;

function rankOf(checked: CheckedFunction): number {
  return order.indexOf(verdictOf(checked));
}

/** How far the worst regressed line is above its limit, as a share; of other verdicts the order of the file stays. */
function excessOf({ verdict, metrics }: CheckedFunction): number {
  if (verdict !== 'regressed') return 0;
  return metrics.reduce(
    (most, metric) => (metric.verdict === 'regressed' ? Math.max(most, aboveLimit(metric)) : most),
    0,
  );
}

function aboveLimit({ kind, ratio, interval, limit }: CheckMetric): number {
  if (limit === null) return 0;
  if (kind === 'increase') return ratio === null ? 0 : ratio.estimate - 1 - limit;
  if (interval === undefined) return 0;
  return kind === 'budget' ? interval.estimate / limit - 1 : interval.estimate - limit;
}
