import type { MetricQuery, MetricSeries, TimeRange } from '../../model/production/production.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { repeated } from './pages.ts';

/** As many points as one answer may hold. */
const mostPoints = 100_800;

/** Whole series, one value per step. A step in which nothing happened has none. @throws TuneError ACCESS_DENIED, … */
export async function readMetricSeries(
  clients: AwsClients,
  queries: readonly MetricQuery[],
  { fromMs, toMs }: TimeRange,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, MetricSeries>> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = await clients.cloudWatch();
  const series = new Map<string, Map<number, number>>(queries.map(({ id }) => [id, new Map()]));
  try {
    await repeated('CloudWatch GetMetricData', async (nextToken) => {
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(fromMs),
          EndTime: new Date(toMs),
          ScanBy: 'TimestampAscending',
          MaxDatapoints: mostPoints,
          NextToken: nextToken,
          MetricDataQueries: queries.map((query) => ({
            Id: query.id,
            MetricStat: {
              Metric: {
                Namespace: query.namespace,
                MetricName: query.metric,
                Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: query.stepS,
              Stat: query.statistic,
            },
          })),
        }),
        { abortSignal: signal },
      );
      for (const { Id: id = '', Timestamps: times = [], Values: values = [] } of answer.MetricDataResults ?? []) {
        times.forEach((time, index) => {
          const value = Number(values[index]);
          if (Number.isFinite(value) && value >= 0) series.get(id)?.set(time.getTime(), value);
        });
      }
      return answer.NextToken;
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'CloudWatch.GetMetricData', resource: 'the metrics of the function' });
  }
  return series;
}
