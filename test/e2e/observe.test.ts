import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trueBill } from '../../bench/observe/production.ts';
import type { SyntheticProduction } from '../../src/local/testing/production/syntheticProduction.ts';
import { observationSchema } from '../../src/model/production/observation.ts';
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
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Counts: 11 series[\s\S]*Records: about[\s\S]*Read: \d/)]);
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

  describe('of six hours of an alias with provisioned concurrency', () => {
    const range = { fromMs: toMs - 6 * 3_600_000, toMs };
    const production = { seed: 5, range, callsPerDay: 20_000, meanMs: 120, coldShare: 0.001, errorShare: 0.001 };
    const kept = { qualifier: 'live', environments: 3, modifiedMs: range.fromMs - dayMs, sinceMs: range.fromMs };
    /** US$ of a month: 121.6 times six hours; calls in it are at their own price, and 3 × 512 MB are configured. */
    const truth = () => {
      const { usd, calls } = trueBill(production);
      const served = 0.9 * (usd - calls * 0.0000002) * (0.0000097222 / 0.0000166667 - 1);
      const configured = 3 * 0.5 * 21_600 * 0.0000041667;
      return { total: (usd + served + configured) * 121.6, configured: configured * 121.6, calls };
    };

    it.each([
      ['auto', 'orders:live', 'events read', true],
      ['events', 'orders', 'events read', true],
      ['insights', 'orders:live', 'insights read', true],
      ['metrics', 'orders:live', undefined, false],
      ['metrics', 'orders', undefined, false],
    ] as const)(
      '--source %s of %s finds its bill',
      { timeout: 180_000 },
      async (source, named, records, hasRecords) => {
        const past = { alias: 'live', functions: [{ functionName: 'orders', production }] };
        account.endpoint.setPast({ ...past, provisioned: { ...kept, servedShare: 0.9 } });
        const period = ['--since', new Date(range.fromMs).toISOString(), '--until', new Date(toMs).toISOString()];
        const asked = ['observe', '--function', named, ...period, '--json', '--seed', '3', '--source', source];
        const { code, stdout } = await runTuneQuickly(asked, account.env);
        const { total, sources, sample } = observationSchema.parse(JSON.parse(stdout));
        expect(code).toBe(0);
        const read = sources.map((one) => `${one.source} ${one.status}`);
        expect(read.slice(0, 2)).toEqual(['metrics read', records ?? 'computeOptimizer unusable']);
        const { total: monthUsd, configured, calls } = truth();
        expect([total.invocations, sample.records]).toEqual([calls, hasRecords ? calls : 0]);
        expect(Math.abs((total.costPerMonthUsd?.estimate ?? 0) / monthUsd - 1)).toBeLessThan(hasRecords ? 0.001 : 0.02);
        expect(total.chargesUsdPerMonth?.provisioned).toBeCloseTo(configured, 6);
        expect(total.coldShare === null).toBe(!hasRecords);
      },
    );
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
