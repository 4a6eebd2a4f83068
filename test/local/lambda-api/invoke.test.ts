import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { TuneError } from '../../../src/base/errors.ts';
import { scriptedExecutor } from '../../../src/local/testing/scriptedExecutor.ts';
import { type Lab, settled, startLab, until } from '../lab.ts';

const FunctionName = 'orders';
let lab: Lab;
afterEach(() => lab.close());

const invoke = async (members: Partial<InvokeCommandInput> = {}) => {
  const answer = await lab.lambda.send(new InvokeCommand({ FunctionName, LogType: 'Tail', ...members }));
  return {
    ...answer,
    tail: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    body: answer.Payload?.transformToString(),
  };
};

describe('one invocation', () => {
  it('answers payload, version and the tail, whose REPORT has the request id of the answer', async () => {
    lab = await startLab({
      testing: settled,
      script: ({ event }) => ({
        durationMs: 12.345,
        initDurationMs: 99.5,
        output: 'hi\n',
        payload: JSON.parse(event.body.toString()),
      }),
    });
    await lab.create({ MemorySize: 256 });
    const { tail, body, ExecutedVersion, FunctionError, $metadata } = await invoke({ Payload: '{"n":1}' });
    expect([body, ExecutedVersion, FunctionError]).toEqual(['{"n":1}', '$LATEST', undefined]);
    const id = $metadata.requestId;
    expect(tail).toBe(
      `START RequestId: ${id} Version: $LATEST\nhi\nEND RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: 12.35 ms\tBilled Duration: 112 ms\tMemory Size: 256 MB\tMax Memory Used: 50 MB\tInit Duration: 99.50 ms\t\n`,
    );
    expect((await invoke()).tail).not.toContain('Init Duration');
  });

  it('gives no tail unless asked for, and no body for Event and DryRun', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    expect((await invoke({ LogType: 'None' })).LogResult).toBeUndefined();
    expect((await invoke({ InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(lab.executor.counts().started).toBe(1);
    expect((await invoke({ InvocationType: 'Event' })).StatusCode).toBe(202);
    await until(
      () =>
        lab.endpoint.snapshot().logGroups[0]?.events.filter(({ message }) => message.startsWith('END')).length === 2,
    );
  });

  it.each([
    [
      'timeout',
      { durationMs: 9000 },
      'Sandbox.Timedout',
      /Duration: 3000\.00 ms\tBilled Duration: 3100 ms.*\tStatus: timeout\n$/,
    ],
    [
      'out of memory',
      { durationMs: 5, maxMemoryUsedMb: 129 },
      'Runtime.OutOfMemory',
      /Max Memory Used: 128 MB.*\tStatus: error\tError Type: Runtime.OutOfMemory\n$/,
    ],
    [
      'a thrown error',
      { durationMs: 5, failure: { errorType: 'TypeError', errorMessage: 'x' } },
      'TypeError',
      /Init Duration: 100\.00 ms\t\n$/,
    ],
    [
      'an import error',
      { durationMs: 5, failure: { errorType: 'Runtime.ImportModuleError', errorMessage: 'x', fatal: true } },
      'Runtime.ImportModuleError',
      /Error Type: Runtime.ImportModuleError\n$/,
    ],
  ])('answers %s with 200, FunctionError and its REPORT', async (_, run, errorType, report) => {
    lab = await startLab({ testing: settled, script: () => run });
    await lab.create();
    const { StatusCode, FunctionError, body, tail } = await invoke();
    expect([StatusCode, FunctionError, JSON.parse(body ?? '').errorType]).toEqual([200, 'Unhandled', errorType]);
    expect(tail).toMatch(report);
  });

  it('reports an executor that cannot start the environment as an error, never as a success', async () => {
    const reasons = [new TuneError('TARGET', 'no python3.99 here'), new Error('EMFILE: too many open files')];
    const executor = {
      ...scriptedExecutor(() => ({ durationMs: 1 })),
      start: () => Promise.reject(reasons.shift()),
    };
    lab = await startLab({ testing: settled, executor });
    await lab.create();
    const { FunctionError, body } = await invoke();
    expect([FunctionError, body]).toEqual([
      'Unhandled',
      '{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"no python3.99 here"}',
    ]);
    // No word about the function: it did not run, and can the next time.
    expect((await invoke()).body).toBe(
      '{"errorType":"Sandbox.SetUpFailed","errorMessage":"EMFILE: too many open files"}',
    );
  });

  it('refuses a body that is no JSON, one above 6 MB, and any while Pending', async () => {
    lab = await startLab({ testing: settled });
    await lab.create();
    await expect(invoke({ Payload: '{' })).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    const large = (bytes: number) => Buffer.from(JSON.stringify('x'.repeat(bytes - 2)));
    await expect(invoke({ Payload: large(6_291_457) })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
      $metadata: { httpStatusCode: 413 },
    });
    expect((await invoke({ Payload: large(6_291_456) })).StatusCode).toBe(200);
    await expect(invoke({ Payload: large(1_048_577), InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
    lab.endpoint.setTesting({ forTestsOnly: true, states: { pendingMs: 60_000 } });
    await lab.create({ FunctionName: 'pending' });
    await expect(invoke({ FunctionName: 'pending' })).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  it('tells in x-tune-local what the backend is and how contended it was', async () => {
    lab = await startLab({
      testing: settled,
      script: () => ({ durationMs: 1, rawDurationMs: 1.5, contendedShare: 0.123 }),
    });
    await lab.create();
    const path = `${lab.endpoint.url}/2015-03-31/functions`;
    expect((await fetch(path)).headers.get('x-tune-local')).toBe('architectures=x86_64; cpu=none; cores=2');
    const answer = await fetch(`${path}/orders/invocations`, { method: 'POST', body: '{}' });
    expect(answer.headers.get('x-tune-local')).toBe(
      'architectures=x86_64; cpu=none; cores=2; contended=0.123; raw=1.50',
    );
  });
});

describe('environments', () => {
  it('reuses a warm one, scales out under parallel calls, and never runs two calls in one', async () => {
    const running = new Map<number, number>();
    let most = 0;
    let begun = 0;
    let sideBySide = 1;
    lab = await startLab({
      testing: { ...settled, admission: 'off' },
      script: async ({ environment }) => {
        running.set(environment, (running.get(environment) ?? 0) + 1);
        most = Math.max(most, ...running.values());
        begun += 1;
        await until(() => begun >= sideBySide);
        running.set(environment, 0);
        return { durationMs: 20 };
      },
    });
    await lab.create();
    for (let index = 0; index < 3; index += 1) await invoke();
    expect(lab.executor.counts().started).toBe(1);
    [begun, sideBySide] = [0, 5];
    await Promise.all(Array.from({ length: 5 }, () => invoke()));
    expect([lab.executor.counts().started, most]).toEqual([5, 1]);
    expect(lab.endpoint.snapshot().environments).toEqual({ total: 5, busy: 0 });
  });

  it('gives every version its own, replaces those of $LATEST on a change, and drops a dead one', async () => {
    lab = await startLab({
      testing: settled,
      script: ({ event }) => ({ durationMs: event.body.toString() === '"die"' ? 99_999 : 1 }),
    });
    await lab.create({ Publish: true });
    await invoke();
    await invoke({ Qualifier: '1' });
    expect(lab.executor.counts()).toMatchObject({ started: 2, environments: 2 });
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }));
    expect(lab.executor.counts()).toMatchObject({ environments: 1 });
    expect((await invoke()).tail).toMatch(/Memory Size: 512 MB.*Init Duration/);
    await invoke({ Payload: '"die"' });
    expect((await invoke()).tail).toContain('Init Duration');
    await lab.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await until(() => lab.executor.counts().environments === 0);
  });

  it('serves the old configuration while an update is in progress', async () => {
    let nowMs = 1_000_000;
    lab = await startLab({
      clock: { now: () => nowMs, sleep: () => until(() => nowMs > 1_000_500) },
      testing: { forTestsOnly: true, states: { pendingMs: 0, updateMs: 1000 } },
    });
    await lab.create();
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }));
    expect((await invoke()).tail).toContain('Memory Size: 128 MB');
    nowMs += 1000;
    expect((await invoke()).tail).toContain('Memory Size: 512 MB');
    await until(() => lab.executor.counts().environments === 1);
  });

  it('keeps to its bound: an idle one of another version gives way', async () => {
    lab = await startLab({ testing: settled, maxEnvironments: 1 });
    await lab.create({ Publish: true });
    for (const Qualifier of ['$LATEST', '1', '$LATEST']) await invoke({ Qualifier });
    expect(lab.executor.counts()).toMatchObject({ started: 3, environments: 1 });
  });

  it('lets lanes wait for the cores, and starts no process for those that wait when it closes', async () => {
    const executor = scriptedExecutor(() => ({ durationMs: 60_000 }), { cores: 1 });
    lab = await startLab({ testing: settled, executor });
    await lab.create({ Timeout: 900 });
    const calls = [invoke(), invoke()].map((call) => call.catch(() => 'cut'));
    await until(() => lab.endpoint.snapshot().invocationsInFlight === 2);
    expect(executor.counts()).toEqual({ environments: 1, running: 1, started: 1 });
    await lab.endpoint.close();
    expect(await Promise.all(calls)).toEqual(['cut', 'cut']);
    expect(executor.counts()).toEqual({ environments: 0, running: 0, started: 1 });
    expect(await lab.filesLeft()).toEqual([]);
  });
});

describe('aliases', () => {
  it('shares the invocations of a weighted alias among its versions', async () => {
    const draws = [0.05, 0.3, 0.09, 0.99];
    lab = await startLab({ testing: settled, random: () => draws.shift() ?? 0 });
    await lab.create({ Publish: true });
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }));
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    const RoutingConfig = { AdditionalVersionWeights: { '2': 0.1 } };
    await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1', RoutingConfig }));
    const versions: unknown[] = [];
    for (let index = 0; index < 4; index += 1) versions.push((await invoke({ Qualifier: 'live' })).ExecutedVersion);
    expect(versions).toEqual(['2', '1', '2', '1']);
  });
});

