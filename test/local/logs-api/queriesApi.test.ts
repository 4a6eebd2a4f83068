import {
  DescribeQueriesCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab } from '../lab.ts';

const logGroupName = '/aws/lambda/orders';
const now = Date.UTC(2026, 10, 23, 10);
let lab: Lab;
beforeEach(async () => {
  lab = await startLab({
    testing: settled,
    clock: { now: () => now },
    script: () => ({ durationMs: 12.345, output: 'a\nb\n' }),
  });
  await lab.create();
  for (let call = 0; call < 2; call++) await lab.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
});
afterEach(() => lab.close());

const start = async (queryString: string, more: object = { logGroupName }) => {
  const range = { startTime: now / 1000 - 60, endTime: now / 1000 + 60 };
  return (await lab.logs.send(new StartQueryCommand({ ...range, queryString, ...more }))).queryId;
};

describe('queries', () => {
  it('are started, answered and listed', async () => {
    const queryId = await start('filter @type = "REPORT" | stats count(*) as n, sum(@billedDuration) as ms', {
      logGroupNames: [logGroupName],
    });
    const { status, results, statistics } = await lab.logs.send(new GetQueryResultsCommand({ queryId }));
    expect([status, results]).toEqual([
      'Complete',
      [
        [
          { field: 'n', value: '2' },
          { field: 'ms', value: '126' },
        ],
      ],
    ]);
    expect(statistics).toMatchObject({ recordsMatched: 2, recordsScanned: 11, logGroupsScanned: 1 });
    const listed = await lab.logs.send(new DescribeQueriesCommand({ logGroupName }));
    expect(listed.queries?.map((query) => [query.queryId, query.status])).toEqual([[queryId, 'Complete']]);
    await expect(lab.logs.send(new StopQueryCommand({ queryId }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('leave out what is outside their time', async () => {
    const queryId = await start('fields @message', { logGroupName, startTime: 0, endTime: 1 });
    expect((await lab.logs.send(new GetQueryResultsCommand({ queryId }))).results).toEqual([]);
  });

  it('are refused by name where they cannot be answered', async () => {
    await expect(start('pattern @message')).rejects.toMatchObject({ name: 'MalformedQueryException' });
    await expect(start('fields @message', { logGroupName: '/none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(start('fields @message', {})).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(lab.logs.send(new GetQueryResultsCommand({ queryId: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

it('the events of one stream are read in both directions, until a token is the same', async () => {
  const logStreamName = lab.endpoint.snapshot().logGroups[0]?.streams[0] ?? '';
  const read = (more: object) => lab.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, ...more }));
  const kinds = (events: readonly { message?: string | undefined }[] = []) =>
    events.map(({ message = '' }) => message.slice(0, 5).trim());
  const newest = await read({ limit: 2 });
  expect(kinds(newest.events)).toEqual(['END R', 'REPOR']);
  const before = await read({ limit: 2, nextToken: newest.nextBackwardToken });
  expect(kinds(before.events)).toEqual(['a', 'b']);
  const first = await read({ limit: 3, startFromHead: true });
  expect(kinds(first.events)).toEqual(['INIT_', 'START', 'a']);
  const rest = await read({ nextToken: first.nextForwardToken });
  expect(rest.events?.length).toBe(8);
  const end = await read({ nextToken: rest.nextForwardToken });
  expect([end.events, end.nextForwardToken]).toEqual([[], rest.nextForwardToken]);
  await expect(read({ logStreamName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(read({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

it('a retention that there is not is an invalid parameter', async () => {
  const put = new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 });
  await expect(lab.logs.send(put)).rejects.toMatchObject({ name: 'InvalidParameterException' });
});
