import { z } from 'zod';
import { cborAnswer, cborTime, readCbor } from '../http/cbor.ts';
import { type ApiRequest, jsonAnswer, parseJsonBody, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { Service } from '../service/service.ts';
import { type DataPoint, metricPoints } from './metricPoints.ts';
import { bucketed, type MetricValues, parseStatistic } from './statistic.ts';

/** GetMetricData, for the metrics of Lambda and of its logs that come of what ran here. Anything else has no data, as there. */

const metricStat = z.object({
  Metric: z.object({
    Namespace: z.string().min(1).max(255),
    MetricName: z.string().min(1).max(255),
    Dimensions: z
      .array(z.object({ Name: z.string(), Value: z.string() }))
      .max(30)
      .nullish(),
  }),
  Period: z.int().min(1),
  Stat: z.string(),
  Unit: z.string().nullish(),
});
const dataBody = z.object({
  MetricDataQueries: z
    .array(
      z.object({
        Id: z.string().regex(/^[a-z]\w*$/, 'Member must begin with a small letter'),
        MetricStat: metricStat.nullish(),
        Expression: z.string().nullish(),
        Label: z.string().nullish(),
        ReturnData: z.boolean().nullish(),
      }),
    )
    .min(1)
    .max(500),
  /** In seconds. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).nullish(),
  NextToken: z.string().nullish(),
  MaxDatapoints: z.int().nullish(),
});

type Asked = z.output<typeof dataBody>;

export function getMetricData(service: Service, request: ApiRequest): WireAnswer {
  const isCbor = request.headers['smithy-protocol'] === 'rpc-v2-cbor';
  const content = isCbor ? Buffer.from(JSON.stringify(readCbor(request.body))) : request.body;
  const asked = parseJsonBody(dataBody, content);
  const results = resultsOf(service, asked);
  if (!isCbor) {
    return jsonAnswer(
      200,
      { MetricDataResults: results, Messages: [] },
      { 'content-type': 'application/x-amz-json-1.0' },
    );
  }
  const timed = results.map((result) => ({ ...result, Timestamps: result.Timestamps.map(cborTime) }));
  return cborAnswer(200, { MetricDataResults: timed, Messages: [] });
}

function resultsOf(service: Service, asked: Asked) {
  if (asked.EndTime <= asked.StartTime) {
    throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  }
  if (asked.NextToken) throw new ServiceFailure(400, 'InvalidNextToken', 'This endpoint answers in one page.');
  const ids = asked.MetricDataQueries.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length) throw invalid('The Id of every query must be another one.');
  return asked.MetricDataQueries.flatMap((query) => {
    const { MetricStat } = query;
    if (MetricStat === null || MetricStat === undefined) {
      throw invalid(`This endpoint does not have expressions (the query ${query.Id}), only MetricStat.`);
    }
    const series = seriesOf(service, asked, MetricStat);
    if (query.ReturnData === false) return [];
    const ordered = asked.ScanBy === 'TimestampAscending' ? series : series.toReversed();
    return [
      {
        Id: query.Id,
        Label: query.Label ?? MetricStat.Metric.MetricName,
        Timestamps: ordered.map(({ atMs }) => atMs / 1000),
        Values: ordered.map(({ value }) => value),
        StatusCode: 'Complete',
      },
    ];
  });
}

function seriesOf(
  service: Service,
  asked: Asked,
  { Metric, Period, Stat, Unit }: z.output<typeof metricStat>,
): MetricValues {
  const statistic = parseStatistic(Stat);
  if (statistic === undefined) throw invalid(`This endpoint does not have the statistic ${Stat}.`);
  if (Period % 60 !== 0 && ![1, 5, 10, 20, 30].includes(Period)) {
    throw invalid('The Period must be 1, 5, 10, 20, 30 or a multiple of 60.');
  }
  const dimensions = new Map((Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  const metric = metricPoints(service, Metric.Namespace, Metric.MetricName, dimensions);
  const points: readonly DataPoint[] =
    metric === undefined || (Unit ?? metric.unit) !== metric.unit ? [] : metric.points;
  const [fromMs, toMs, stepMs] = [asked.StartTime * 1000, asked.EndTime * 1000, Period * 1000];
  const own = bucketed(points, statistic, { startMs: fromMs, endMs: toMs, periodMs: stepMs });
  const past = service.metrics.past?.({
    namespace: Metric.Namespace,
    metric: Metric.MetricName,
    dimensions,
    statistic: Stat,
    fromMs,
    toMs,
    stepMs,
  });
  if (past === undefined || past.size === 0) return own;
  // The step in which the past ends is the past's.
  return [...new Map([...own.map(({ atMs, value }) => [atMs, value] as const), ...past])]
    .sort(([one], [other]) => one - other)
    .map(([atMs, value]) => ({ atMs, value }));
}

function invalid(message: string): ServiceFailure {
  return new ServiceFailure(400, 'ValidationException', message);
}
