import type { ListedFunction } from '../model/fleet/listedFunction.ts';
import type { MetricQuery, MetricSeries, TimeRange } from '../model/production/production.ts';
import { dayMs, type Period } from '../observe/period.ts';
import { metricUsd } from '../pricing/readingCost.ts';

/** How often functions are called and how long they take, of all at once: two series each, whatever the length of time. */

/** GetMetricData takes so many in a call. */
const mostQueries = 500;
const seriesEach = 2;
export const functionsPerCall = mostQueries / seriesEach;

export function countsCostUsd(functions: number): number {
  return functions * seriesEach * metricUsd;
}

/** Whole days where there are some: fewer points, and the same price. */
export function countsRange({ fromMs, toMs, cellMs }: Period): TimeRange & { readonly stepS: number } {
  if (toMs - fromMs < 3 * dayMs) return { fromMs, toMs, stepS: cellMs / 1000 };
  return { fromMs: Math.floor(fromMs / dayMs) * dayMs, toMs, stepS: dayMs / 1000 };
}

export function countQueries(functions: readonly ListedFunction[], stepS: number): readonly MetricQuery[] {
  return functions.flatMap(({ functionName: FunctionName }, index) =>
    (
      [
        ['calls', 'Invocations', 'Sum'],
        ['mean', 'Duration', 'Average'],
      ] as const
    ).map(([id, metric, statistic]) => ({
      id: `${id}${index}`,
      namespace: 'AWS/Lambda' as const,
      metric,
      dimensions: { FunctionName },
      statistic,
      stepS,
    })),
  );
}

export interface Counted {
  readonly invocations: number;
  /** Of all calls, failed ones, too; absent where there were none. */
  readonly meanDurationMs?: number | undefined;
}

/** Of the function at `index` of those that were asked for. */
export function countedOf(found: ReadonlyMap<string, MetricSeries>, index: number): Counted {
  const calls = found.get(`calls${index}`) ?? new Map<number, number>();
  const means = found.get(`mean${index}`) ?? new Map<number, number>();
  let invocations = 0;
  let timed = 0;
  let totalMs = 0;
  for (const [at, count] of calls) {
    invocations += count;
    const mean = means.get(at);
    if (mean === undefined) continue;
    timed += count;
    totalMs += count * mean;
  }
  return { invocations, meanDurationMs: timed > 0 ? totalMs / timed : undefined };
}
