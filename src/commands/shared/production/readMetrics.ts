import type { Production } from '../../../model/production/production.ts';
import type { MetricsRead } from '../../../observe/evidence.ts';
import { metricQueries, metricsRead, type Observed, rangeOf } from '../../../observe/metricPlan.ts';
import type { Period } from '../../../observe/period.ts';

interface Counting {
  readonly production: Production;
  readonly observed: Observed;
  readonly period: Period;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** What CloudWatch counted, each series as far back as it is kept. */
export async function readMetrics({ production, observed, period, nowMs, signal }: Counting): Promise<MetricsRead> {
  let minutesFromMs = period.fromMs;
  const byRange = new Map<number, ReturnType<typeof metricQueries>[number][]>();
  for (const query of metricQueries(observed, period)) {
    const { fromMs } = rangeOf(query, period, nowMs);
    if (query.stepS === 60) minutesFromMs = fromMs;
    byRange.set(fromMs, [...(byRange.get(fromMs) ?? []), query]);
  }
  const found = new Map<string, ReadonlyMap<number, number>>();
  for (const [fromMs, queries] of byRange) {
    if (fromMs >= period.toMs) continue;
    for (const [id, series] of await production.metrics(queries, { fromMs, toMs: period.toMs }, signal))
      found.set(id, series);
  }
  return metricsRead(observed, found, minutesFromMs);
}
