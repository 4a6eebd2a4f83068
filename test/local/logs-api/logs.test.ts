import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab, until } from '../lab.ts';

const FunctionName = 'orders';
const logGroupName = '/aws/lambda/tune-1';
const LoggingConfig = { LogGroup: logGroupName };
let lab: Lab;
afterEach(() => lab.close());

const invoke = async (name = FunctionName) => {
  const answer = await lab.lambda.send(new InvokeCommand({ FunctionName: name, LogType: 'Tail' }));
  return { id: answer.$metadata.requestId ?? '', tail: Buffer.from(answer.LogResult ?? '', 'base64').toString() };
};

describe('log groups', () => {
  it('are created with tags, kept for days, described in pages, tagged and deleted', async () => {
    lab = await startLab();
    for (const name of ['a', 'b', 'c']) {
      await lab.logs.send(new CreateLogGroupCommand({ logGroupName: `/x/${name}`, tags: { run: name } }));
    }
    await expect(lab.logs.send(new CreateLogGroupCommand({ logGroupName: '/x/a' }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    await lab.logs.send(new PutRetentionPolicyCommand({ logGroupName: '/x/a', retentionInDays: 1 }));
    const first = await lab.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/x/', limit: 2 }));
    expect(first.logGroups?.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual([
      ['/x/a', 1],
      ['/x/b', undefined],
    ]);
    const rest = await lab.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/x/', nextToken: first.nextToken }),
    );
    expect([rest.logGroups?.map(({ logGroupName }) => logGroupName), rest.nextToken]).toEqual([['/x/c'], undefined]);
    const resourceArn = first.logGroups?.[0]?.logGroupArn ?? '';
    expect(resourceArn).toBe('arn:aws:logs:us-east-1:000000000000:log-group:/x/a');
    await lab.logs.send(new TagResourceCommand({ resourceArn, tags: { more: '1' } }));
    await lab.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['run'] }));
    expect((await lab.logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ more: '1' });
    await lab.logs.send(new DeleteLogGroupCommand({ logGroupName: '/x/a' }));
    await expect(lab.logs.send(new DeleteLogGroupCommand({ logGroupName: '/x/a' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('FilterLogEvents', () => {
  it('finds the REPORT by request id, in the stream of its environment', async () => {
    lab = await startLab({ testing: settled });
    await lab.create({ LoggingConfig });
    const first = await invoke();
    const second = await invoke();
    const { events } = await lab.logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: `"REPORT" "${second.id}"` }),
    );
    expect(events?.map(({ message }) => message?.startsWith(`REPORT RequestId: ${second.id}\t`))).toEqual([true]);
    expect(events?.[0]?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/orders\[\$LATEST\][0-9a-f]{32}$/);
    const filterPattern = '?"REPORT RequestId" ?"platform.report"';
    const all = await lab.logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
    expect(all.events?.map(({ logStreamName }) => logStreamName)).toEqual(Array(2).fill(events?.[0]?.logStreamName));
    expect(all.events?.[0]?.message).toContain(first.id);
  });

  it('names the stream without the function in the function’s own group, and makes the group untagged', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    await invoke();
    const [group] = lab.endpoint.snapshot().logGroups;
    expect(group).toMatchObject({ logGroupName: '/aws/lambda/orders', tags: {}, retentionInDays: null });
    const { logStreams } = await lab.logs.send(
      new DescribeLogStreamsCommand({ logGroupName: '/aws/lambda/orders', orderBy: 'LastEventTime', descending: true }),
    );
    expect(logStreams?.[0]?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  });

  it('answers pages by limit and by time, and empty ones with a nextToken when a test says so', async () => {
    let nowMs = Date.parse('2026-11-23T10:00:00Z');
    lab = await startLab({ clock: { now: () => nowMs }, testing: { ...settled, logs: { emptyPages: 2 } } });
    await lab.create({ LoggingConfig });
    const early = await invoke();
    nowMs += 60_000;
    const late = await invoke();
    const query = { logGroupName, filterPattern: '"REPORT RequestId"', limit: 1 };
    const pages: string[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await lab.logs.send(new FilterLogEventsCommand({ ...query, nextToken }));
      pages.push((page.events ?? []).map(({ message }) => message?.slice(18, 54) ?? ''));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual([[], [], [early.id], [late.id]]);
    lab.endpoint.setTesting(settled);
    const recent = await lab.logs.send(new FilterLogEventsCommand({ ...query, startTime: nowMs }));
    expect(recent.events?.[0]?.message).toContain(late.id);
    const old = await lab.logs.send(new FilterLogEventsCommand({ ...query, endTime: nowMs - 1 }));
    expect(old.events?.[0]?.message).toContain(early.id);
  });
});

describe('JSON log format', () => {
  it('reports as a record in tail and logs, and at WARN not at all when it succeeds', async () => {
    lab = await startLab({ testing: settled });
    await lab.create({ LoggingConfig: { LogFormat: 'JSON' } });
    const { id, tail } = await invoke();
    const records = tail
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ type }) => type)).toEqual(['platform.start', 'platform.report']);
    expect(records[1].record).toMatchObject({
      requestId: id,
      status: 'success',
      metrics: { memorySizeMB: 128, initDurationMs: 100 },
    });
    await lab.create({ FunctionName: 'quiet', LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' } });
    expect((await invoke('quiet')).tail).toBe('');
  });
});

describe('what the service is known to do', () => {
  it('writes a deleted group again when events of an invocation arrive late, untagged', async () => {
    let flush = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      flush = resolve;
    });
    lab = await startLab({
      clock: { now: Date.now, sleep: () => late },
      testing: { ...settled, logs: { delayMs: 1 } },
    });
    await lab.logs.send(new CreateLogGroupCommand({ logGroupName, tags: { run: '1' } }));
    await lab.create({ LoggingConfig });
    await invoke();
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await lab.logs.send(new DeleteLogGroupCommand({ logGroupName }));
    expect(lab.endpoint.snapshot().logGroups).toEqual([]);
    flush();
    await until(() => lab.endpoint.snapshot().logGroups.length === 1);
    expect(lab.endpoint.snapshot().logGroups[0]).toMatchObject({ logGroupName, tags: {} });
  });

  it('makes neither group nor stream for a role that may not write logs', async () => {
    lab = await startLab({ testing: { ...settled, logs: { denied: ({ roleArn }) => roleArn.endsWith('/lab') } } });
    await lab.create({ LoggingConfig });
    expect((await invoke()).tail).toContain('REPORT');
    await expect(lab.logs.send(new FilterLogEventsCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('lets an invocation outlive its function, logs included', async () => {
    let end = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      end = resolve;
    });
    lab = await startLab({ testing: settled, script: () => gate.then(() => ({ durationMs: 1 })) });
    await lab.create();
    const running = invoke();
    await until(() => lab.executor.counts().running === 1);
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    expect(lab.endpoint.snapshot()).toMatchObject({ functions: [], invocationsInFlight: 1 });
    end();
    const { id } = await running;
    expect(lab.endpoint.snapshot().logGroups[0]?.events.at(-1)?.message).toContain(`REPORT RequestId: ${id}`);
    await until(() => lab.executor.counts().environments === 0);
  });

  it.each([
    ['onlyInLogs', false, true],
    ['missing', false, false],
    ['noTail', false, true],
    ['everywhere', true, true],
  ] as const)('can show the REPORT %s', async (report, inTail, inLogs) => {
    lab = await startLab({ testing: { ...settled, report } });
    await lab.create();
    const { tail } = await invoke();
    const events = lab.endpoint.snapshot().logGroups[0]?.events ?? [];
    expect([tail.includes('REPORT'), events.some(({ message }) => message.startsWith('REPORT'))]).toEqual([
      inTail,
      inLogs,
    ]);
    expect(tail === '').toBe(report === 'noTail');
  });
});
