import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Account, createOrders, openAccount } from './support.ts';

const role = 'arn:aws:iam::000000000000:role/tuner';

/** What makes an SDK ask anew in a run that takes longer than a session. */
describe('a session with a role', () => {
  let account: Account;
  let behindMs = 0;
  beforeEach(async () => {
    account = await openAccount({ clock: { now: () => Date.now() - behindMs } });
    await createOrders(account);
  });
  afterEach(() => account.close());

  it('opens the account until it ends, and is refused then', async () => {
    const client = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
      endpoint: account.endpoint.url,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    const own = new STSClient(client({ accessKeyId: 'a', secretAccessKey: 'b' }));
    const { Credentials: given } = await own.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'nightly', DurationSeconds: 900 }),
    );
    const session = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const lambda = () => new LambdaClient(client(session)).send(new GetFunctionCommand({ FunctionName: 'orders' }));
    expect((await lambda()).Configuration?.FunctionName).toBe('orders');
    // The clock of a client is corrected by what the endpoint says.
    behindMs = -899_000;
    const late = new LambdaClient({ ...client(session), systemClockOffset: 899_000 });
    expect((await late.send(new GetFunctionCommand({ FunctionName: 'orders' }))).Configuration).toBeDefined();
    behindMs = -901_000;
    await expect(late.send(new GetFunctionCommand({ FunctionName: 'orders' }))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
  });
});
