import { describe, expect, it } from 'vitest';
import { breakEvenUse, infrequentAccessLogsUsd, logsUsd, provisionedPrices } from '../../src/pricing/monthlyPrices.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { billOf, callUsdIn, type Month, type MonthPrices } from '../../src/traffic/bill.ts';

/** Invoices worked out by hand from AWS's list prices of us-east-1. A month is 30.4 days, 2,626,560 s. */

const prices: MonthPrices = { costModel: costModelFor('us-east-1'), ephemeralStorageMb: 512, discount: 0 };
const noCold = { billedMs: 0, initMs: 0, restoredShare: 0 };
const cents = (usd: number) => usd.toFixed(2);

function linesOf(month: Month, with_: Partial<MonthPrices> = {}) {
  return Object.fromEntries(
    Object.entries(billOf(month, { ...prices, ...with_ })).map(([name, usd]) => [name, cents(usd)]),
  );
}

const free = { duration: '0.00', init: '0.00', provisioned: '0.00', snapStart: '0.00', storage: '0.00' };

describe('an invoice of a month, to the cent', () => {
  it('of warm calls alone', () => {
    // 1 M × 0.1 s × 1 GB = 100,000 GB-s × 0.0000166667 = 1.66667; 1 M × 0.0000002 = 0.20
    const month = { configuration: { memoryMb: 1024, architecture: 'x86_64' as const }, requests: 1e6 };
    expect(linesOf({ ...month, coldShare: 0, warm: { billedMs: 100 }, cold: noCold })).toEqual({
      ...free,
      requests: '0.20',
      duration: '1.67',
      total: '1.87',
    });
  });

  it('with volume tiers', () => {
    // 10 B × 0.5 s × 2 GB = 10 B GB-s: 6 B × 0.0000166667 = 100,000.20, 4 B × 0.0000150000 = 60,000.00; 10 B × 0.0000002 = 2,000
    const month = { configuration: { memoryMb: 2048, architecture: 'x86_64' as const }, requests: 1e10 };
    expect(linesOf({ ...month, coldShare: 0, warm: { billedMs: 500 }, cold: noCold })).toEqual({
      ...free,
      requests: '2000.00',
      duration: '160000.20',
      total: '162000.20',
    });
  });

  it('with init, on arm64', () => {
    // 2 M × 0.04 s × 0.5 GB = 40,000 GB-s × 0.0000133334 = 0.533336
    // 100,000 cold × 0.4 s × 0.5 GB = 20,000 GB-s × 0.0000133334 = 0.266668; 2 M × 0.0000002 = 0.40; together 1.200004
    const month = { configuration: { memoryMb: 512, architecture: 'arm64' as const }, requests: 2e6 };
    const cold = { billedMs: 440, initMs: 400, restoredShare: 0 };
    expect(linesOf({ ...month, coldShare: 0.05, warm: { billedMs: 40 }, cold })).toEqual({
      ...free,
      requests: '0.40',
      duration: '0.53',
      init: '0.27',
      total: '1.20',
    });
  });

  it('with provisioned concurrency, spill-over and a discount on compute', () => {
    // 5 × 2,626,560 s × 1 GB × 0.0000041667 = 54.72043776, less 12 %: 48.15398523
    // In them 8 M × 0.2 s = 1.6 M GB-s × 0.0000097222 = 15.55552; beside them 2 M × 0.2 s = 400,000 GB-s × 0.0000166667 = 6.66668
    // 22.2222 less 12 %: 19.555536; 10 M × 0.0000002 = 2.00, which has no discount; together 69.70952123
    const month: Month = {
      configuration: { memoryMb: 1024, architecture: 'x86_64' },
      requests: 1e7,
      coldShare: 0,
      warm: { billedMs: 200 },
      cold: noCold,
      provisioned: { share: 0.8, billedMs: 200, environmentSeconds: 5 * 2_626_560 },
    };
    expect(linesOf(month, { discount: 0.12 })).toEqual({
      ...free,
      requests: '2.00',
      duration: '19.56',
      provisioned: '48.15',
      total: '69.71',
    });
  });

  it('with SnapStart of Python: cache of a version and every restore', () => {
    // 3 M × 98 % × 0.1 s = 294,000 and 60,000 × 0.1 s = 6,000 GB-s: 300,000 × 0.0000166667 = 5.00001
    // 60,000 × 0.15 s = 9,000 GB-s × 0.0000166667 = 0.1500003
    // 60,000 × 0.0001397998 = 8.387988; 2,626,560 s × 0.0000015046 = 3.95192218; 3 M × 0.0000002 = 0.60; together 18.08992
    const month: Month = {
      configuration: { memoryMb: 1024, architecture: 'x86_64' },
      requests: 3e6,
      coldShare: 0.02,
      warm: { billedMs: 100 },
      cold: { billedMs: 250, initMs: 150, restoredShare: 1 },
    };
    expect(linesOf(month, { runtime: 'python3.13' })).toEqual({
      ...free,
      requests: '0.60',
      duration: '5.00',
      init: '0.15',
      snapStart: '12.34',
      total: '18.09',
    });
    // Java's snapshots and restores are free: 0.60 + 5.00001 + 0.1500003
    expect(linesOf(month, { runtime: 'java21' })).toMatchObject({ snapStart: '0.00', total: '5.75' });
  });

  it('with ephemeral storage', () => {
    // (10,240 − 512) ÷ 1024 = 9.5 GB × 1 M s × 0.0000000309 = 0.29355; 2 M GB-s × 0.0000133334 = 26.6668; requests 0.20
    const month = { configuration: { memoryMb: 2048, architecture: 'arm64' as const }, requests: 1e6 };
    expect(
      linesOf({ ...month, coldShare: 0, warm: { billedMs: 1000 }, cold: noCold }, { ephemeralStorageMb: 10_240 }),
    ).toEqual({ ...free, requests: '0.20', duration: '26.67', storage: '0.29', total: '27.16' });
  });

  it('of logs, with their tiers', () => {
    // 25 TB: 10,000 GB × 0.50 + 15,000 GB × 0.25 = 5,000 + 3,750
    expect(cents(logsUsd(25_000))).toBe('8750.00');
    // 60 TB: 5,000 + 5,000 + 20,000 × 0.10 + 10,000 × 0.05
    expect(cents(logsUsd(60_000))).toBe('12500.00');
    expect(cents(infrequentAccessLogsUsd(1000))).toBe('250.00');
    // Standard's later tiers are below its price: 4 × 12,500 would be dearer than what Standard costs.
    expect(infrequentAccessLogsUsd(60_000)).toBe(logsUsd(60_000));
  });
});

