import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, type TuneEvent, UnfinishedError } from '../../src/index.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { checkResultSchema } from '../../src/model/check.ts';
import { migrationResultSchema } from '../../src/model/migration.ts';
import { tuningResultSchema } from '../../src/model/run.ts';
import { type Account, accountPicture, createOrders, openAccount } from '../e2e/support.ts';
import { apiIn } from './calling.ts';

/** In an account: what is created is removed, whatever ends the call. */
describe('a call in an account', () => {
  let account: Account;
  let api: Api;
  let before: unknown;
  let written: string[];
  beforeEach(async () => {
    account = await openAccount({
      executor: scriptedExecutor(() => ({ durationMs: 40, maxMemoryUsedMb: 70 }), { waiting: 'none' }),
    });
    await createOrders(account);
    before = accountPicture(account.endpoint.snapshot());
    // The SDK reads the process's own environment.
    for (const [name, value] of Object.entries(account.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, value);
    api = apiIn(account.stateFolder, account.env, 20);
    written = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    }
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    expect(accountPicture(account.endpoint.snapshot())).toEqual(before);
    expect(await account.journals()).toEqual([]);
    await account.close();
  });

  it('measures without being asked, tells what happens, prints nothing and resolves with the saved run', async () => {
    const events: TuneEvent[] = [];
    const run = await api.measure(
      { function: 'orders', memory: [512, 1024], architecture: 'x86_64', invocations: 4, runId: 'from-code' },
      { onEvent: (event) => events.push(event) },
    );
    expect(tuningResultSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({ runId: 'from-code', ended: 'completed', backend: 'aws', leftBehind: [] });
    expect(run.configurations.map(({ memoryMb, status }) => [memoryMb, status])).toEqual([
      [512, 'measured'],
      [1024, 'measured'],
    ]);
    expect(run.answer.kind).not.toBe('unanswered');
    expect(events.filter(({ kind }) => kind === 'measured')).toHaveLength(run.spend.invocations);
    expect(events.flatMap((event) => (event.kind === 'stage' ? [event.stage] : []))).toEqual([
      'describe',
      'reference',
      'measure',
      'cleanUp',
      'analyze',
      'done',
    ]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'planned', isFixed: true }));
    expect(written).toEqual([]);
  });

  it('creates nothing in a dry run, and resolves with the plan', async () => {
    const run = await api.measure({ function: 'orders', memory: 512, dryRun: true });
    expect(run).toMatchObject({ ended: 'dryRun', spend: { invocations: 0 } });
    expect(run.spend.estimatedUsd).toBeGreaterThan(0);
    expect(account.endpoint.calls().map(({ operation }) => operation)).not.toContain('CreateFunction');
  });

  it('keeps the cap', async () => {
    const run = await api.measure({
      function: 'orders',
      memory: [512],
      architecture: ['x86_64'],
      invocations: 2000,
      maxSpendUsd: '0.0003',
    });
    expect(run.ended).toBe('spendCap');
    expect(run.spend.actualUsd).toBeLessThanOrEqual(0.0003);
  });

  it('cleans up when it is aborted, then resolves with what was measured', async () => {
    const stop = new AbortController();
    let measured = 0;
    const run = await api.measure(
      { function: 'orders', memory: '512,1024', invocations: 5000 },
      {
        signal: stop.signal,
        onEvent(event) {
          if (event.kind === 'measured') measured += 1;
          if (measured === 20) stop.abort();
        },
      },
    );
    expect(run).toMatchObject({ ended: 'interrupted', leftBehind: [] });
    expect(run.spend.invocations).toBeGreaterThanOrEqual(20);
  });

  it('rejects when it is aborted before anything was measured, also before it began', async () => {
    const creating = new AbortController();
    const early = api.measure(
      { function: 'orders', memory: '512', invocations: 5 },
      { signal: creating.signal, onEvent: ({ kind }) => kind === 'account' && creating.abort() },
    );
    await expect(early).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(early).rejects.toBeInstanceOf(UnfinishedError);
    const aborted = { signal: AbortSignal.abort() };
    await expect(api.measure({ function: 'orders' }, aborted)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('ends and cleans up when the listener throws, and rejects with what it threw', async () => {
    const thrown = new Error('a bug of the caller');
    const run = api.measure(
      { function: 'orders', memory: '512', invocations: 500 },
      {
        onEvent: ({ kind }) => {
          if (kind === 'measured') throw thrown;
        },
      },
    );
    await expect(run).rejects.toBe(thrown);
  });

  it('checks two functions that differ, and rejects for neither verdict', async () => {
    const gate = await api.check({
      functions: [
        { function: 'orders', against: 'orders:1', maxCostIncrease: '20%' },
        { function: 'orders', maxP95Ms: 1 },
      ],
    });
    expect(checkResultSchema.parse(gate)).toEqual(gate);
    expect(gate.functions.map(({ verdict }) => verdict)).toEqual(['passed', 'regressed']);
    expect(written).toEqual([]);
  });

  it('says what kept the only function of a check from being measured', async () => {
    const gone = api.check({ function: 'gone', maxP95Ms: 100 });
    await expect(gone).rejects.toMatchObject({ code: 'TARGET', message: expect.stringContaining('gone') });
  });

  it('resolves with the verdict of a migration', async () => {
    const migration = await api.migrate({ function: 'orders', invocations: 8 });
    expect(migrationResultSchema.parse(migration)).toEqual(migration);
    expect(migration.run?.ended).toBe('completed');
    expect(['move', 'stay', 'undecided']).toContain(migration.verdict.kind);
    expect(written).toEqual([]);
  });
});