describe('throttling', () => {
  const throttled = (Reason: string) => ({
    name: 'TooManyRequestsException',
    Reason,
    retryAfterSeconds: '1',
    $metadata: { httpStatusCode: 429 },
  });

  it('refuses above the reserved concurrency and above the account’s', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    lab = await startLab({
      testing: { ...settled, admission: 'off' },
      concurrentExecutions: 102,
      script: async ({ event }) => {
        if (event.body.toString() === '"wait"') await gate;
        return { durationMs: 1 };
      },
    });
    await lab.create();
    await lab.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
    await expect(
      lab.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 3 })),
    ).rejects.toThrow(/below its minimum value of \[100\]/);
    const first = invoke({ Payload: '"wait"' });
    await until(() => lab.executor.counts().running === 1);
    await expect(invoke()).rejects.toMatchObject(throttled('ReservedFunctionConcurrentInvocationLimitExceeded'));
    open();
    await first;
    expect((await invoke()).StatusCode).toBe(200);
    await lab.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    await expect(invoke()).rejects.toMatchObject(throttled('ReservedFunctionConcurrentInvocationLimitExceeded'));
  });

  it('refuses every n-th call when a test says so, without effect', async () => {
    lab = await startLab({ testing: { ...settled, throttleEveryNthInvoke: 3 } });
    await lab.create();
    await invoke();
    await invoke();
    await expect(invoke()).rejects.toMatchObject(throttled('ConcurrentInvocationLimitExceeded'));
    expect(
      lab.endpoint.snapshot().logGroups[0]?.events.filter(({ message }) => message.startsWith('END')),
    ).toHaveLength(2);
  });
});
