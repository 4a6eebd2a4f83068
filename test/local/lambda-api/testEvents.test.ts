import {
  CreateSchemaCommand,
  DescribeSchemaCommand,
  SchemasClient,
  UpdateSchemaCommand,
} from '@aws-sdk/client-schemas';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const client = () => ({
  endpoint: lab.endpoint.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
  maxAttempts: 1,
});

describe('shared test events of the endpoint', () => {
  const named = { RegistryName: 'lambda-testevent-schemas', SchemaName: '_orders-schema' };

  it('are put, changed and read as EventBridge Schemas has them', async () => {
    const schemas = new SchemasClient(client());
    await schemas.send(new CreateSchemaCommand({ ...named, Type: 'OpenApi3', Content: '{"a":1}' }));
    const made = await schemas.send(new DescribeSchemaCommand(named));
    expect(made).toMatchObject({
      Content: '{"a":1}',
      SchemaVersion: '1',
      Type: 'OpenApi3',
      ...{ SchemaName: '_orders-schema' },
    });
    await expect(
      schemas.send(new CreateSchemaCommand({ ...named, Type: 'OpenApi3', Content: '{}' })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    await schemas.send(new UpdateSchemaCommand({ ...named, Content: '{"a":2}' }));
    expect(await schemas.send(new DescribeSchemaCommand(named))).toMatchObject({
      Content: '{"a":2}',
      SchemaVersion: '2',
    });
  });

  it('that are not there are not found', async () => {
    await expect(new SchemasClient(client()).send(new DescribeSchemaCommand(named))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Schema with name _orders-schema does not exist.',
    });
  });
});

describe('roles of the endpoint', () => {
  const asked = { RoleArn: 'arn:aws:iam::000000000000:role/path/tuner', RoleSessionName: 'nightly' };

  it('are assumed for a time, and the session knows who it is', async () => {
    const { Credentials: given } = await new STSClient(client()).send(new AssumeRoleCommand(asked));
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const { Arn } = await new STSClient({ ...client(), credentials }).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::000000000000:assumed-role/tuner/nightly');
    expect(given?.Expiration?.getTime()).toBeGreaterThan(Date.now());
  });

  it('of another account are refused, and what is no role is not valid', async () => {
    const sts = new STSClient(client());
    await expect(
      sts.send(new AssumeRoleCommand({ ...asked, RoleArn: 'arn:aws:iam::111111111111:role/tuner' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(sts.send(new AssumeRoleCommand({ ...asked, RoleArn: 'tuner' }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});