it('what single calls cost at a month’s prices adds up to its bill', () => {
  const month: Month = {
    configuration: { memoryMb: 2048, architecture: 'x86_64' },
    requests: 2e10,
    coldShare: 0.1,
    warm: { billedMs: 500 },
    cold: { billedMs: 900, initMs: 400, restoredShare: 1 },
  };
  const with_ = { ...prices, discount: 0.17, ephemeralStorageMb: 1024, runtime: 'python3.13' };
  const usd = callUsdIn(month, with_);
  const sum = 1.8e10 * usd({ billedDurationMs: 500 }) + 2e9 * usd({ billedDurationMs: 900, restoreDurationMs: 400 });
  expect(sum / billOf(month, with_).total).toBeCloseTo(1, 9);
});

describe('use of one provisioned environment from which it pays', () => {
  const reserved = provisionedPrices(prices.costModel, 'x86_64');
  if (reserved === undefined) throw new Error('us-east-1 has prices');

  it.each([
    ['first', 0.0000166667, '60.0 %'],
    ['second', 0.000015, '78.9 %'],
  ])('in the %s tier', (_tier, onDemandUsd, use) => {
    expect(`${(100 * (breakEvenUse(onDemandUsd, reserved) ?? 0)).toFixed(1)} %`).toBe(use);
  });

  it('is never reached in the third', () => {
    expect(breakEvenUse(0.0000133334, reserved)).toBeUndefined();
  });

  it('is not told where the prices are given', () => {
    expect(provisionedPrices({ ...prices.costModel, source: 'option' }, 'x86_64')).toBeUndefined();
  });
});
