import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, savedRun } from './support.ts';

const role = 'arn:aws:iam::000000000000:role/tuner';

/** What makes an SDK ask anew in a run that takes longer than a session. */
describe('a session with a role', () => {
  let account: Account;
  let behindMs = 0;
  afterEach(() => account.close());

  async function open(behind: number): Promise<void> {
    behindMs = behind;
    account = await openAccount({
      executor: scriptedExecutor(() => ({ durationMs: 100, maxMemoryUsedMb: 70, payload: {} }), { waiting: 'none' }),
      clock: { now: () => Date.now() - behindMs },
    });
    await createOrders(account);
  }

  it('opens the account until it ends, and is refused then', async () => {
    await open(0);
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

  it('is begun anew by a run that takes longer', async () => {
    // By the clock here sessions end ten seconds after they begin: within the five minutes in which an SDK asks for the next.
    await open(3_590_000);
    const args = [
      '--function',
      'orders',
      '--memory',
      '256,512',
      '--invocations',
      '10',
      '--assume-role',
      role,
      '-y',
      '--json',
    ];
    const before = accountPicture(account.endpoint.snapshot());
    const finished = await runTuneQuickly(args, account.env);
    expect(finished.code, finished.stderr).toBe(0);
    const run = savedRun(finished);
    expect(run.configurations.map(({ measurements }) => measurements.length)).toEqual([12, 12, 12, 12]);
    const asked = account.endpoint.calls().filter(({ operation }) => operation === 'GetCallerIdentity');
    expect(asked.length).toBeGreaterThan(10);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
  });
});
