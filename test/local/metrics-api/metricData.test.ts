import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateAliasCommand, InvokeCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { cbor } from '@smithy/core/cbor';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab } from '../lab.ts';

const FunctionName = 'orders';
const hour = Date.UTC(2026, 10, 23, 10);
const minute = 60_000;
let nowMs = hour;
let lab: Lab;
let metrics: CloudWatchClient;
beforeEach(async () => {
  nowMs = hour;
  const failure = { errorType: 'TypeError', errorMessage: 'no' };
  lab = await startLab({
    testing: settled,
    clock: { now: () => nowMs },
    script: ({ event }) => {
      const durationMs = Number(JSON.parse(event.body.toString()));
      return durationMs > 30 ? { durationMs, failure } : { durationMs };
    },
  });
  metrics = new CloudWatchClient({
    endpoint: lab.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
    maxAttempts: 1,
    systemClockOffset: hour - Date.now(),
  });
  await lab.create();
  await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' }));
  for (const [at, durationMs, alias] of [
    [0, 10, false],
    [20_000, 20, true],
    [minute, 30, false],
    [3 * minute, 40, false],
  ] as const) {
    nowMs = hour + at;
    const input = { FunctionName, Payload: String(durationMs), ...(alias ? { Qualifier: 'live' } : {}) };
    await lab.lambda.send(new InvokeCommand(input));
  }
  await lab.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await expect(lab.lambda.send(new InvokeCommand({ FunctionName }))).rejects.toThrow();
});
afterEach(async () => {
  metrics.destroy();
  await lab.close();
});

const ofFunction = [{ Name: 'FunctionName', Value: FunctionName }];

async function read(
  MetricName: string,
  Stat: string,
  more: { Dimensions?: object[]; Namespace?: string; Period?: number } = {},
) {
  const { Period = 60, Namespace = 'AWS/Lambda', Dimensions = ofFunction } = more;
  const Metric = { Namespace, MetricName, Dimensions: Dimensions as typeof ofFunction };
  const answer = await metrics.send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'm1', MetricStat: { Metric, Period, Stat } }],
      StartTime: new Date(hour),
      EndTime: new Date(hour + 10 * minute),
      ScanBy: 'TimestampAscending',
    }),
  );
  const { Timestamps = [], Values = [] } = answer.MetricDataResults?.[0] ?? {};
  return Timestamps.map((at, index) => [(at.getTime() - hour) / minute, Values[index]]);
}

describe('GetMetricData', () => {
  const series: readonly [string, string, object, readonly (readonly number[])[]][] = [
    [
      'Invocations',
      'Sum',
      {},
      [
        [0, 2],
        [1, 1],
        [3, 1],
      ],
    ],
    [
      'Errors',
      'Sum',
      {},
      [
        [0, 0],
        [1, 0],
        [3, 1],
      ],
    ],
    [
      'Throttles',
      'Sum',
      {},
      [
        [0, 0],
        [1, 0],
        [3, 1],
      ],
    ],
    [
      'Duration',
      'Average',
      {},
      [
        [0, 15],
        [1, 30],
        [3, 40],
      ],
    ],
    ['Duration', 'Maximum', { Period: 300 }, [[0, 40]]],
    ['Duration', 'Minimum', { Period: 300 }, [[0, 10]]],
    ['Duration', 'p50', { Period: 300 }, [[0, 25]]],
    ['Duration', 'SampleCount', { Period: 3600 }, [[0, 4]]],
    ['ConcurrentExecutions', 'Maximum', { Period: 300 }, [[0, 1]]],
    [
      'Invocations',
      'Sum',
      { Dimensions: [] },
      [
        [0, 2],
        [1, 1],
        [3, 1],
      ],
    ],
    ['Invocations', 'Sum', { Dimensions: [...ofFunction, { Name: 'Resource', Value: 'orders:live' }] }, [[0, 1]]],
    [
      'Duration',
      'Sum',
      {
        Dimensions: [
          ...ofFunction,
          { Name: 'Resource', Value: 'orders:live' },
          { Name: 'ExecutedVersion', Value: '$LATEST' },
        ],
      },
      [[0, 20]],
    ],
    ['Invocations', 'Sum', { Dimensions: [{ Name: 'FunctionName', Value: 'other' }] }, []],
    ['Invocations', 'Sum', { Dimensions: [{ Name: 'Resource', Value: 'orders' }] }, []],
    ['Deaths', 'Sum', {}, []],
    [
      'IncomingLogEvents',
      'Sum',
      { Namespace: 'AWS/Logs', Dimensions: [{ Name: 'LogGroupName', Value: '/aws/lambda/orders' }] },
      [
        [0, 7],
        [1, 3],
        [3, 3],
      ],
    ],
  ];
  it.each(series)('%s %s %j', async (name, statistic, more, points) => {
    expect(await read(name, statistic, more)).toEqual(points);
  });

  it('counts the bytes of logs as they are billed', async () => {
    const Dimensions = [{ Name: 'LogGroupName', Value: '/aws/lambda/orders' }];
    const [[, bytes = 0] = []] = await read('IncomingBytes', 'Sum', {
      Namespace: 'AWS/Logs',
      Dimensions,
      Period: 3600,
    });
    const messages = lab.endpoint.snapshot().logGroups[0]?.events.map(({ message }) => Buffer.byteLength(message) + 26);
    expect(bytes).toBe(messages?.reduce((sum, each) => sum + each));
  });

  it('refuses what it cannot compute, by its name', async () => {
    await expect(read('Duration', 'TM(10%:90%)')).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'This endpoint does not have the statistic TM(10%:90%).',
    });
    const expression = new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'e1', Expression: 'm1 / m2' }],
      StartTime: new Date(hour),
      EndTime: new Date(hour + minute),
    });
    await expect(metrics.send(expression)).rejects.toThrow(/does not have expressions \(the query e1\)/);
    await expect(metrics.send(new ListMetricsCommand({}))).rejects.toMatchObject({
      message: 'This endpoint does not have the operation ListMetrics.',
    });
  });

  it('speaks CBOR, too', async () => {
    const path = '/service/GraniteServiceVersion20100801/operation/GetMetricData';
    const MetricStat = {
      Metric: { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions: ofFunction },
      Period: 60,
      Stat: 'Sum',
    };
    const send = async (content: object) => {
      const answer = await fetch(`${lab.endpoint.url}${path}`, {
        method: 'POST',
        headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        body: new Uint8Array(cbor.serialize(content)),
      });
      expect(answer.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
      return { status: answer.status, content: cbor.deserialize(new Uint8Array(await answer.arrayBuffer())) };
    };
    const range = { StartTime: hour / 1000, EndTime: hour / 1000 + 60 };
    const { content } = await send({ MetricDataQueries: [{ Id: 'm1', MetricStat }], ...range });
    expect(content.MetricDataResults[0]).toMatchObject({ Id: 'm1', Values: [2], StatusCode: 'Complete' });
    expect(content.MetricDataResults[0].Timestamps[0]).toMatchObject({ tag: 1, value: hour / 1000 });
    const refused = await send({ MetricDataQueries: [], ...range });
    expect(refused).toMatchObject({ status: 400, content: { __type: 'ValidationException' } });
  });
});
