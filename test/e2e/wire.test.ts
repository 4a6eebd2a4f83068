import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { CallInfo, Fault } from '../../src/local/testing/testing.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, canary, createOrders, openAccount, runTune, savedRun } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '128,512,1024', '--invocations', '4', '--yes', '--json'];

describe('a service that', () => {
  let account: Account;
  let before: unknown;
  beforeEach(async () => {
    account = await openAccount({ executor: scriptedExecutor(() => ({ durationMs: 20, maxMemoryUsedMb: 70 })) });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
  });
  afterEach(() => account.close());

  const picture = () => accountPicture(account.endpoint.snapshot());
  const writes = () =>
    account.endpoint.calls().filter(({ operation }) => !/^(Get|List|Describe|Filter)/.test(operation));

  /** The n-th call (from 1) of an operation goes wrong. */
  function nth(pattern: RegExp, which: (n: number) => boolean, fault: Fault): (call: CallInfo) => Fault | undefined {
    let seen = 0;
    return ({ operation }) => {
      if (!pattern.test(operation)) return undefined;
      seen += 1;
      return which(seen) ? fault : undefined;
    };
  }
  const always = () => true;

  it.each([
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      'AWS does not know these',
    ],
    [
      'ExpiredTokenException',
      'The security token included in the request is expired',
      'The AWS credentials have expired',
    ],
    [
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
      'AWS does not accept the signature',
    ],
  ])(
    'does not accept the credentials (%s) ends the run with 3 before anything is made',
    async (type, message, said) => {
      account.under({ faults: () => ({ kind: 'status', status: 403, type, message }) });
      const finished = await runTuneQuickly(sweep, account.env);
      expect(finished).toMatchObject({ code: 3, stdout: '' });
      expect(finished.stderr).toContain(said);
      expect(finished.stderr).toContain(type);
      expect(finished.stderr).toContain('--profile');
      expect(finished.stderr).not.toContain(canary);
      expect(picture()).toEqual(before);
    },
  );

  it('keeps refusing the time of this machine ends the run with 3 and names the clock, not the credentials', async () => {
    const fault = {
      kind: 'status',
      status: 403,
      type: 'InvalidSignatureException',
      message: 'Signature expired',
    } as const;
    account.under({ faults: () => fault });
    const finished = await runTuneQuickly(sweep, account.env);
    expect(finished).toMatchObject({ code: 3, stdout: '' });
    expect(finished.stderr).toContain('AWS refuses the time of this machine');
    expect(finished.stderr).toContain('Set its clock');
    expect(finished.stderr).not.toContain('credentials');
    expect(picture()).toEqual(before);
  });

  it('cannot be reached ends the run with 3 and names the endpoint setting', async () => {
    const finished = await runTune(sweep, { ...account.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(finished).toMatchObject({ code: 3, stdout: '' });
    expect(finished.stderr).toContain('ECONNREFUSED');
    expect(finished.stderr).toContain('AWS_ENDPOINT_URL');
    expect(finished.stderr).not.toMatch(/\n {4}at /);
  });

  it('knows no credentials at all is told apart', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...env } = account.env;
    const finished = await runTune(sweep, { ...env, AWS_EC2_METADATA_DISABLED: 'true' });
    expect(finished).toMatchObject({ code: 3, stdout: '' });
    expect(finished.stderr).toContain('credentials');
  });

  it('denies CreateFunction is quoted with action and resource, and the log group made before is removed', async () => {
    account.under({ deny: [{ action: 'lambda:CreateFunction', resource: '*' }] });
    const finished = await runTuneQuickly(sweep, account.env);
    expect(finished.code).toBe(3);
    expect(finished.stderr).toMatch(
      /Not allowed: lambda:CreateFunction on arn:aws:lambda:us-east-1:000000000000:function:tune-/,
    );
    expect(savedRun(finished)).toMatchObject({ ended: 'failed', cheapest: null, leftBehind: [] });
    expect(picture()).toEqual(before);
    expect(await account.journals()).toEqual([]);
  });

  it('denies a later CreateFunction ends the run with what was made removed', async () => {
    account.under({ deny: [{ action: 'lambda:CreateFunction', resource: '*:function:tune-*-arm64-*' }] });
    const finished = await runTuneQuickly(sweep, account.env);
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('Not allowed: lambda:CreateFunction on');
    expect(picture()).toEqual(before);
  });

  it('denies PassRole says so', async () => {
    const message =
      'User: arn:aws:iam::000000000000:user/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::000000000000:role/lab because no identity-based policy allows the iam:PassRole action';
    account.under({
      faults: nth(/^CreateFunction$/, always, { kind: 'status', status: 403, type: 'AccessDeniedException', message }),
    });
    const finished = await runTuneQuickly(sweep, account.env);
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('Not allowed: iam:PassRole on arn:aws:iam::000000000000:role/lab');
    expect(picture()).toEqual(before);
  });

  it('denies Invoke ends the run with everything removed', async () => {
    account.under({ deny: [{ action: 'lambda:InvokeFunction', resource: '*' }] });
    const finished = await runTuneQuickly(sweep, account.env);
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('Not allowed: lambda:InvokeFunction on');
    expect(picture()).toEqual(before);
  });

  // Two processes: what a run left is cleaned up after it has ended.
  it('denies DeleteFunction ends the run with 5, the result, every ARN and its command', async () => {
    account.under({ deny: [{ action: 'lambda:DeleteFunction', resource: '*' }] });
    const finished = await runTune([...sweep, '--run-id', 'sticky'], account.env);
    expect(finished.code).toBe(5);
    const run = savedRun(finished);
    expect(run.configurations.every(({ status }) => status === 'measured')).toBe(true);
    expect(run.cheapest).not.toBeNull();
    const functions = run.leftBehind.filter(({ kind }) => kind === 'function');
    expect(functions).toHaveLength(6);
    for (const { name, command, reason } of functions) {
      expect(name).toMatch(/^arn:aws:lambda:us-east-1:000000000000:function:tune-sticky-(x86_64|arm64)-[1-3]-orders$/);
      expect(command).toBe(`aws lambda delete-function --function-name ${name.split(':').at(-1)} --region us-east-1`);
      expect(reason).toContain('lambda:DeleteFunction');
      expect(finished.stderr).toContain(name);
      expect(finished.stderr).toContain(command);
    }
    account.under({});
    const cleanup = await runTune(['cleanup', '--run', 'sticky'], account.env);
    expect(cleanup.code).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('loses the credentials in the middle ends with 5, what was measured, and what is left', async () => {
    let invocations = 0;
    account.under({
      faults: ({ operation }) => {
        if (operation === 'Invoke') invocations += 1;
        return invocations > 20
          ? {
              kind: 'status',
              status: 403,
              type: 'ExpiredTokenException',
              message: 'The security token included in the request is expired',
            }
          : undefined;
      },
    });
    const finished = await runTune(sweep, account.env);
    expect(finished.code).toBe(5);
    const run = savedRun(finished);
    expect(run.ended).toBe('failed');
    expect(run.spend.invocations).toBeGreaterThan(10);
    expect(run.leftBehind.length).toBeGreaterThan(0);
    expect(finished.stderr).toContain('The AWS credentials have expired');
    account.under({});
    expect((await runTune(['cleanup'], account.env)).code).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('allows at most 3,008 MB drops what is above and says so', async () => {
    account.under({ memoryLimitMb: 3008 });
    const finished = await runTuneQuickly(
      ['--function', 'orders', '--memory', '512,3008,4096', '--invocations', '2', '--yes', '--json'],
      account.env,
    );
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    const statuses = run.configurations.map(
      ({ memoryMb, architecture, status }) => `${memoryMb} ${architecture} ${status}`,
    );
    expect(statuses.filter((row) => row.endsWith(' measured')).sort()).toEqual([
      '3008 arm64 measured',
      '3008 x86_64 measured',
      '512 arm64 measured',
      '512 x86_64 measured',
    ]);
    expect(finished.stderr + finished.stdout).toContain('3008');
    expect(finished.stdout).toMatch(/4096/);
    expect(picture()).toEqual(before);
  });

  it('allows none of the sizes asked for ends with 3', async () => {
    account.under({ memoryLimitMb: 3008 });
    const finished = await runTuneQuickly(
      ['--function', 'orders', '--memory', '4096,8192', '--yes', '--json'],
      account.env,
    );
    expect(finished.code).toBe(3);
    expect(finished.stderr).toMatch(/3008|none of the memory sizes/);
    expect(picture()).toEqual(before);
  });

  describe.each([
    ['resetAfter', 'resetAfter'],
    ['cutBody', 'cutBody'],
    ['garbage', 'garbage'],
    ['500 after the effect', { kind: 'status', status: 500, type: 'ServiceException', afterEffect: true }],
  ] as const)('answers wrongly after it did what was asked (%s)', (_, fault) => {
    it.each([1, 3])('for the CreateFunction no. %i: the shadow is taken over or removed', async (n) => {
      account.under({ faults: nth(/^CreateFunction$/, (seen) => seen === n, fault) });
      const finished = await runTuneQuickly(sweep, account.env, { speed: 10 });
      expect(finished.code).toBe(0);
      expect(savedRun(finished).configurations.every(({ status }) => status === 'measured')).toBe(true);
      expect(picture()).toEqual(before);
    });

    it('for the first of every other call that writes: the run goes on and leaves nothing', async () => {
      const seen = new Set<string>();
      account.under({
        faults: ({ operation }) => {
          if (!/^(CreateLogGroup|PutRetentionPolicy|DeleteFunction|DeleteLogGroup)$/.test(operation)) return undefined;
          if (seen.has(operation)) return undefined;
          seen.add(operation);
          return fault;
        },
      });
      const finished = await runTuneQuickly(sweep, account.env, { speed: 10 });
      expect(finished.code).toBe(0);
      expect(savedRun(finished)).toMatchObject({ ended: 'completed', leftBehind: [] });
      expect(seen.size).toBe(4);
      expect(picture()).toEqual(before);
    });

    it('for an Invoke: it is not sent again, and a lost answer is unreported', async () => {
      account.under({ faults: nth(/^Invoke$/, (seen) => seen === 10, fault) });
      const finished = await runTuneQuickly(sweep, account.env, { speed: 20 });
      expect(finished.code).toBe(0);
      const run = savedRun(finished);
      // What a function answers may be garbage; then it is an answer.
      const unreported = run.configurations.reduce((sum, { failures }) => sum + failures.unreported, 0);
      expect(unreported).toBe(fault === 'garbage' ? 0 : 1);
      const invoked = account.endpoint.calls().filter(({ operation }) => operation === 'Invoke').length;
      expect(run.spend.invocations).toBe(invoked);
      expect(picture()).toEqual(before);
    });
  });

  it('loses the answer of every call from some on is not called on and on: what is known is kept', async () => {
    const more = [...sweep.slice(0, 4), '--invocations', '60', '--max-in-flight', '2', '--yes', '--json'];
    account.under({ faults: nth(/^Invoke$/, (seen) => seen > 20, 'resetAfter') });
    const finished = await runTuneQuickly(more, account.env, { speed: 20 });
    expect(finished.code).toBe(3);
    expect(finished.stderr).toMatch(/1\d invocations in a row were sent and not answered/);
    const run = savedRun(finished);
    const lost = run.configurations.reduce((sum, { failures }) => sum + failures.unreported, 0);
    expect(lost).toBeGreaterThanOrEqual(10);
    // The other one in flight.
    expect(lost).toBeLessThanOrEqual(11);
    expect(run.spend.invocations).toBe(20 + lost);
    expect(picture()).toEqual(before);
  });

  it('resets connections before anything happens is asked again, but for Invoke', async () => {
    account.under({ faults: nth(/./, (seen) => seen % 7 === 0, 'resetBefore') });
    const finished = await runTuneQuickly(sweep, account.env, { speed: 20 });
    expect(finished.code).toBe(0);
    expect(picture()).toEqual(before);
  });

  it('fails every call makes nothing and ends with 3', async () => {
    account.under({ faults: () => ({ kind: 'status', status: 500, type: 'ServiceException', message: 'internal' }) });
    const finished = await runTuneQuickly(sweep, account.env, { speed: 50 });
    expect(finished).toMatchObject({ code: 3, stdout: '' });
    expect(finished.stderr).toContain('ServiceException');
    expect(writes()).toEqual([]);
  });
});
