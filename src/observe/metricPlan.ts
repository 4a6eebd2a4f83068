import type { MetricQuery, MetricSeries } from '../model/production.ts';
import { metricUsd } from '../pricing/readingCost.ts';
import type { MetricsRead } from './evidence.ts';
import { dayMs, hourMs, minuteMs, type Period } from './period.ts';

/** CloudWatch keeps points of a minute for 15 days. */
const minutesKeptMs = 15 * dayMs - hourMs;

export interface Observed {
  readonly functionName: string;
  /** As it is invoked; undefined: by any name. */
  readonly qualifier?: string | undefined;
  /** That an alias may have had. */
  readonly versions: readonly string[];
  readonly logGroup: string;
  /** Environments that are kept for the qualifier; 0 by default. */
  readonly provisioned?: number | undefined;
}

/** Which series are asked for. Their number is what they cost. */
export function metricQueries(observed: Observed, period: Period): readonly MetricQuery[] {
  const { functionName: FunctionName, qualifier } = observed;
  const dimensions: Readonly<Record<string, string>> =
    qualifier === undefined ? { FunctionName } : { FunctionName, Resource: `${FunctionName}:${qualifier}` };
  const cellS = period.cellMs / 1000;
  const lambda = (id: string, metric: string, statistic: string, stepS = cellS, of = dimensions): MetricQuery => ({
    id,
    namespace: 'AWS/Lambda',
    metric,
    dimensions: of,
    statistic,
    stepS,
  });
  return [
    lambda('calls', 'Invocations', 'Sum'),
    lambda('errors', 'Errors', 'Sum'),
    lambda('throttles', 'Throttles', 'Sum'),
    lambda('duration', 'Duration', 'Average'),
    lambda('p50', 'Duration', 'p50', 86_400),
    lambda('p95', 'Duration', 'p95', 86_400),
    lambda('p99', 'Duration', 'p99', 86_400),
    lambda('concurrency', 'ConcurrentExecutions', 'Maximum', 3600),
    lambda('minutes', 'Invocations', 'Sum', 60),
    ...observed.versions.map((version) =>
      lambda(`v${version.replace(/\W/g, '')}`, 'Invocations', 'Sum', cellS, {
        ...dimensions,
        ExecutedVersion: version,
      }),
    ),
    ...((observed.provisioned ?? 0) > 0
      ? [lambda('provisioned', 'ProvisionedConcurrencyInvocations', 'Sum', Math.max(3600, cellS))]
      : []),
    {
      id: 'logBytes',
      namespace: 'AWS/Logs',
      metric: 'IncomingBytes',
      dimensions: { LogGroupName: observed.logGroup },
      statistic: 'Sum',
      stepS: cellS,
    },
  ];
}

export function metricsCostUsd(queries: readonly MetricQuery[]): number {
  return queries.length * metricUsd;
}

/** What a query is asked about: minutes are kept for less time than the rest. */
export function rangeOf(query: MetricQuery, period: Period, nowMs: number) {
  const earliest = query.stepS < 300 ? Math.ceil((nowMs - minutesKeptMs) / minuteMs) * minuteMs : 0;
  return { fromMs: Math.max(period.fromMs, earliest), toMs: period.toMs };
}

export function metricsRead(
  observed: Observed,
  found: ReadonlyMap<string, MetricSeries>,
  minutesFromMs: number,
): MetricsRead {
  const series = (id: string): MetricSeries => found.get(id) ?? new Map();
  return {
    calls: series('calls'),
    errors: series('errors'),
    throttles: series('throttles'),
    meanDurationMs: series('duration'),
    durationMs: { p50: series('p50'), p95: series('p95'), p99: series('p99') },
    concurrency: series('concurrency'),
    logBytes: series('logBytes'),
    provisionedCalls: series('provisioned'),
    byVersion: new Map(
      observed.versions
        .map((version) => [version, series(`v${version.replace(/\W/g, '')}`)] as const)
        .filter(([, own]) => own.size > 0),
    ),
    perMinute: series('minutes'),
    minutesFromMs,
  };
}
