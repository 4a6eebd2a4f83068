import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/local/testing/testing.ts';
import { type Lab, settled, startLab, until } from '../lab.ts';

const FunctionName = 'orders';
let lab: Lab;
afterEach(() => lab.close());

const withFault = (fault: Fault) =>
  lab.endpoint.setTesting({ ...settled, faults: ({ index }) => (index === 0 ? fault : undefined) });
const names = () => lab.endpoint.snapshot().functions.map(({ functionName }) => functionName);

describe('faults', () => {
  it.each([
    ['resetBefore', []],
    ['resetAfter', ['orders']],
    ['cutBody', ['orders']],
    ['garbage', ['orders']],
  ] as const)('%s: the client gets no answer, and the function is %j', async (fault, left) => {
    lab = await startLab();
    withFault(fault);
    await expect(lab.create()).rejects.toThrow();
    expect(names()).toEqual(left);
    expect((await lab.lambda.send(new ListFunctionsCommand({}))).Functions?.length).toBe(left.length);
  });

  it.each([
    ['hang', []],
    ['hangAfter', ['orders']],
  ] as const)('%s: nothing comes until the client gives up, and the function is %j', async (fault, left) => {
    lab = await startLab();
    withFault(fault);
    const giveUp = new AbortController();
    const call = lab.create({}, giveUp.signal);
    await until(() => lab.endpoint.calls().length === 1 && names().length === left.length);
    giveUp.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect([names(), lab.endpoint.calls()[0]?.status]).toEqual([left, undefined]);
  });

  it('answers any status, type and reason, before or after the effect', async () => {
    lab = await startLab();
    withFault({
      kind: 'status',
      status: 429,
      type: 'TooManyRequestsException',
      reason: 'CallerRateLimitExceeded',
      retryAfterS: 2,
    });
    await expect(lab.create()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'CallerRateLimitExceeded',
      retryAfterSeconds: '2',
      $metadata: { httpStatusCode: 429 },
    });
    expect(names()).toEqual([]);
    withFault({ kind: 'status', status: 500, type: 'ServiceException', afterEffect: true });
    await expect(lab.create()).rejects.toMatchObject({ name: 'ServiceException', $metadata: { httpStatusCode: 500 } });
    expect(names()).toEqual(['orders']);
    withFault({ kind: 'status', status: 502, type: 'KMSAccessDeniedException', message: 'denied' });
    await expect(lab.lambda.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'KMSAccessDeniedException',
      message: 'denied',
    });
  });
});

describe('denied actions', () => {
  it('names user, action and resource, in each protocol', async () => {
    lab = await startLab();
    lab.endpoint.setTesting({
      ...settled,
      deny: [
        { action: 'lambda:InvokeFunction', resource: '*:function:orders*' },
        { action: 'iam:PassRole', resource: '*/secret' },
        { action: 'logs:TagResource', resource: '*' },
        { action: 's3:*', resource: 'arn:aws:s3:::stage/*' },
        { action: 'lambda:ListTags', resource: '*' },
      ],
    });
    await lab.create({ Tags: { a: 'b' } });
    await expect(lab.lambda.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:iam::000000000000:user/tune-local is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:orders because no identity-based policy allows the lambda:InvokeFunction action',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(lab.create({ FunctionName: 'b', Role: 'arn:aws:iam::000000000000:role/secret' })).rejects.toThrow(
      /iam:PassRole/,
    );
    await expect(
      lab.logs.send(new CreateLogGroupCommand({ logGroupName: 'g', tags: { a: 'b' } })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    await lab.logs.send(new CreateLogGroupCommand({ logGroupName: 'g' }));
    await expect(lab.s3.send(new PutObjectCommand({ Bucket: 'stage', Key: 'k', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const { Tags, TagsError } = await lab.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect([Tags, TagsError?.ErrorCode]).toEqual([undefined, 'AccessDeniedException']);
  });
});

describe('recorded calls', () => {
  it('tell operation, resource, status and which attempts belong to one call', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    lab.endpoint.setTesting({
      ...settled,
      faults: ({ index }) => (index === 0 ? { kind: 'status', status: 500, type: 'ServiceException' } : undefined),
    });
    const retrying = new LambdaClient({
      endpoint: lab.endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 2,
    });
    await retrying.send(new GetFunctionConfigurationCommand({ FunctionName }));
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    const resource = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
    const [first, second, third] = lab.endpoint.calls();
    expect(lab.endpoint.calls()).toMatchObject([
      { index: 0, operation: 'GetFunctionConfiguration', resource, status: 500 },
      { index: 1, operation: 'GetFunctionConfiguration', resource, status: 200 },
      { index: 2, operation: 'DeleteFunction', resource, status: 204 },
    ]);
    expect(first?.clientInvocationId).toBe(second?.clientInvocationId);
    expect(third?.clientInvocationId).not.toBe(second?.clientInvocationId);
  });
});

describe('other conditions', () => {
  it('adds latency before the effect, by call', async () => {
    const slept: number[] = [];
    lab = await startLab({
      clock: { now: Date.now, sleep: async (durationMs) => void slept.push(durationMs) },
      testing: { ...settled, latencyMs: ({ operation }) => (operation === 'CreateFunction' ? 150 : 0) },
    });
    await lab.create();
    await lab.lambda.send(new ListFunctionsCommand({}));
    expect(slept).toEqual([150]);
  });

  it('rewrites answers for states that the endpoint cannot get into by itself', async () => {
    lab = await startLab({
      testing: {
        ...settled,
        rewrite: ({ operation }, answer) =>
          operation === 'GetFunctionConfiguration' ? { ...Object(answer), State: 'Inactive' } : answer,
      },
    });
    await lab.create();
    expect((await lab.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).State).toBe('Inactive');
  });

  it('runs another architecture at the declared factor', async () => {
    lab = await startLab({
      testing: { ...settled, otherArchitectures: { arm64: { durationFactor: 1.5 } } },
      script: () => ({ durationMs: 100, initDurationMs: 200 }),
    });
    await lab.create({ Architectures: ['arm64'] });
    const { LogResult } = await lab.lambda.send(new InvokeCommand({ FunctionName, LogType: 'Tail' }));
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toMatch(
      /\tDuration: 150\.00 ms\tBilled Duration: 450 ms.*Init Duration: 300\.00 ms/,
    );
  });
});
