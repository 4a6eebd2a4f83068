import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, type TuneEvent, UnfinishedError } from '../../src/index.ts';
import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { observationSchema } from '../../src/model/production/observation.ts';
import { type Account, createOrders, openAccount } from '../e2e/support.ts';
import { type Advisers, startAdvisers } from '../observe/advisers.ts';
import { apiIn } from './calling.ts';

const hourMs = 3_600_000;
const to = Math.floor(Date.now() / hourMs) * hourMs;
const range = { fromMs: to - 6 * hourMs, toMs: to };

/** Reading production from code: nothing is invoked, printed or written. */
describe('observe()', () => {
  let account: Account;
  let api: Api;
  let server: Advisers | undefined;
  beforeEach(async () => {
    account = await openAccount({
      executor: scriptedExecutor(() => ({ durationMs: 40, maxMemoryUsedMb: 70 }), { waiting: 'none' }),
    });
    await createOrders(account);
    for (const [name, value] of Object.entries(account.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, value);
    api = apiIn(account.stateFolder, account.env, 20);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server?.close();
    await account.close();
  });

  async function serving(denied: readonly string[] = []) {
    const production = { seed: 2, range, callsPerDay: 1500, meanMs: 120, coldShare: 0.02 };
    account.endpoint.setPast({ functions: [{ functionName: 'orders', production }] });
    account.under({ deny: denied.map((action) => ({ action, resource: '*' })) });
    server = await startAdvisers({});
    vi.stubEnv('AWS_ENDPOINT_URL_COMPUTE_OPTIMIZER', server.url);
  }
  const since = new Date(range.fromMs).toISOString();

  it('resolves with the observation, and tells what is read and what that costs', async () => {
    await serving();
    const events: TuneEvent[] = [];
    const observation = await api.observe(
      { function: 'orders', since, seed: 1, maxSpendUsd: '0.02' },
      { onEvent: (event) => events.push(event) },
    );
    expect(observationSchema.parse(observation)).toEqual(observation);
    expect([observation.function, observation.seed, observation.spend.capUsd]).toEqual(['orders', 1, 0.02]);
    expect(observation.sample.records).toBe(observation.total.invocations);
    expect(events.flatMap((event) => (event.kind === 'reading' ? [event.what] : []))).toEqual(['counts', 'records']);
    const writes = account.endpoint.calls().filter(({ operation }) => !/^(Get|List|Describe|Filter)/.test(operation));
    expect(writes).toEqual([]);
  });

  it('rejects with what could not be read, and the document of it', async () => {
    await serving(['cloudwatch:GetMetricData', 'logs:FilterLogEvents', 'logs:StartQuery']);
    const failure = await api.observe({ function: 'orders', since }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnfinishedError);
    expect(failure).toMatchObject({ code: 'NOT_MEASURED', saved: { total: { costPerMonthUsd: null } } });
  });

  it('is interrupted by a signal', async () => {
    const aborted = AbortSignal.abort();
    await expect(api.observe({ function: 'orders' }, { signal: aborted })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });

  it.each([
    [{ json: true }, 'Options: "json" is for the command line, not for observe().'],
    [{ sinse: '14d' }, 'Options: "sinse" is not an option of observe().'],
    [{ memory: 512 }, 'Options: "memory" is not an option of observe().'],
    [{ source: 'hearsay' }, 'Options: source '],
  ])('refuses %o', async (given, message) => {
    await expect(api.observe({ function: 'orders', ...(given as object) })).rejects.toThrow(message);
  });
});
