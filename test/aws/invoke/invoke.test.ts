import { afterEach, describe, expect, it } from 'vitest';
import type { CallInfo, Fault, TestingOptions } from '../../../src/local/testing/testing.ts';
import type { Deployment } from '../../../src/model/platform.ts';
import { settled } from '../../local/lab.ts';
import { never, sized, startWorld, type World, type WorldOptions } from '../world.ts';

let world: World;
let deployment: Deployment;
const start = async (options?: WorldOptions) => {
  world = await startWorld(options);
  deployment = await world.platform.deploy(sized(128), never);
  return world.platform;
};
afterEach(() => world.close());

const playing = (testing: Omit<TestingOptions, 'forTestsOnly'>) =>
  world.lab.endpoint.setTesting({ ...settled, ...testing });
const onInvoke = (fault: Fault) => ({ faults: (call: CallInfo) => (call.operation === 'Invoke' ? fault : undefined) });

describe('one attempt to invoke', () => {
  it('brings the answer, its log tail and how busy the host was', async () => {
    const script = () => ({ durationMs: 5, rawDurationMs: 7, contendedShare: 0.25 });
    const platform = await start({ lab: { script } });
    expect(await platform.invoke(deployment, '{"a":1}', never)).toMatchObject({
      kind: 'answered',
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      logTail: expect.stringContaining('REPORT RequestId: '),
      hostTime: { rawDurationMs: 7, contendedShare: 0.25 },
    });
  });

  it('brings a function error as an answer', async () => {
    const script = () => ({ durationMs: 5, failure: { errorType: 'Boom', errorMessage: 'no' } });
    const platform = await start({ lab: { script } });
    expect(await platform.invoke(deployment, '{}', never)).toMatchObject({
      kind: 'answered',
      functionError: 'Unhandled',
      responseBody: expect.stringContaining('"errorType":"Boom"'),
    });
  });

  it.each([
    [
      'throttled',
      {
        kind: 'status',
        status: 429,
        type: 'TooManyRequestsException',
        reason: 'ConcurrentInvocationLimitExceeded',
        retryAfterS: 2,
      },
      { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded', retryAfterMs: 2000 },
    ],
    ['notReady', { kind: 'status', status: 502, type: 'ENINotReadyException' }, { kind: 'notReady' }],
    ['notReady', { kind: 'status', status: 409, type: 'ResourceConflictException' }, { kind: 'notReady' }],
    ['lost', 'resetAfter', { kind: 'lost', reason: 'the connection ended without an answer (ECONNRESET)' }],
    ['lost', 'resetBefore', { kind: 'lost' }],
    ['lost', 'cutBody', { kind: 'lost' }],
    ['lost', { kind: 'status', status: 500, type: 'ServiceException' }, { kind: 'lost' }],
  ] as const)('is %s after %j, and never repeated', async (_kind, fault, attempt) => {
    const platform = await start();
    playing(onInvoke(fault));
    expect(await platform.invoke(deployment, '{}', never)).toMatchObject(attempt);
    expect(world.calls('Invoke')).toHaveLength(1);
  });

  it.each([
    [
      { kind: 'status', status: 502, type: 'KMSAccessDeniedException', message: 'Lambda was unable to decrypt' },
      'SHADOW',
      /KMSAccessDeniedException/,
    ],
    [
      { kind: 'status', status: 403, type: 'AccessDeniedException', message: 'no' },
      'ACCESS_DENIED',
      /lambda:InvokeFunction/,
    ],
    [
      { kind: 'status', status: 403, type: 'EFSMountFailureException', message: 'could not mount' },
      'SHADOW',
      /cannot be invoked \(EFSMountFailureException: could not mount\)/,
    ],
    [
      { kind: 'status', status: 403, type: 'S3FilesMountFailureException', message: 'could not mount' },
      'SHADOW',
      /S3FilesMountFailureException: could not mount/,
    ],
    [{ kind: 'status', status: 403, type: 'ExpiredTokenException', message: 'expired' }, 'CREDENTIALS', /credentials/],
    [{ kind: 'status', status: 413, type: 'RequestTooLargeException' }, 'PAYLOAD', /payload/],
    [{ kind: 'status', status: 400, type: 'RecursiveInvocationException' }, 'SHADOW', /RecursiveInvocationException/],
  ] as const)('throws what no repetition cures: %j', async (fault, code, message) => {
    const platform = await start();
    playing(onInvoke(fault));
    const failure = await platform.invoke(deployment, '{}', never).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(world.calls('Invoke')).toHaveLength(1);
  });

  it('is lost when it is abandoned', async () => {
    const platform = await start();
    playing({ latencyMs: 300 });
    const abandon = new AbortController();
    const attempt = platform.invoke(deployment, '{}', abandon.signal);
    await expect.poll(() => world.calls('Invoke')).toHaveLength(1);
    abandon.abort();
    expect(await attempt).toMatchObject({ kind: 'lost', reason: 'no longer waited for: the run was stopping' });
  });
});

describe('a REPORT that is only in the logs', () => {
  it('is found through empty pages, with its environment', async () => {
    const platform = await start();
    playing({ report: 'onlyInLogs', logs: { emptyPages: 3, delayMs: 20 } });
    const attempt = await platform.invoke(deployment, '{}', never);
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    expect(attempt.logTail ?? '').not.toContain('REPORT');
    const finding = await platform.findReport(deployment, attempt, never);
    expect(finding).toMatchObject({
      found: true,
      report: { requestId: attempt.requestId, memorySizeMb: deployment.configuration.memoryMb },
    });
    const environments = await platform.environments(new Date(), never);
    expect(environments.get(attempt.requestId)).toBe(finding.found ? finding.environment : '');
  });

  it('is looked for no longer than agreed', async () => {
    const platform = await start({ shadow: { reportWaitMs: 4000 } });
    await platform.invoke(deployment, '{}', never);
    playing({ report: 'missing' });
    const attempt = await platform.invoke(deployment, '{}', never);
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    expect(await platform.findReport(deployment, attempt, never)).toEqual({
      found: false,
      reason: 'no REPORT in the logs after 4 s',
    });
  });

  it('is given up for the whole run when the role cannot write logs', async () => {
    const platform = await start();
    playing({ report: 'onlyInLogs', logs: { denied: () => true } });
    const attempt = await platform.invoke(deployment, '{}', never);
    if (attempt.kind !== 'answered') throw new Error(attempt.kind);
    const reason = 'the execution role cannot write the log group /aws/lambda/tune-k3x9';
    expect(await platform.findReport(deployment, attempt, never)).toEqual({ found: false, reason });
    playing({ report: 'onlyInLogs' });
    expect(await platform.findReport(deployment, attempt, never)).toEqual({ found: false, reason });
    expect(world.calls('FilterLogEvents')).toEqual([]);
  });

  it('is not looked for where the logs may not be read', async () => {
    const platform = await start();
    playing({ deny: [{ action: 'logs:FilterLogEvents', resource: '*' }] });
    const lookup = { requestId: '5009fcc8-5032-41fd-9a62-fc133fe04d67', startedAt: new Date() };
    expect(await platform.findReport(deployment, lookup, never)).toMatchObject({
      found: false,
      reason: expect.stringContaining('Not allowed: logs:FilterLogEvents'),
    });
    expect(await platform.environments(new Date(), never)).toEqual(new Map());
    expect(world.warnings().map(({ code }) => code)).toEqual(['environments']);
  });

  it('says that environments are only numbered when the role cannot write logs, and that no others are told apart', async () => {
    const platform = await start();
    playing({ logs: { denied: () => true } });
    await platform.invoke(deployment, '{}', never);
    expect(await platform.environments(new Date(), never)).toEqual(new Map());
    expect(world.warnings()).toMatchObject([
      { code: 'environments', text: expect.stringContaining('environments are called "1", "2"') },
    ]);
    expect(world.warnings()[0]?.text).toContain('logs:CreateLogStream and logs:PutLogEvents');
  });

  it('waits for lines that are on their way before it says so', async () => {
    const platform = await start();
    playing({ logs: { delayMs: 60 } });
    await platform.invoke(deployment, '{}', never);
    expect((await platform.environments(new Date(), never)).size).toBe(1);
    expect(world.warnings()).toEqual([]);
  });
});
