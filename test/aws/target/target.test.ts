import { CreateAliasCommand, PublishVersionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsClients, createClients } from '../../../src/aws/client/client.ts';
import { describeTarget } from '../../../src/aws/target/target.ts';
import { TuneError } from '../../../src/base/errors.ts';
import type { TestingOptions } from '../../../src/local/testing/testing.ts';
import { type Lab, settled, startLab } from '../../local/lab.ts';
import { fastClock } from '../world.ts';

let lab: Lab;
let clients: AwsClients;
beforeEach(async () => {
  lab = await startLab({ testing: settled });
  clients = await clientsFor(lab.endpoint.url);
});
afterEach(async () => {
  clients.destroy();
  await lab.close();
});

function clientsFor(endpointUrl: string) {
  return createClients(
    { region: 'us-east-1', endpointUrl, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
    fastClock,
  );
}

async function refused(reference = 'orders', options = {}): Promise<TuneError> {
  const failure = await describeTarget(clients, reference, options).catch((error: unknown) => error);
  if (!(failure instanceof TuneError)) throw new Error(`expected a TuneError, got ${JSON.stringify(failure)}`);
  return failure;
}

/** Changes what the endpoint answers to an operation, for what it cannot get into by itself. */
function answering(
  operation: string,
  change: (answer: Record<string, unknown>) => Record<string, unknown>,
): TestingOptions {
  return {
    ...settled,
    rewrite: (call, answer) =>
      call.operation === operation && typeof answer === 'object' && answer !== null ? change({ ...answer }) : answer,
  };
}

const withConfiguration = (fields: Record<string, unknown>) =>
  answering('GetFunction', (answer) => ({
    ...answer,
    Configuration: { ...(answer.Configuration as object), ...fields },
  }));

describe('what is read of a target', () => {
  it('is what the function is, without its secrets', async () => {
    await lab.create({
      MemorySize: 512,
      Timeout: 12,
      Environment: { Variables: { KEY: 'canary-77' } },
      EphemeralStorage: { Size: 1024 },
    });
    const { facts, source } = await describeTarget(clients, 'orders');
    expect(facts).toMatchObject({
      functionName: 'orders',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:orders',
      accountId: '000000000000',
      region: 'us-east-1',
      qualifier: '$LATEST',
      version: '$LATEST',
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      packageType: 'Zip',
      codeSizeBytes: lab.zip.length,
      memoryMb: 512,
      timeoutS: 12,
      architecture: 'x86_64',
      ephemeralStorageMb: 1024,
      snapStart: false,
      memoryLimitMb: 10_240,
      unreservedConcurrency: 1000,
      emulation: { architectures: ['x86_64'] },
    });
    expect(source.reveal().configuration.Environment?.Variables).toEqual({ KEY: 'canary-77' });
    const { inspect } = await import('node:util');
    expect(`${JSON.stringify({ facts, source })} ${inspect(source, { depth: 9 })} ${source}`).not.toMatch(
      /canary|http/,
    );
  });

  it('takes tags and reserved concurrency from the unqualified answer, the rest from the version', async () => {
    await lab.create({ MemorySize: 512, Publish: true, Tags: { team: 'shop' } });
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', MemorySize: 1024 }));
    lab.endpoint.setTesting(
      answering('GetFunction', (answer) =>
        'Tags' in answer ? { ...answer, Concurrency: { ReservedConcurrentExecutions: 7 } } : answer,
      ),
    );
    const { facts, source } = await describeTarget(clients, 'orders:1');
    expect(facts).toMatchObject({ memoryMb: 512, version: '1', qualifier: '1', reservedConcurrency: 7 });
    expect(source.reveal().tags).toEqual({ team: 'shop' });
    expect(facts.notices.map(({ code }) => code)).toEqual(['reservedConcurrency']);
  });

  it('keeps what CloudFormation calls it, which finds it in the repository that deploys it', async () => {
    await lab.close();
    clients.destroy();
    const tags = { 'aws:cloudformation:stack-name': 'shop', 'aws:cloudformation:logical-id': 'OrdersFunction' };
    lab = await startLab({ testing: answering('GetFunction', (answer) => ({ ...answer, Tags: tags })) });
    clients = await clientsFor(lab.endpoint.url);
    await lab.create({});
    const { facts } = await describeTarget(clients, 'orders');
    expect(facts.stack).toEqual({ stackName: 'shop', logicalId: 'OrdersFunction' });
  });

  it('names the version that a weighted alias is measured at', async () => {
    await lab.create({ Publish: true });
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', MemorySize: 1024 }));
    await lab.lambda.send(new PublishVersionCommand({ FunctionName: 'orders' }));
    await lab.lambda.send(
      new CreateAliasCommand({
        FunctionName: 'orders',
        Name: 'live',
        FunctionVersion: '1',
        RoutingConfig: { AdditionalVersionWeights: { '2': 0.25 } },
      }),
    );
    const { facts } = await describeTarget(clients, 'arn:aws:lambda:us-east-1:000000000000:function:orders:live');
    expect(facts).toMatchObject({
      qualifier: 'live',
      version: '1',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:orders',
    });
    expect(facts.notices).toEqual([
      { code: 'weightedAlias', text: 'The alias live also sends 25 % to version 2; version 1 is measured.' },
    ]);
  });

  it('lists telemetry by name, and what is not copied', async () => {
    await lab.create({
      Environment: { Variables: { DD_API_KEY: 'canary', TABLE: 'x' } },
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
    });
    const { facts } = await describeTarget(clients, 'orders');
    expect(facts.notices.map(({ code }) => code)).toEqual(['telemetry', 'notCopied']);
    expect(facts.notices[0]?.text).toContain('variable DD_API_KEY');
    expect(JSON.stringify(facts)).not.toContain('canary');
  });

  it('says that the package has a key of its own, and that loops are allowed which copies are stopped in', async () => {
    await lab.create();
    const key = 'arn:aws:kms:us-east-1:000000000000:key/1';
    lab.endpoint.setTesting({
      ...settled,
      rewrite: ({ operation }, answer) => {
        if (typeof answer !== 'object' || answer === null) return answer;
        if (operation === 'GetFunctionRecursionConfig') return { RecursiveLoop: 'Allow' };
        if (operation !== 'GetFunction' || !('Code' in answer) || typeof answer.Code !== 'object') return answer;
        return { ...answer, Code: { ...answer.Code, SourceKMSKeyArn: key } };
      },
    });
    const { facts } = await describeTarget(clients, 'orders');
    expect(facts.notices.map(({ code }) => code)).toEqual(['sourceKey', 'recursiveLoop']);
    expect(facts.notices[0]?.text).toContain(key);
  });

  it('goes on when the account settings may not be read', async () => {
    await lab.create();
    lab.endpoint.setTesting({ ...settled, deny: [{ action: 'lambda:GetAccountSettings', resource: '*' }] });
    const { facts } = await describeTarget(clients, 'orders');
    expect(facts.unreservedConcurrency).toBeUndefined();
    expect(facts.notices.map(({ code }) => code)).toEqual(['accountSettings']);
  });

  it('goes on at a service that lacks what not every Lambda-like one has', async () => {
    await lab.create();
    const lacking =
      /^(?:GetAccountSettings|GetFunctionCodeSigningConfig|GetFunctionRecursionConfig|GetRuntimeManagementConfig|ListProvisioned)/;
    lab.endpoint.setTesting({
      ...settled,
      faults: (call) =>
        lacking.test(call.operation) ? { kind: 'status', status: 404, type: 'UnknownOperationException' } : undefined,
    });
    const { facts } = await describeTarget(clients, 'orders');
    expect(facts.notices.map(({ code }) => code)).toEqual(['codeSigning', 'accountSettings']);
  });

  it('only reads', async () => {
    await lab.create();
    const before = lab.endpoint.snapshot();
    lab.endpoint.setTesting(settled);
    await describeTarget(clients, 'orders');
    expect(lab.endpoint.snapshot()).toEqual(before);
    expect(lab.endpoint.calls().filter(({ operation }) => !/^(Get|List)/.test(operation))).toEqual([]);
  });
});

describe('what cannot be tuned is refused with the reason', () => {
  it.each([
    [
      'a function of Managed Instances',
      { CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: 'arn:x' } } },
      /Managed Instances/,
    ],
    ['a durable function', { DurableConfig: { ExecutionTimeout: 60 } }, /durable/],
    ['a tenant-isolated function', { TenancyConfig: { TenantIsolationMode: 'PER_TENANT' } }, /isolates tenants/],
    ['a Pending function', { State: 'Pending' }, /still being created/],
    ['a Failed function', { State: 'Failed', StateReason: 'no subnet' }, /state Failed: no subnet/],
    [
      'an environment that cannot be decrypted',
      { Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'canary' } } },
      /cannot be decrypted \(AccessDeniedException\)/,
    ],
    ['a blocked runtime', { Runtime: 'python3.7' }, /python3.7/],
  ])('%s', async (_name, fields, message) => {
    await lab.create();
    lab.endpoint.setTesting(withConfiguration(fields));
    const failure = await refused();
    expect(failure).toMatchObject({ code: 'TARGET', exitCode: 2 });
    expect(failure.message).toMatch(message);
  });

  it('an unknown function, saying where it was looked for', async () => {
    expect(await refused('nope')).toMatchObject({ code: 'TARGET', message: 'There is no function nope in us-east-1.' });
    await lab.create();
    expect((await refused('orders:9')).message).toBe('orders exists in us-east-1, but it has no version 9.');
  });

  it('a function of another region, with the option that helps', async () => {
    const failure = await refused('arn:aws:lambda:eu-central-1:000000000000:function:orders');
    expect(failure.hint).toBe('Give --region eu-central-1.');
  });

  it("another account's function without permission, naming the action", async () => {
    const failure = await refused('arn:aws:lambda:us-east-1:123456789012:function:orders');
    expect(failure.code).toBe('ACCESS_DENIED');
    expect(failure.message).toContain('lambda:GetFunction');
  });

  it('a function that is switched off, unless told to ignore that', async () => {
    await lab.create();
    lab.endpoint.setTesting(
      answering('GetFunction', (answer) => ({ ...answer, Concurrency: { ReservedConcurrentExecutions: 0 } })),
    );
    expect((await refused()).message).toMatch(/reserved concurrency of 0/);
    expect(
      (await describeTarget(clients, 'orders', { ignoreReservedConcurrency: true })).facts.reservedConcurrency,
    ).toBe(0);
  });

  it('code that cannot be fetched', async () => {
    await lab.create();
    lab.endpoint.setTesting(
      answering('GetFunction', (answer) => ({
        ...answer,
        Code: { Error: { ErrorCode: 'KMSAccessDenied', Message: 'm' } },
      })),
    );
    expect((await refused()).message).toMatch(/its code cannot be fetched \(KMSAccessDenied\)/);
  });

  it('an endpoint that does not answer, and one that is none', async () => {
    await lab.endpoint.close();
    expect(await refused()).toMatchObject({ code: 'UNREACHABLE', exitCode: 3 });
  });

  it('credentials that AWS does not accept', async () => {
    lab.endpoint.setTesting({
      ...settled,
      faults: () => ({
        kind: 'status',
        status: 403,
        type: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      }),
    });
    expect(await refused()).toMatchObject({ code: 'CREDENTIALS', exitCode: 3 });
  });
});
