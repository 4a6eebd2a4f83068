import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trueBill } from '../../bench/observe/production.ts';
import type { SyntheticProduction } from '../../src/local/testing/production/syntheticProduction.ts';
import { observationSchema } from '../../src/model/observation.ts';
import { runTuneQuickly } from './quickly.ts';
import { type Account, createOrders, openAccount, startTune } from './support.ts';

const dayMs = 86_400_000;
const toMs = Math.floor(Date.now() / dayMs) * dayMs;

/** Production that the endpoint serves is read: metrics, log events, queries; what is true of it is known. */
describe('tune observe', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
    await createOrders(account);
  });
  afterEach(() => account.close());

  function served(days: number, callsPerDay: number): SyntheticProduction {
    const range = { fromMs: toMs - days * dayMs, toMs };
    const production = { seed: 5, range, callsPerDay, meanMs: 120, coldShare: 0.01, dayNoise: 0.01, errorShare: 0.001 };
    account.endpoint.setPast({ functions: [{ functionName: 'orders', production }] });
    return production;
  }
  const asked = (days: number) => {
    const period = ['--since', new Date(toMs - days * dayMs).toISOString(), '--until', new Date(toMs).toISOString()];
    return ['observe', '--function', 'orders', ...period, '--json', '--seed', '3'];
  };

  it('is within two hundredths of the bill of 30 days of 200,000 calls each', { timeout: 600_000 }, async () => {
    const { usd, calls, cold } = trueBill(served(30, 2e5));
    const { code, stdout, stderr } = await runTuneQuickly(asked(30), account.env);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Counts: 10 series[\s\S]*Records: about[\s\S]*Read: \d/)]);
    const { total, sample, spend } = observationSchema.parse(JSON.parse(stdout));
    expect([total.invocations, sample.isWhole]).toEqual([calls, false]);
    const truth = (usd / 30) * 30.4;
    const { estimate = 0, low = 0, high = 0 } = total.costPerMonthUsd ?? {};
    expect(Math.abs(estimate / truth - 1)).toBeLessThan(0.02);
    expect([low <= truth, truth <= high]).toEqual([true, true]);
    expect(Math.abs((total.coldShare?.estimate ?? 0) / (cold / calls) - 1)).toBeLessThan(0.15);
    expect(spend.spentUsd).toBeLessThanOrEqual(0.05);
    const writes = account.endpoint.calls().filter(({ operation }) => !/^(Get|List|Describe|Filter)/.test(operation));
    expect(writes).toEqual([]);
  });

  it('keeps what it has when it is interrupted', async () => {
    const production = served(14, 33_000);
    const running = startTune(asked(14), account.env);
    const read = () => account.endpoint.calls().filter(({ operation }) => operation === 'FilterLogEvents').length;
    while (read() < 40) await new Promise((resolve) => setTimeout(resolve, 50));
    running.kill('SIGINT');
    const { code, stdout } = await running.finished;
    const { sample, total } = observationSchema.parse(JSON.parse(stdout));
    expect([code, sample.endedBy, total.invocations]).toEqual([130, 'interrupt', trueBill(production).calls]);
    expect(sample.windows).toBeGreaterThanOrEqual(20);
    expect(sample.windows).toBeLessThan(sample.windowsPlanned);
    expect(total.costPerMonthUsd?.estimate).toBeGreaterThan(0);
  });
});
