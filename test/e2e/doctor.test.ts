import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/doctor/doctor.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { until } from '../local/lab.ts';
import { type Account, createOrders, openAccount, runTune, startTune } from './support.ts';

describe('tune doctor', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 20, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
  });
  afterEach(() => account.close());

  async function examined(env: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) {
    const finished = await runTune(['doctor', '--json', ...flags], { ...account.env, ...env });
    const { checks } = JSON.parse(finished.stdout) as { checks: readonly Diagnosis[] };
    return { finished, levelOf: Object.fromEntries(checks.map(({ subject, level }) => [subject, level])), checks };
  }

  it('finds nothing wrong with a healthy account, and only reads', async () => {
    const { finished, levelOf, checks } = await examined({}, '--function', 'orders:live');
    expect(finished.code).toBe(0);
    expect(Object.values(levelOf).filter((level) => level !== 'ok')).toEqual([]);
    expect(checks.find(({ subject }) => subject === 'credentials')?.text).toContain('account 000000000000');
    const operations = account.endpoint.calls().map(({ operation }) => operation);
    expect(operations.filter((one) => /^(Create|Put|Delete|Update|Tag|Publish|Invoke)/.test(one))).toEqual([]);
    expect(operations).toContain('GetCallerIdentity');
  });

  it('reads as lines, each with its cure', async () => {
    const { code, stdout } = await runTune(['doctor', '--function', 'nothing'], account.env);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^ok {4}node/);
    expect(stdout).toMatch(/fail {2}function +There is no function nothing in us-east-1\.\n +Check its name/);
  });

  it('says what may not be read, and what keeps a run from starting', async () => {
    account.under({
      deny: ['lambda:GetAccountSettings', 'lambda:ListFunctions', 'lambda:GetFunction'].map((action) => ({
        action,
        resource: '*',
      })),
    });
    const { finished, levelOf } = await examined({}, '--function', 'orders');
    expect(finished.code).toBe(2);
    expect(levelOf).toMatchObject({ concurrency: 'warn', permissions: 'warn', function: 'fail', credentials: 'ok' });
  });

  it('tells unreachable from not accepted, and a missing region', async () => {
    const unreachable = await examined({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(unreachable.finished.code).toBe(2);
    expect(unreachable.checks.find(({ subject }) => subject === 'credentials')?.text).toContain('ECONNREFUSED');
    const expired = { kind: 'status', status: 403, type: 'ExpiredTokenException', message: 'expired' } as const;
    account.under({ faults: ({ operation }) => (operation === 'GetCallerIdentity' ? expired : undefined) });
    const refused = await examined();
    expect(refused.checks.find(({ subject }) => subject === 'credentials')).toMatchObject({
      level: 'fail',
      text: expect.stringContaining('The AWS credentials have expired'),
    });
    const profile = await runTune(['doctor', '--profile', 'nobody'], account.env);
    expect(profile.stdout).toMatch(/fail +credentials +There is no AWS profile "nobody"/);
    const { AWS_REGION: _, ...without } = account.env;
    const nowhere = await runTune(['doctor'], without);
    expect(nowhere).toMatchObject({ code: 2, stdout: expect.stringContaining('No AWS region is set') });
  });

  it('finds what a killed run left', async () => {
    const run = startTune(
      ['--function', 'orders', '--memory', '256', '--invocations', '2000', '--yes', '--run-id', 'gone'],
      account.env,
    );
    await until(() => account.endpoint.calls().some(({ operation }) => operation === 'Invoke'));
    run.kill('SIGKILL');
    await run.finished;
    const { checks } = await examined();
    expect(checks.find(({ subject }) => subject === 'left behind')).toMatchObject({
      level: 'warn',
      text: expect.stringMatching(/killed runs: gone; \d+ cop(?:y|ies) \(/),
      cure: expect.stringContaining('tune cleanup'),
    });
    expect((await runTune(['cleanup', '--yes'], account.env)).code).toBe(0);
  });
});
