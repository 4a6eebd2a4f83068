import { describe, expect, it } from 'vitest';
import { type AssumeRole, roleCredentials } from '../../../src/aws/client/assumedRole.ts';

const role = { arn: 'arn:aws:iam::123456789012:role/tune', externalId: 'canary-external' };
const expiration = new Date('2026-01-01T01:00:00Z');
const given = {
  Credentials: { AccessKeyId: 'ASIA1', SecretAccessKey: 'secret', SessionToken: 'token', Expiration: expiration },
};

describe('credentials of a role', () => {
  it('are asked for with the session’s name and the external id, and say when they end', async () => {
    const asked: unknown[] = [];
    const assume: AssumeRole = async (request) => {
      asked.push(request);
      return given;
    };
    const credentials = roleCredentials(role, assume);
    expect(await credentials()).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration,
    });
    // The SDK asks again before they end.
    await credentials();
    await roleCredentials({ ...role, externalId: undefined, sessionName: 'nightly' }, assume)();
    expect(asked).toEqual([
      { RoleArn: role.arn, RoleSessionName: 'lambda-tune', ExternalId: 'canary-external', DurationSeconds: 3600 },
      { RoleArn: role.arn, RoleSessionName: 'lambda-tune', ExternalId: 'canary-external', DurationSeconds: 3600 },
      { RoleArn: role.arn, RoleSessionName: 'nightly', ExternalId: undefined, DurationSeconds: 3600 },
    ]);
  });

  const refusedWith = (name: string, message: string, of = role) =>
    roleCredentials(of, async () => {
      throw Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 403 } });
    })();

  it('that are refused say the role, AWS’s words and what to check, not the external id', async () => {
    await expect(refusedWith('AccessDenied', 'no, not with canary-external')).rejects.toMatchObject({
      code: 'CREDENTIALS',
      message: `The role ${role.arn} cannot be assumed (AccessDenied: no, not with ***)`,
      hint: expect.stringContaining('trust policy names who you are'),
    });
    await expect(refusedWith('ExpiredToken', 'expired')).rejects.toMatchObject({
      hint: expect.stringContaining('your own credentials'),
    });
  });

  it('that an answer does not hold are none', async () => {
    await expect(roleCredentials(role, async () => ({}))()).rejects.toMatchObject({ code: 'CREDENTIALS' });
  });
});
