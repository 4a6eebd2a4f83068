import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteLayerVersionCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PutRuntimeManagementConfigCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, settled, startLab } from '../lab.ts';

const FunctionName = 'orders';
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ testing: settled });
  await lab.create();
});
afterEach(() => lab.close());

describe('provisioned concurrency', () => {
  it('is found nowhere: the list is empty, a single one does not exist', async () => {
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    const listed = await lab.lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
    expect(listed.ProvisionedConcurrencyConfigs).toEqual([]);
    const get = (Qualifier: string) =>
      lab.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
    await expect(get('1')).rejects.toMatchObject({
      name: 'ProvisionedConcurrencyConfigNotFoundException',
      message: 'No Provisioned Concurrency Config found for this function',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(get('2')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get('$LATEST')).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('layers', () => {
  it('are listed by name with their newest version, and by version', async () => {
    const publish = (LayerName: string, CompatibleRuntimes: ('nodejs22.x' | 'python3.13')[]) =>
      lab.lambda.send(
        new PublishLayerVersionCommand({
          LayerName,
          Content: { ZipFile: lab.zip },
          CompatibleRuntimes,
          Description: 'd',
        }),
      );
    await publish('lib', ['nodejs22.x']);
    await publish('lib', ['python3.13']);
    await publish('lib', ['nodejs22.x']);
    await publish('aux', ['python3.13']);
    await lab.lambda.send(new DeleteLayerVersionCommand({ LayerName: 'lib', VersionNumber: 3 }));
    const layers = await lab.lambda.send(new ListLayersCommand({}));
    expect(
      layers.Layers?.map(({ LayerName, LatestMatchingVersion }) => [LayerName, LatestMatchingVersion?.Version]),
    ).toEqual([
      ['aux', 1],
      ['lib', 2],
    ]);
    const node = await lab.lambda.send(new ListLayersCommand({ CompatibleRuntime: 'nodejs22.x' }));
    expect(node.Layers).toMatchObject([{ LayerName: 'lib', LatestMatchingVersion: { Version: 1, Description: 'd' } }]);
    const versions = await lab.lambda.send(new ListLayerVersionsCommand({ LayerName: 'lib', MaxItems: 1 }));
    expect(versions.LayerVersions?.map(({ Version }) => Version)).toEqual([2]);
    const rest = await lab.lambda.send(new ListLayerVersionsCommand({ LayerName: 'lib', Marker: versions.NextMarker }));
    expect(rest.LayerVersions?.map(({ Version }) => Version)).toEqual([1]);
    expect((await lab.lambda.send(new ListLayerVersionsCommand({ LayerName: 'none' }))).LayerVersions).toEqual([]);
  });
});

describe('configurations that are kept', () => {
  it('of asynchronous invocations', async () => {
    const get = () => lab.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const destination = { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } };
    const put = { FunctionName, MaximumRetryAttempts: 0, DestinationConfig: destination };
    const made = await lab.lambda.send(new PutFunctionEventInvokeConfigCommand(put));
    expect(made).toMatchObject({ FunctionArn: `${arn}:$LATEST`, MaximumRetryAttempts: 0 });
    expect(made.LastModified).toBeInstanceOf(Date);
    const update = { FunctionName, MaximumEventAgeInSeconds: 60 };
    await lab.lambda.send(new UpdateFunctionEventInvokeConfigCommand(update));
    expect(await get()).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: {}, ...destination },
    });
    const listed = await lab.lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }));
    expect(listed.FunctionEventInvokeConfigs?.map(({ FunctionArn }) => FunctionArn)).toEqual([`${arn}:$LATEST`]);
    const other = new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 3 });
    await expect(lab.lambda.send(other)).rejects.toMatchObject({ name: 'ValidationException' });
    await lab.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }));
    expect((await get()).MaximumEventAgeInSeconds).toBeUndefined();
    await lab.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('of recursion', async () => {
    const get = async () =>
      (await lab.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop;
    expect(await get()).toBe('Terminate');
    await lab.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }));
    expect(await get()).toBe('Allow');
    const other = new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Perhaps' as 'Allow' });
    await expect(lab.lambda.send(other)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('of the runtime, by version', async () => {
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    const get = (Qualifier?: string) =>
      lab.lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
    const RuntimeVersionArn = `arn:aws:lambda:us-east-1::runtime:${'a'.repeat(64)}`;
    const put = { FunctionName, Qualifier: '1', UpdateRuntimeOn: 'Manual', RuntimeVersionArn } as const;
    await lab.lambda.send(new PutRuntimeManagementConfigCommand(put));
    expect(await get('1')).toMatchObject({ UpdateRuntimeOn: 'Manual', RuntimeVersionArn, FunctionArn: `${arn}:1` });
    expect(await get()).toMatchObject({ UpdateRuntimeOn: 'Auto', FunctionArn: arn });
    const other = new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Manual' });
    await expect(lab.lambda.send(other)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('of code signing, with the name of the function whether there is one or not', async () => {
    const signing = await lab.lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
    expect([signing.FunctionName, signing.CodeSigningConfigArn]).toEqual([FunctionName, undefined]);
  });
});

it('answers what it does not have with 501 and the name', async () => {
  const lacking = (name: string) => ({
    name: 'UnknownOperationException',
    message: `This endpoint does not have the operation ${name}.`,
    $metadata: expect.objectContaining({ httpStatusCode: 501 }),
  });
  const mapping = new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: 'arn:aws:sqs:us-east-1:0:q' });
  await expect(lab.lambda.send(mapping)).rejects.toMatchObject(lacking('CreateEventSourceMapping'));
  await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' }));
  const provisioned = { FunctionName, Qualifier: 'live', ProvisionedConcurrentExecutions: 1 };
  await expect(lab.lambda.send(new PutProvisionedConcurrencyConfigCommand(provisioned))).rejects.toMatchObject(
    lacking('PutProvisionedConcurrencyConfig'),
  );
  const form = await fetch(lab.endpoint.url, { method: 'POST', body: 'Action=GetSessionToken&Version=2011-06-15' });
  expect([form.status, await form.text()]).toEqual([501, expect.stringContaining('the operation GetSessionToken.')]);
});

it('an update in progress has no reason code: none of the model says so', async () => {
  lab.endpoint.setTesting({ forTestsOnly: true, states: { pendingMs: 0, updateMs: 60_000 } });
  await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
  const { LastUpdateStatus, LastUpdateStatusReasonCode } = await lab.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  expect([LastUpdateStatus, LastUpdateStatusReasonCode]).toEqual(['InProgress', undefined]);
});
