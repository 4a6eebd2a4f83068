import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { MetricQuery, ProductionRecord, TimeRange } from '../../src/model/production.ts';
import { recordsOf, type SyntheticProduction, seriesOf } from './syntheticProduction.ts';

/** The services that keep production, over the wire as the SDK speaks to them: CloudWatch, its Logs and Compute Optimizer. */
export interface ServerOptions {
  readonly production: SyntheticProduction;
  readonly logGroup?: string;
  readonly storedBytes?: number;
  /** `GetMetricData`, … are refused. */
  readonly denied?: readonly string[];
  readonly jsonLogs?: boolean;
  /** So many pages without an event before the first that has some. */
  readonly emptyPages?: number;
  readonly bytesScannedPerS?: number;
  /** Names of streams have the function in them, and another one logs there, too. */
  readonly isShared?: boolean;
  readonly recommendation?: object;
  /** Segments of X-Ray: one document a trace, in every moment that is asked for. */
  readonly traces?: readonly object[];
}

export interface ProductionServer {
  readonly url: string;
  readonly calls: string[];
  close(): Promise<void>;
}

export async function startProductionServer(options: ServerOptions): Promise<ProductionServer> {
  const calls: string[] = [];
  const queries = new Map<string, TimeRange>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    const operation = operations[request.url ?? ''] ?? target.split('.').at(-1) ?? '';
    calls.push(operation);
    if (options.denied?.includes(operation)) {
      const message = `User: arn:aws:iam::123456789012:user/me is not authorized to perform: ${operation}`;
      return json(response, 400, { __type: 'AccessDeniedException', message });
    }
    const asked = JSON.parse(body);
    json(
      response,
      200,
      operation === 'GetMetricData' ? metricsOf(asked, options) : answerTo(operation, asked, options, queries),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const operations: Readonly<Record<string, string>> = {
  '/TraceSummaries': 'GetTraceSummaries',
  '/Traces': 'BatchGetTraces',
};

interface AskedOfLogs {
  readonly startTime: number;
  readonly endTime: number;
  readonly nextToken?: string;
  readonly queryId?: string;
  readonly TraceIds?: readonly string[];
}

function answerTo(
  operation: string,
  asked: AskedOfLogs,
  options: ServerOptions,
  queries: Map<string, TimeRange>,
): object {
  const { production, logGroup = '/aws/lambda/orders', emptyPages = 0, storedBytes = 1e9 } = options;
  switch (operation) {
    case 'DescribeLogGroups':
      return {
        logGroups: [
          { logGroupName: logGroup, storedBytes, creationTime: production.range.fromMs, logGroupClass: 'STANDARD' },
        ],
      };
    case 'FilterLogEvents': {
      const page = Number(asked.nextToken ?? 0);
      if (page < emptyPages) return { events: [], nextToken: String(page + 1) };
      const records = recordsOf(production, { fromMs: asked.startTime, toMs: asked.endTime + 1 });
      return {
        events: records.map((record) => ({
          timestamp: record.atMs,
          message: lineOf(record, options),
          logStreamName: streamOf(record, options),
        })),
      };
    }
    case 'StartQuery': {
      const queryId = `query-${queries.size + 1}`;
      queries.set(queryId, { fromMs: asked.startTime * 1000, toMs: (asked.endTime + 1) * 1000 });
      return { queryId };
    }
    case 'GetQueryResults': {
      const range = queries.get(asked.queryId ?? '') ?? { fromMs: 0, toMs: 0 };
      const records = recordsOf(production, range).slice(0, 10_000);
      const bytesScanned = ((range.toMs - range.fromMs) / 1000) * (options.bytesScannedPerS ?? 0);
      return {
        status: 'Complete',
        statistics: { bytesScanned, recordsMatched: records.length, recordsScanned: records.length },
        results: records.map((record) => [
          { field: '@timestamp', value: new Date(record.atMs).toISOString().replace('T', ' ').replace('Z', '') },
          { field: '@logStream', value: streamOf(record, options) },
          { field: '@message', value: lineOf(record, options) },
        ]),
      };
    }
    case 'GetLambdaFunctionRecommendations':
      return { lambdaFunctionRecommendations: options.recommendation === undefined ? [] : [options.recommendation] };
    case 'GetTraceSummaries':
      return {
        TraceSummaries: (options.traces ?? []).map((_, index) => ({ Id: `1-0-${index}` })),
        TracesProcessedCount: options.traces?.length ?? 0,
      };
    case 'BatchGetTraces':
      return {
        Traces: (asked.TraceIds ?? []).map((Id) => ({
          Id,
          Segments: [{ Id: 's', Document: JSON.stringify(options.traces?.[Number(Id.split('-')[2])]) }],
        })),
      };
    default:
      return {};
  }
}

function streamOf({ stream, report }: ProductionRecord, { isShared = false }: ServerOptions): string {
  if (!isShared) return stream;
  // Every second request is another function's.
  const name = report.requestId.endsWith('1') ? 'billing' : 'orders';
  return stream.replace('/[', `/${name}[`);
}

function lineOf({ atMs, report }: ProductionRecord, { jsonLogs = false }: ServerOptions): string {
  if (jsonLogs) {
    return JSON.stringify({
      time: new Date(atMs).toISOString(),
      type: 'platform.report',
      record: {
        requestId: report.requestId,
        metrics: {
          durationMs: report.durationMs,
          billedDurationMs: report.billedDurationMs,
          memorySizeMB: report.memorySizeMb,
          maxMemoryUsedMB: report.maxMemoryUsedMb,
          initDurationMs: report.initDurationMs,
        },
        status: report.status ?? 'success',
      },
    });
  }
  const init = report.initDurationMs === undefined ? '' : `Init Duration: ${report.initDurationMs.toFixed(2)} ms\t`;
  const status = report.status === undefined ? '' : `Status: ${report.status}`;
  return `REPORT RequestId: ${report.requestId}\tDuration: ${report.durationMs.toFixed(2)} ms\tBilled Duration: ${report.billedDurationMs} ms\tMemory Size: ${report.memorySizeMb} MB\tMax Memory Used: ${report.maxMemoryUsedMb} MB\t${init}${status}\n`;
}

interface AskedOfMetrics {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Metric: {
        readonly Namespace: MetricQuery['namespace'];
        readonly MetricName: string;
        readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
      };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

function metricsOf({ StartTime, EndTime, MetricDataQueries }: AskedOfMetrics, { production }: ServerOptions): object {
  const range = { fromMs: StartTime * 1000, toMs: EndTime * 1000 };
  return {
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
      const query: MetricQuery = {
        id: Id,
        namespace: Metric.Namespace,
        metric: Metric.MetricName,
        dimensions: Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
        statistic: Stat,
        stepS: Period,
      };
      const series = [...seriesOf(production, query, range)];
      return {
        Id,
        StatusCode: 'Complete',
        Timestamps: series.map(([atMs]) => atMs / 1000),
        Values: series.map(([, value]) => value),
      };
    }),
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
