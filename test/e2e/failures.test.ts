import { afterEach, describe, expect, it } from 'vitest';
import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, accountPicture, createOrders, type Finished, openAccount, savedRun } from './support.ts';

const sweep = ['--function', 'orders', '--memory', '128,512,1024', '--invocations', '6', '--yes', '--json'];

/** Works everywhere, quickly. */
const works = { durationMs: 20, maxMemoryUsedMb: 70 };

describe('a function that fails', () => {
  let account: Account;
  let before: unknown;
  afterEach(() => account.close());

  async function runWith(
    script: Script,
    { target = {}, flags = [] }: { target?: Parameters<typeof createOrders>[1]; flags?: readonly string[] } = {},
  ): Promise<Finished> {
    account = await openAccount({ executor: scriptedExecutor(script) });
    await createOrders(account, target);
    // As fast on either architecture: the figures are then those of the script.
    account.under({ otherArchitectures: { arm64: { durationFactor: 1 } } });
    before = accountPicture(account.endpoint.snapshot());
    const finished = await runTuneQuickly([...sweep, ...flags], account.env);
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    return finished;
  }

  it('is infeasible where it runs out of memory, and measured everywhere else', async () => {
    const finished = await runWith(() => ({ ...works, maxMemoryUsedMb: 200 }));
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(rowsOf(run)).toEqual([
      '512 x86_64 measured',
      '128 x86_64 infeasible: out of memory at 128 MB',
      '128 arm64 infeasible: out of memory at 128 MB',
      '512 arm64 measured',
      '1024 x86_64 measured',
      '1024 arm64 measured',
    ]);
    const small = run.configurations.filter(({ memoryMb }) => memoryMb === 128);
    for (const { failures, measurements } of small) {
      expect(failures.outOfMemory).toBe(measurements.length);
      // Given up early: what cannot work is not paid for 8 times over.
      expect(measurements.length).toBeLessThan(6);
    }
    expect(run.cheapest).toMatchObject({ memoryMb: 512 });
  });

  it('is infeasible where it runs into its timeout, and measured everywhere else', async () => {
    const finished = await runWith(
      // Ends at the timeout of one second; the others answer at once.
      ({ spec }) => ({ ...works, durationMs: spec.memoryMb < 512 ? 1500 : 20 }),
      { target: { Timeout: 1 } },
    );
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    const small = run.configurations.filter(({ memoryMb }) => memoryMb === 128);
    expect(small.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      'infeasible: timed out after 1 s at 128 MB',
      'infeasible: timed out after 1 s at 128 MB',
    ]);
    expect(small.every(({ failures, measurements }) => failures.timedOut === measurements.length)).toBe(true);
    expect(run.configurations.filter(({ status }) => status === 'measured')).toHaveLength(4);
  });

  it('is disqualified where it fails too often, keeps its figures there and is never chosen', async () => {
    const finished = await runWith(({ spec, invocation }) => ({
      ...works,
      // Failing is fast, which must not pay.
      ...(spec.memoryMb === 1024 && invocation % 2 === 1
        ? { durationMs: 1, failure: { errorType: 'TypeError', errorMessage: 'x is not a function' } }
        : {}),
    }));
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    const large = run.configurations.filter(({ memoryMb }) => memoryMb === 1024);
    expect(large.map(({ status }) => status)).toEqual(['disqualified', 'disqualified']);
    for (const { reason, warm, failures } of large) {
      expect(reason).toMatch(/^\d+(\.\d)? % of the calls failed: TypeError: x is not a function$/);
      expect(warm?.count).toBeGreaterThan(0);
      expect(failures.functionError).toBeGreaterThan(1);
    }
    for (const choice of [run.cheapest, run.fastest, run.balanced]) {
      expect([choice, ...(choice?.tiedWith ?? [])].map((each) => each?.memoryMb)).not.toContain(1024);
    }
  });

  it('that fails at random stays measured below the share that is allowed, without the failures in its figures', async () => {
    const finished = await runWith(
      ({ invocation }) => ({
        ...works,
        ...(invocation === 2 ? { durationMs: 1, failure: { errorType: 'Error', errorMessage: 'bad luck' } } : {}),
      }),
      { flags: ['--max-error-share', '30%'] },
    );
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    expect(new Set(run.configurations.map(({ status }) => status))).toEqual(new Set(['measured']));
    // One in each environment: two, or one where the calls were served by a single environment.
    expect(run.configurations.every(({ failures }) => failures.functionError > 0)).toBe(true);
    expect(run.configurations.every(({ warm }) => (warm?.durationMs.min ?? 0) >= 20)).toBe(true);
    expect(run.warnings.map(({ code }) => code)).toContain('failuresLeftOut');
  });

  it('to load on one architecture is told so for that one, after a single call, and measured on the other', async () => {
    const finished = await runWith(({ spec }) => ({
      ...works,
      ...(spec.architecture === 'arm64'
        ? {
            failure: {
              errorType: 'Error',
              errorMessage: '/var/task/sharp.node: cannot open shared object file: No such file or directory',
              fatal: true,
            },
          }
        : {}),
    }));
    expect(finished.code).toBe(0);
    const run = savedRun(finished);
    for (const { architecture, status, reason, measurements } of run.configurations) {
      if (architecture === 'x86_64') expect(status).toBe('measured');
      else {
        expect({ status, reason }).toEqual({
          status: 'infeasible',
          reason:
            'cannot run on arm64: Error: /var/task/sharp.node: cannot open shared object file: No such file or directory',
        });
        expect(measurements.length).toBeLessThanOrEqual(2);
      }
    }
    expect(run.cheapest?.architecture).toBe('x86_64');
  });

  it('in every copy because it is bound to its own name ends with 3, says so and is not blamed on memory', async () => {
    const finished = await runWith(({ spec }) => ({
      ...works,
      ...(spec.functionName === 'orders'
        ? {}
        : { failure: { errorType: 'InvalidCiphertextException', errorMessage: 'encryption context does not match' } }),
    }));
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain('InvalidCiphertextException: encryption context does not match');
    expect(finished.stderr).toContain('bound to its own name');
    const run = savedRun(finished);
    expect(run).toMatchObject({ ended: 'failed', cheapest: null, fastest: null, balanced: null, leftBehind: [] });
    expect(run.configurations.some(({ status }) => status === 'infeasible')).toBe(false);
    // The reference alone was asked.
    expect(run.spend.invocations).toBe(3);
  });

  it('on every call in every configuration ends with 3, the document printed all the same', async () => {
    const finished = await runWith(() => ({ ...works, maxMemoryUsedMb: 5000 }));
    expect(finished.code).toBe(3);
    const run = savedRun(finished);
    expect(run.cheapest).toBeNull();
    expect(new Set(run.configurations.map(({ status }) => status))).toEqual(new Set(['infeasible']));
  });
});

function rowsOf({ configurations }: TuningResult): readonly string[] {
  return configurations.map(
    ({ memoryMb, architecture, status, reason }) =>
      `${memoryMb} ${architecture} ${status}${reason ? `: ${reason}` : ''}`,
  );
}
