import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { packageOf, until } from '../local/lab.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, openAccount, runTune, savedRun, startTune } from './support.ts';

/** One environment each: calls that overlap may open a further one, which then answers cold. */
const sweep = ['--function', 'orders', '--memory', '128,512,1024', '--concurrency', '1', '--yes', '--json'];
const measuredSix = Array.from({ length: 6 }, () => ['measured', 3]);

describe('a large package', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 20, maxMemoryUsedMb: 70 })) });
  });
  afterEach(() => account.close());

  const calls = (operation: RegExp) => account.endpoint.calls().filter((call) => operation.test(call.operation)).length;
  const picture = () => accountPicture(account.endpoint.snapshot());

  describe('of more than 10 MB', () => {
    let before: unknown;
    beforeEach(async () => {
      await createOrders(account, { Code: { ZipFile: await packageOf(11) } });
      before = picture();
    });

    it('is sent less often than there are configurations: few shadows walk the sizes', async () => {
      const finished = await runTuneQuickly([...sweep, '--invocations', '3'], account.env);
      expect(finished.code).toBe(0);
      expect(savedRun(finished).configurations.map(({ status, warm }) => [status, warm?.count])).toEqual(measuredSix);
      expect(calls(/^CreateFunction$/)).toBeLessThan(6);
      expect(picture()).toEqual(before);
    });

    it('leaves nothing when it is interrupted on the way from one size to the next', async () => {
      account.under({ latencyMs: 50, states: { pendingMs: 100, updateMs: 100, publishMs: 100 } });
      const run = startTune([...sweep, '--invocations', '2000'], account.env);
      await until(() => calls(/^PublishVersion$/) > 0);
      run.kill('SIGTERM');
      const finished = await run.finished;
      expect(finished.code).toBe(143);
      expect(savedRun(finished)).toMatchObject({ ended: 'interrupted', leftBehind: [] });
      expect(picture()).toEqual(before);
    });
  });

  describe('of more than 50 MB', () => {
    let before: unknown;
    beforeEach(async () => {
      for (const Bucket of ['owner', 'staging']) await account.s3.send(new CreateBucketCommand({ Bucket }));
      await account.s3.send(new PutObjectCommand({ Bucket: 'owner', Key: 'orders.zip', Body: await packageOf(51) }));
      await createOrders(account, { Code: { S3Bucket: 'owner', S3Key: 'orders.zip' } });
      before = picture();
    });

    it('needs a staging bucket that exists, and goes through it without leaving anything there', async () => {
      const without = await runTuneQuickly([...sweep, '--invocations', '3'], account.env);
      expect(without).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--staging-bucket') });
      expect(calls(/^(Create|Put)/)).toBe(0);

      const nowhere = await runTuneQuickly([...sweep, '--staging-bucket', 'nowhere'], account.env);
      expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no staging bucket nowhere') });
      expect(picture()).toEqual(before);

      const finished = await runTuneQuickly(
        [...sweep, '--invocations', '3', '--staging-bucket', 'staging'],
        account.env,
      );
      expect(finished.code).toBe(0);
      expect(savedRun(finished).configurations.map(({ status, warm }) => [status, warm?.count])).toEqual(measuredSix);
      expect(calls(/^PutObject$/)).toBeGreaterThan(0);
      expect(picture()).toEqual(before);
    });

    it('is removed from the staging bucket by a clean-up after a kill', async () => {
      const args = [...sweep, '--invocations', '2000', '--staging-bucket', 'staging'];
      const run = startTune(args, account.env);
      await until(() => calls(/^Invoke$/) > 10);
      run.kill('SIGKILL');
      await run.finished;
      expect((await runTune(['cleanup'], account.env)).code).toBe(0);
      await until(() => account.endpoint.snapshot().invocationsInFlight === 0);
      expect((await runTune(['cleanup'], account.env)).code).toBe(0);
      expect(picture()).toEqual(before);
    });
  });
});
