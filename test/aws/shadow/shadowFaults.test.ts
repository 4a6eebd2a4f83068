import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { TuneError } from '../../../src/base/errors.ts';
import type { CallInfo, Fault } from '../../../src/local/testing/testing.ts';
import { role, settled, zipOf } from '../../local/lab.ts';
import { never, sized, startWorld, steppedClock, type World, type WorldOptions } from '../world.ts';

let world: World;
const start = async (options?: WorldOptions) => {
  world = await startWorld(options);
  return world;
};
afterEach(() => world.close());

const shadow1 = 'arn:aws:lambda:us-east-1:000000000000:function:tune-k3x9-x86_64-1-orders';

/** The fault on the first so many calls of an operation. */
function onFirst(operation: string, fault: Fault, times = 1) {
  let left = times;
  return (call: CallInfo): Fault | undefined => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

async function failureOf(promise: Promise<unknown>): Promise<TuneError> {
  const failure = await promise.catch((error: unknown) => error);
  if (!(failure instanceof TuneError)) throw new Error(`expected a TuneError, got ${String(failure)}`);
  return failure;
}

describe('creating shadows on a service that fails', () => {
  const passing: readonly (readonly [string, Fault])[] = [
    ['a throttle', { kind: 'status', status: 429, type: 'TooManyRequestsException' }],
    ['a failure of the service', { kind: 'status', status: 500, type: 'ServiceException' }],
    ['an answer lost after the function was created', 'resetAfter'],
    ['a connection lost before', 'resetBefore'],
    ['a half answer', 'cutBody'],
    ['an unreadable answer', 'garbage'],
    [
      'an error answered after the function was created',
      { kind: 'status', status: 503, type: 'ServiceUnavailableException', afterEffect: true },
    ],
    [
      'a role that cannot be assumed yet',
      {
        kind: 'status',
        status: 400,
        type: 'InvalidParameterValueException',
        message: 'The role defined for the function cannot be assumed by Lambda.',
      },
    ],
    [
      'an operation in progress',
      {
        kind: 'status',
        status: 409,
        type: 'ResourceConflictException',
        message: 'The operation cannot be performed at this time.',
      },
    ],
  ];
  for (const [name, fault] of passing) {
    it(`goes on after ${name}`, async () => {
      const { platform, before } = await start({ testing: { faults: onFirst('CreateFunction', fault) } });
      const deployment = await platform.deploy(sized(128), never);
      expect(deployment).toMatchObject({ functionName: 'tune-k3x9-x86_64-1-orders', version: '1' });
      expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
      expect(await platform.remove()).toEqual([]);
      expect(world.lab.endpoint.snapshot()).toEqual(before);
      expect(world.memory.open()).toEqual([]);
    });
  }

  it('goes on, or removes it, after an answer was lost and the attempt after it refused: something had been made', async () => {
    const refused: Fault = { kind: 'status', status: 400, type: 'InvalidParameterValueException' };
    let n = 0;
    const { platform, before } = await start({
      testing: {
        faults: ({ operation }) => {
          if (operation !== 'CreateFunction') return undefined;
          n += 1;
          return n === 1 ? 'resetAfter' : refused;
        },
      },
    });
    await platform.deploy(sized(128), never);
    expect(world.functionNames()).toContain('tune-k3x9-x86_64-1-orders');
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
    expect(world.memory.open()).toEqual([]);
  });

  it('measures and removes copies that hosts of the service learn of one by one', async () => {
    const { platform, before } = await start({
      testing: { states: { pendingMs: 0, updateMs: 0, publishMs: 0, unseenMs: 120 } },
    });
    const deployment = await platform.deploy(sized(128), never);
    const kinds = [];
    while (kinds.at(-1) !== 'answered') kinds.push((await platform.invoke(deployment, '{}', never)).kind);
    expect(kinds.filter((kind) => !['notReady', 'answered'].includes(kind))).toEqual([]);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
  });

  it('does not believe that a copy is gone that it made a moment ago, however often that is said', async () => {
    let left = 6;
    const { platform, before } = await start({
      clock: steppedClock(),
      testing: {
        faults: ({ operation }) => {
          if (!/^(DeleteFunction|GetFunction)$/.test(operation) || left === 0) return undefined;
          left -= 1;
          return { kind: 'status', status: 404, type: 'ResourceNotFoundException' };
        },
      },
    });
    await platform.deploy(sized(128), never);
    expect(await platform.remove()).toEqual([]);
    expect(left).toBe(0);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
  });

  it('deletes a log group although the service says once that there is none', async () => {
    const { platform, before } = await start({
      testing: {
        faults: onFirst('DeleteLogGroup', { kind: 'status', status: 400, type: 'ResourceNotFoundException' }),
      },
    });
    await platform.deploy(sized(128), never);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
  });

  it('removes a function whose creation was never answered', async () => {
    const { platform, before } = await start({
      testing: {
        faults: (call) =>
          call.operation === 'CreateFunction'
            ? 'resetAfter'
            : call.operation === 'GetFunction'
              ? 'resetBefore'
              : undefined,
      },
    });
    expect(await failureOf(platform.deploy(sized(128), never))).toMatchObject({ code: 'UNREACHABLE' });
    expect(world.functionNames()).toContain('tune-k3x9-x86_64-1-orders');
    world.lab.endpoint.setTesting(undefined);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
    expect(world.memory.open()).toEqual([]);
  });

  describe('without lambda:ListTags', () => {
    const noTags = [{ action: 'lambda:ListTags', resource: '*' }];

    it('knows the function of a lost answer by the log group of the run', async () => {
      const { platform, before } = await start({
        testing: { deny: noTags, faults: onFirst('CreateFunction', 'resetAfter') },
      });
      const deployment = await platform.deploy(sized(128), never);
      expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
      expect(await platform.remove()).toEqual([]);
      expect(world.lab.endpoint.snapshot()).toEqual(before);
      expect(world.memory.open()).toEqual([]);
    });

    it('removes it by that, too, when the run ended before it was seen', async () => {
      const { platform, before, lab } = await start({
        testing: {
          deny: noTags,
          faults: (call) =>
            call.operation === 'CreateFunction'
              ? 'resetAfter'
              : call.operation === 'GetFunction'
                ? 'resetBefore'
                : undefined,
        },
      });
      await failureOf(platform.deploy(sized(128), never));
      lab.endpoint.setTesting({ forTestsOnly: true, deny: noTags });
      expect(await platform.remove()).toEqual([]);
      expect(lab.endpoint.snapshot()).toEqual(before);
    });

    it('leaves one that nothing proves to be its own, says so, and keeps it in the journal', async () => {
      const name = 'tune-k3x9-x86_64-1-orders';
      const { platform } = await start({
        testing: {
          deny: noTags,
          faults: onFirst('CreateFunction', 'resetAfter'),
          rewrite: (call, answer) =>
            call.operation === 'GetFunction' && call.resource.includes(':function:tune-') && typeof answer === 'object'
              ? { ...answer, Configuration: { FunctionName: name } }
              : answer,
        },
      });
      const failure = await failureOf(platform.deploy(sized(128), never));
      expect(failure).toMatchObject({
        code: 'ACCESS_DENIED',
        message: `There is a function ${name}, and whether this run made it cannot be read: lambda:ListTags on it is missing.`,
      });
      expect(await platform.remove()).toMatchObject([{ kind: 'function', reason: failure.message }]);
      expect(world.functionNames()).toContain(name);
      expect(world.memory.open()).toMatchObject([{ kind: 'function', name }]);
    });

    it('takes one that was there before its first attempt for somebody else’s', async () => {
      const { platform, lab } = await start();
      const FunctionName = 'tune-k3x9-x86_64-1-orders';
      await lab.create({ FunctionName });
      lab.endpoint.setTesting({ forTestsOnly: true, deny: noTags });
      expect(await failureOf(platform.deploy(sized(128), never))).toMatchObject({ code: 'USAGE' });
      expect(await platform.remove()).toEqual([]);
      expect(world.functionNames()).toContain(FunctionName);
      expect(world.memory.open()).toEqual([]);
    });
  });

  it("leaves somebody else's function of the same name alone", async () => {
    const { platform, lab } = await start();
    const name = 'tune-k3x9-x86_64-1-orders';
    await lab.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: lab.zip },
      }),
    );
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure.code).toBe('USAGE');
    expect(failure.message).toBe(`The run id "k3x9" is in use: there is already a function ${name}.`);
    expect(await platform.remove()).toEqual([]);
    expect(world.functionNames()).toEqual(['orders', name]);
  });

  it('refuses a run id whose log group exists, and leaves that alone', async () => {
    const { platform, lab } = await start();
    await lab.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/tune-k3x9' }));
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure.code).toBe('USAGE');
    expect(failure.hint).toBe('Give another --run-id, or remove what that run left: tune cleanup --run k3x9');
    expect(await platform.remove()).toEqual([]);
    expect(lab.endpoint.snapshot().logGroups).toHaveLength(1);
    expect(world.functionNames()).toEqual(['orders']);
    expect(world.memory.open()).toEqual([]);
  });

  it('says the smaller limit of a new account', async () => {
    const { platform } = await start({ testing: { memoryLimitMb: 3008 } });
    const failure = await failureOf(platform.deploy(sized(4096), never));
    expect(failure).toMatchObject({ code: 'QUOTA', memoryLimitMb: 3008 });
    const fallback = await platform.deploy(sized(1024), never);
    expect(fallback.version).toBe('1');
    expect(await platform.remove()).toEqual([]);
    expect(world.memory.open()).toEqual([]);
  });

  it('says that a runtime is blocked', async () => {
    const { platform } = await start({ testing: { blockedRuntimes: ['nodejs22.x'] } });
    expect(await failureOf(platform.deploy(sized(128), never))).toMatchObject({ code: 'TARGET', exitCode: 2 });
  });

  it('names the missing action and its resource', async () => {
    const { platform } = await start({ testing: { deny: [{ action: 'lambda:CreateFunction', resource: '*' }] } });
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure.code).toBe('ACCESS_DENIED');
    const action = 'lambda:CreateFunction';
    expect(failure.message).toBe(
      `Not allowed: ${action} on ${shadow1}. AWS says: User: arn:aws:iam::000000000000:user/tune-local is not authorized to perform: ${action} on resource: ${shadow1} because no identity-based policy allows the ${action} action`,
    );
    expect(await platform.remove()).toEqual([]);
    expect(world.memory.open()).toEqual([]);
    expect(world.calls('DeleteFunction')).toEqual([]);
  });

  it('says that the trust policy of a role may name the function, when the role is not taken for long', async () => {
    const { platform } = await start({
      testing: {
        faults: ({ operation }) =>
          operation === 'CreateFunction'
            ? {
                kind: 'status',
                status: 400,
                type: 'InvalidParameterValueException',
                message: 'The role defined for the function cannot be assumed by Lambda.',
              }
            : undefined,
      },
    });
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure).toMatchObject({ code: 'SHADOW', hint: expect.stringContaining('trust policy may be bound') });
    expect(await platform.remove()).toEqual([]);
  });

  it('does not advise a permission against a policy of the organization', async () => {
    const by = { refuser: 'service control policy', explicitly: true } as const;
    const { platform } = await start({ testing: { deny: [{ action: 'lambda:CreateFunction', resource: '*', by }] } });
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure.message).toContain('with an explicit deny in a service control policy');
    expect(failure.hint).toMatch(
      /^A policy of the organization refuses it, and no policy of this account can allow it/,
    );
    expect(await platform.remove()).toEqual([]);
    expect(world.memory.open()).toEqual([]);
  });

  it('goes on without a log group and says which action is missing', async () => {
    const { platform } = await start({ testing: { deny: [{ action: 'logs:CreateLogGroup', resource: '*' }] } });
    const deployment = await platform.deploy(sized(128), never);
    expect((await platform.invoke(deployment, '{}', never)).kind).toBe('answered');
    expect(world.warnings()).toMatchObject([
      { code: 'logGroup', text: expect.stringContaining('logs:CreateLogGroup') },
    ]);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot().logGroups).toEqual([]);
  });

  it('does not delete the log group that somebody has under the name of its own, when it may not create one', async () => {
    const { platform, lab } = await start();
    await lab.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/tune-k3x9' }));
    lab.endpoint.setTesting({ ...settled, deny: [{ action: 'logs:CreateLogGroup', resource: '*' }] });
    await platform.deploy(sized(128), never);
    expect(await platform.remove()).toEqual([]);
    expect(await platform.lastLook()).toEqual([]);
    expect(lab.endpoint.snapshot().logGroups.map(({ logGroupName }) => logGroupName)).toEqual([
      '/aws/lambda/tune-k3x9',
    ]);
    expect(world.memory.open()).toEqual([]);
  });

  it('says that the log group may be left when neither may be created nor looked at', async () => {
    const { platform } = await start({ testing: { deny: [{ action: 'logs:*', resource: '*' }] } });
    const deployment = await platform.deploy(sized(128), never);
    await platform.invoke(deployment, '{}', never);
    expect(await platform.remove()).toMatchObject([
      { kind: 'logGroup', reason: expect.stringContaining('may not be read (logs:DescribeLogStreams)') },
    ]);
  });

  it('refuses to fill the code storage', async () => {
    const { platform, target } = await start({
      lab: { testing: { forTestsOnly: true, states: { pendingMs: 0, publishMs: 0 }, codeStorageBytes: 1000 } },
    });
    expect(target.facts.codeStorageFreeBytes).toBeLessThan(1000);
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure.code).toBe('QUOTA');
    expect(failure.message).toMatch(/tune fills at most 20 % of that/);
    expect(world.lab.endpoint.calls()).toEqual([]);
  });

  it('never shows environment values, whatever the service says', async () => {
    const { platform } = await start({
      create: { Environment: { Variables: { KEY: 'canary-1f9d' } } },
      testing: {
        faults: onFirst('CreateFunction', {
          kind: 'status',
          status: 400,
          type: 'InvalidParameterValueException',
          message: "Value '{KEY=canary-1f9d}' at 'environment' failed",
        }),
      },
    });
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect(failure.message).toContain("Value '{KEY=***}'");
    expect(
      JSON.stringify([
        failure,
        failure.message,
        failure.hint,
        failure.cause,
        world.events,
        world.target,
        `${world.target.source}`,
      ]),
    ).not.toContain('canary');
  });

  it('fetches an expired code location anew', async () => {
    const { platform } = await start({
      testing: { faults: onFirst('DownloadCode', { kind: 'status', status: 403, type: 'AccessDenied' }) },
    });
    expect((await platform.deploy(sized(128), never)).version).toBe('1');
    expect(world.calls('DownloadCode')).toHaveLength(2);
  });

  it('downloads again after a broken download', async () => {
    const { platform } = await start({ testing: { faults: onFirst('DownloadCode', 'cutBody') } });
    expect((await platform.deploy(sized(128), never)).version).toBe('1');
  });

  it('downloads again what arrived with other bytes, and gives up in the end', async () => {
    const { platform } = await start({ testing: { faults: onFirst('DownloadCode', 'garbage') } });
    expect((await platform.deploy(sized(128), never)).version).toBe('1');
    expect(world.calls('DownloadCode')).toHaveLength(2);
    await world.close();

    const { platform: second } = await start({ testing: { faults: onFirst('DownloadCode', 'garbage', 99) } });
    const failure = await failureOf(second.deploy(sized(128), never));
    expect(failure.code).toBe('UNREACHABLE');
    expect(failure.message).toBe('The code of orders could not be downloaded (what arrived has another checksum).');
  });

  it('calls code changed only when the function says so', async () => {
    const { platform } = await start();
    await world.lab.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'orders', ZipFile: await zipOf({ 'index.mjs': 'export {};' }) }),
    );
    const failure = await failureOf(platform.deploy(sized(128), never));
    expect([failure.code, failure.message]).toEqual(['TARGET', 'The code of orders was changed after it was read.']);
  });
});

