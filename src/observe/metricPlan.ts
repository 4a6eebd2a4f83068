import type { MetricQuery, MetricSeries, ProvisionedConfig } from '../model/production/production.ts';
import { metricUsd } from '../pricing/readingCost.ts';
import type { MetricsRead, ProvisionedRead } from './evidence.ts';
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
  /** What is kept ready: of the qualifier, or of all that have any. */
  readonly provisioned?: readonly ProvisionedConfig[] | undefined;
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
    ...(qualifier === undefined ? [] : observed.versions).map((version) =>
      lambda(versionId(version), 'Invocations', 'Sum', cellS, {
        ...dimensions,
        ExecutedVersion: version,
      }),
    ),
    ...(observed.provisioned ?? []).flatMap((config, index) => provisionedQueries(observed, config, index, cellS)),
    // Of all aliases and versions together: what had some once, and has none today.
    ...(qualifier === undefined ? [lambda('pc', 'ProvisionedConcurrencyInvocations', 'Sum')] : []),
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

/**
 * What was served, what did not fit, and how much was configured: the most that ran at a time ÷ the largest part in use (both are of
 * the minute in which that was). That CloudWatch has all four by alias or version is documented; the division is inferred.
 */
function provisionedQueries(
  { functionName: FunctionName, qualifier, versions }: Observed,
  config: ProvisionedConfig,
  index: number,
  stepS: number,
): readonly MetricQuery[] {
  const dimensions: Readonly<Record<string, string>> = {
    FunctionName,
    Resource: `${FunctionName}:${config.qualifier}`,
  };
  const query = (id: string, metric: string, statistic: string, of = dimensions): MetricQuery => ({
    id: `pc${index}${id}`,
    namespace: 'AWS/Lambda',
    metric,
    dimensions: of,
    statistic,
    stepS,
  });
  // Of the observed qualifier both are asked for anyway.
  const isOther = qualifier === undefined;
  const others = isOther && !isVersion(config.qualifier) ? versions : [];
  return [
    query('served', 'ProvisionedConcurrencyInvocations', 'Sum'),
    query('spilled', 'ProvisionedConcurrencySpilloverInvocations', 'Sum'),
    query('most', 'ProvisionedConcurrentExecutions', 'Maximum'),
    query('use', 'ProvisionedConcurrencyUtilization', 'Maximum'),
    ...(isOther ? [query('calls', 'Invocations', 'Sum')] : []),
    ...others.map((version) =>
      query(versionId(version), 'Invocations', 'Sum', { ...dimensions, ExecutedVersion: version }),
    ),
  ];
}

/** Ids are letters, digits and underscores: `$LATEST` has one, too. */
function versionId(version: string): string {
  return `v${version.replace(/\W/g, '')}`;
}

function isVersion(qualifier: string): boolean {
  return /^\d+$/.test(qualifier);
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
  const ofVersions = (before: string): ReadonlyMap<string, MetricSeries> =>
    new Map(
      observed.versions
        .map((version) => [version, series(`${before}${versionId(version)}`)] as const)
        .filter(([, own]) => own.size > 0),
    );
  const byVersion = observed.qualifier === undefined ? new Map<string, MetricSeries>() : ofVersions('');
  return {
    calls: series('calls'),
    errors: series('errors'),
    throttles: series('throttles'),
    meanDurationMs: series('duration'),
    durationMs: { p50: series('p50'), p95: series('p95'), p99: series('p99') },
    concurrency: series('concurrency'),
    logBytes: series('logBytes'),
    provisioned: (observed.provisioned ?? []).map(
      (config, index): ProvisionedRead => ({
        calls: config.qualifier === observed.qualifier ? series('calls') : series(`pc${index}calls`),
        served: series(`pc${index}served`),
        spilled: series(`pc${index}spilled`),
        most: series(`pc${index}most`),
        use: series(`pc${index}use`),
        byVersion: config.qualifier === observed.qualifier ? byVersion : ofVersions(`pc${index}`),
      }),
    ),
    provisionedOfAll: series('pc'),
    byVersion,
    perMinute: series('minutes'),
    minutesFromMs,
  };
}
