import type { LogEvent } from '../service/logStore.ts';
import type { InvocationSample } from '../service/metricStore.ts';
import type { Service } from '../service/service.ts';

export interface DataPoint {
  readonly atMs: number;
  readonly value: number;
}

interface Metric {
  readonly unit: 'Count' | 'Milliseconds' | 'Bytes';
  readonly points: readonly DataPoint[];
}

/** Every data point of one metric, one for each thing that happened; undefined: there is no such metric here. */
export function metricPoints(
  service: Service,
  namespace: string,
  name: string,
  dimensions: ReadonlyMap<string, string>,
): Metric | undefined {
  if (namespace === 'AWS/Lambda') return lambdaMetric(service, name, dimensions);
  return namespace === 'AWS/Logs' ? logsMetric(service, name, dimensions) : undefined;
}

/** By function, by function and resource (`orders:live`), or by those and the version that ran; or of the account. */
const lambdaDimensions = ['', 'FunctionName', 'FunctionName,Resource', 'ExecutedVersion,FunctionName,Resource'];

function lambdaMetric({ metrics }: Service, name: string, dimensions: ReadonlyMap<string, string>): Metric | undefined {
  if (!lambdaDimensions.includes([...dimensions.keys()].sort().join(','))) return undefined;
  const matches = (sample: { functionName: string; resource: string; executedVersion?: string }): boolean =>
    sample.functionName === (dimensions.get('FunctionName') ?? sample.functionName) &&
    sample.resource === (dimensions.get('Resource') ?? sample.resource) &&
    sample.executedVersion === (dimensions.get('ExecutedVersion') ?? sample.executedVersion);
  const of = (unit: Metric['unit'], value: (sample: InvocationSample) => number): Metric => ({
    unit,
    points: metrics
      .invocations()
      .filter(matches)
      .map((sample) => ({ atMs: sample.atMs, value: value(sample) })),
  });
  switch (name) {
    case 'Invocations':
      return of('Count', () => 1);
    case 'Errors':
      return of('Count', ({ isError }) => Number(isError));
    case 'Duration':
      return of('Milliseconds', ({ durationMs }) => durationMs);
    case 'ConcurrentExecutions':
      return of('Count', ({ concurrency }) => (dimensions.size === 0 ? concurrency.ofAccount : concurrency.ofFunction));
    case 'Throttles':
      return {
        unit: 'Count',
        // An invocation that ran is one that was not throttled.
        points: [
          ...of('Count', () => 0).points,
          ...metrics
            .throttles()
            .filter(matches)
            .map(({ atMs }) => ({ atMs, value: 1 })),
        ],
      };
    default:
      return undefined;
  }
}

/** By log group, or of the account. */
function logsMetric({ logs }: Service, name: string, dimensions: ReadonlyMap<string, string>): Metric | undefined {
  if (dimensions.size > 0 && (dimensions.size > 1 || !dimensions.has('LogGroupName'))) return undefined;
  const groupName = dimensions.get('LogGroupName');
  const events = [...logs.groups.values()]
    .filter(({ logGroupName }) => logGroupName === (groupName ?? logGroupName))
    .flatMap((group) => group.events);
  const of = (unit: Metric['unit'], value: (event: LogEvent) => number): Metric => ({
    unit,
    points: events.map((event) => ({ atMs: event.ingestionTime, value: value(event) })),
  });
  switch (name) {
    // As PutLogEvents counts them; whether Lambda's own are counted so is not verified.
    case 'IncomingBytes':
      return of('Bytes', ({ message }) => Buffer.byteLength(message) + 26);
    case 'IncomingLogEvents':
      return of('Count', () => 1);
    default:
      return undefined;
  }
}
