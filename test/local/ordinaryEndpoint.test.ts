import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalEndpoint, startLocalEndpoint } from '../../src/local/endpoint.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { role, zipOf } from './lab.ts';

/** The endpoint as it is published, with nothing around it; only the code that it runs is a script. */

let folder: string;
let endpoint: LocalEndpoint;
let lambda: LambdaClient;
let logs: CloudWatchLogsClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ordinary-'));
  endpoint = await startLocalEndpoint({
    executor: scriptedExecutor(() => ({ durationMs: 12.345 }), { waiting: 'none' }),
    architectures: ['x86_64'],
    temporaryFolder: folder,
  });
  const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
  const client = { endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  lambda = new LambdaClient(client);
  logs = new CloudWatchLogsClient(client);
});

afterEach(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

const create = async (architecture: 'x86_64' | 'arm64' = 'x86_64', memoryMb = 512) =>
  lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'orders',
      Role: role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Architectures: [architecture],
      MemorySize: memoryMb,
      Tags: { team: 'shop' },
      Code: { ZipFile: await zipOf({ 'index.mjs': 'export const handler = async (event) => event;' }) },
    }),
  );

it('says by every answer that it is not AWS, and what it runs', async () => {
  const answer = await fetch(`${endpoint.url}/2015-03-31/functions`);
  expect(answer.headers.get('x-tune-local')).toBe('architectures=x86_64; cpu=none; cores=2');
});

it('has the limits of an ordinary account', async () => {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  expect(AccountLimit).toMatchObject({ TotalCodeSize: 80_530_636_800, ConcurrentExecutions: 1000 });
  await expect(create('x86_64', 10_241)).rejects.toThrow('less than or equal to 10240');
});

it("runs the host's architecture only", async () => {
  await expect(create('arm64')).rejects.toThrow('This endpoint runs x86_64 only');
});

it('makes a function that is soon ready, with its tags, and writes the REPORT to the tail and to the log group', async () => {
  expect((await create()).State).toBe('Pending');
  await expect
    .poll(async () => (await lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }))).Configuration?.State)
    .toBe('Active');
  expect((await lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }))).Tags).toEqual({ team: 'shop' });
  const { LogResult = '' } = await lambda.send(new InvokeCommand({ FunctionName: 'orders', LogType: 'Tail' }));
  expect(Buffer.from(LogResult, 'base64').toString()).toContain('Duration: 12.35 ms\tBilled Duration: 113 ms');
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/orders', filterPattern: 'REPORT' }),
  );
  expect(events.map(({ message }) => message?.includes('Duration: 12.35 ms'))).toEqual([true]);
});