describe('stopping and removing', () => {
  it('stops waiting at once when the run is interrupted, and removes what was on its way', async () => {
    const { platform, before } = await start({
      testing: { latencyMs: (call) => (call.operation === 'CreateFunction' ? 80 : 0) },
    });
    const stop = new AbortController();
    const deployments = [128, 256, 512].map((memoryMb) => platform.deploy(sized(memoryMb), stop.signal));
    const settledAll = Promise.allSettled(deployments);
    await expect.poll(() => world.calls('CreateFunction').length).toBeGreaterThan(0);
    stop.abort();
    expect((await settledAll).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
    expect(world.memory.open()).toEqual([]);
  });

  it('keeps nothing in its journal of a function that was refused, and not tried again because the run stopped', async () => {
    const { platform } = await start({
      testing: {
        faults: ({ operation }) =>
          operation === 'CreateFunction'
            ? { kind: 'status', status: 409, type: 'ResourceConflictException' }
            : undefined,
      },
    });
    const stop = new AbortController();
    const deployment = platform.deploy(sized(128), stop.signal).catch(() => undefined);
    await expect.poll(() => world.calls('CreateFunction').length).toBeGreaterThan(0);
    stop.abort();
    await deployment;
    expect(await platform.remove()).toEqual([]);
    expect(world.memory.open()).toEqual([]);
  });

  it('deletes a shadow that refuses while it is Pending once it has settled', async () => {
    const { platform } = await start({
      testing: { states: { pendingMs: 200, publishMs: 200, refuseDeleteWhilePending: true } },
    });
    const stop = new AbortController();
    const deployment = platform.deploy(sized(128), stop.signal);
    deployment.catch(() => undefined);
    await expect.poll(() => world.functionNames()).toHaveLength(2);
    stop.abort();
    expect(await platform.remove()).toEqual([]);
    expect(world.functionNames()).toEqual(['orders']);
    expect(world.calls('DeleteFunction').length).toBeGreaterThan(1);
  });

  it('deletes again a shadow that the service did not know for a moment', async () => {
    const { platform, before } = await start();
    await platform.deploy(sized(128), never);
    world.lab.endpoint.setTesting({
      forTestsOnly: true,
      faults: onFirst('DeleteFunction', { kind: 'status', status: 404, type: 'ResourceNotFoundException' }),
    });
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot()).toEqual(before);
  });

  it('names what may not be deleted, and the command that removes it', async () => {
    const { platform } = await start();
    await platform.deploy(sized(128), never);
    world.lab.endpoint.setTesting({ forTestsOnly: true, deny: [{ action: 'lambda:DeleteFunction', resource: '*' }] });
    expect(await platform.remove()).toEqual([
      {
        kind: 'function',
        name: shadow1,
        region: 'us-east-1',
        reason: expect.stringMatching(`^Not allowed: lambda:DeleteFunction on ${shadow1}. AWS says: `),
        command: `aws lambda delete-function --function-name tune-k3x9-x86_64-1-orders --region us-east-1 --endpoint-url ${world.lab.endpoint.url}`,
      },
    ]);
    expect(world.memory.open()).toEqual([{ kind: 'function', name: 'tune-k3x9-x86_64-1-orders', region: 'us-east-1' }]);
  });

  it('asks again when its last look gets an answer that cannot be read', async () => {
    const { platform } = await start();
    await platform.deploy(sized(128), never);
    expect(await platform.remove()).toEqual([]);
    world.lab.endpoint.setTesting({ forTestsOnly: true, faults: onFirst('DeleteLogGroup', 'garbage') });
    expect(await platform.lastLook()).toEqual([]);
    expect(world.calls('DeleteLogGroup')).toHaveLength(2);
  });

  it('removes in its last look a log group that a late flush made anew', async () => {
    // The lines arrive when the group is gone, however long that takes: a time would be over too early on a busy machine.
    let flush: () => void = () => undefined;
    const isGone = new Promise<void>((resolve) => {
      flush = resolve;
    });
    const clock = { now: () => Date.now(), sleep: () => isGone };
    const { platform } = await start({ lab: { clock }, testing: { logs: { delayMs: 1 } } });
    const deployment = await platform.deploy(sized(128), never);
    await platform.invoke(deployment, '{}', never);
    expect(await platform.remove()).toEqual([]);
    expect(world.lab.endpoint.snapshot().logGroups).toEqual([]);
    flush();
    await expect.poll(() => world.lab.endpoint.snapshot().logGroups).toHaveLength(1);
    expect(await platform.lastLook()).toEqual([]);
    expect(world.lab.endpoint.snapshot().logGroups).toEqual([]);
  });

  it('renews the lease on shadows and log group', async () => {
    const { platform, memory } = await start();
    const { functionName } = await platform.deploy(sized(128), never);
    await platform.renewLease(new Date('2026-11-23T12:30:00.000Z'));
    const { functions, logGroups } = world.lab.endpoint.snapshot();
    expect(functions.find((one) => one.functionName === functionName)?.tags['lambda-tune:expires']).toBe(
      '2026-11-23T12:30:00.000Z',
    );
    expect(logGroups[0]?.tags['lambda-tune:expires']).toBe('2026-11-23T12:30:00.000Z');
    expect(memory.words.at(-1)).toBe('renewed 2026-11-23T12:30:00.000Z');
    expect(world.warnings()).toEqual([]);
  });
});
