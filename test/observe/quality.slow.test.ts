import { describe, expect, it } from 'vitest';
import { observedCall } from '../../src/observe/calls.ts';
import { cellsOf } from '../../src/observe/cells.ts';
import { one, ratioOf } from '../../src/observe/estimate.ts';
import { metricQueries, metricsRead } from '../../src/observe/metricPlan.ts';
import { periodOf } from '../../src/observe/period.ts';
import { planSampling } from '../../src/observe/samplingPlan.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { month, observing } from './observing.ts';
import { foundIn } from './series.ts';
import { costModel, facts, recordsOf, type SyntheticProduction, seriesOf, trueBill } from './syntheticProduction.ts';

/** The cost of a call as a sample of so many records has it. */
function sampled(of: SyntheticProduction, records: number) {
  const period = periodOf(new Date(of.range.fromMs).toISOString(), undefined, new Date(of.range.toMs));
  const observed = { functionName: 'orders', versions: [], logGroup: '/aws/lambda/orders' };
  const queries = metricQueries(observed, period).filter(({ id }) => id === 'calls');
  const metrics = metricsRead(
    observed,
    new Map(queries.map((query) => [query.id, seriesOf(of, query, of.range)])),
    of.range.fromMs,
  );
  const limits = { records, windows: 360, recordsPerWindow: 8000, bytes: 1e12 };
  const plan = planSampling(cellsOf(period, metrics, undefined), period, limits, seededRandom(of.seed));
  const windows = plan.windows.map((window) => ({
    ...window,
    calls: recordsOf(of, window).map((record) => observedCall(record, new Map(), facts(), costModel)),
  }));
  return { isWhole: plan.isWhole, cost: ratioOf(windows, ({ costUsd }) => costUsd, one, plan) };
}

describe('what observe says, where the truth is known', () => {
  it('is an interval that holds the true bill in 93 of 100 samples', { timeout: 900_000 }, () => {
    let held = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const of = month(seed, { callsPerDay: 7000, dayNoise: 0.01 }, 14);
      const { usd, calls } = trueBill(of);
      const { cost, isWhole } = sampled(of, 8000);
      expect(isWhole).toBe(false);
      if (cost !== undefined && cost.low <= usd / calls && usd / calls <= cost.high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(93);
  });

  it.each([1, 2, 3])(
    'of seed %d is within two hundredths of the bill of a month of a million calls',
    { timeout: 900_000 },
    async (seed) => {
      const of = month(seed, { dayNoise: 0.01 }, 30);
      const { usd, calls } = trueBill(of);
      const { total } = await observing(of);
      expect(total.invocations).toBe(calls);
      const trueMonthUsd = (usd / 30) * 30.4;
      expect(Math.abs((total.costPerMonthUsd?.estimate ?? 0) / trueMonthUsd - 1)).toBeLessThan(0.02);
    },
  );
});

describe('what changed', () => {
  it('is found in 90 of 100 series whose cost rises by 5 %', { timeout: 900_000 }, () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      if (foundIn(1000 + seed, { days: 14, step: 1.05 }).some(({ ratio }) => ratio.estimate > 1)) found += 1;
    }
    expect(found).toBeGreaterThanOrEqual(90);
  });

  it.each([14, 28])(
    'is not seen in more than 2 of 100 series of %d days in which only weekdays differ',
    { timeout: 900_000 },
    (days) => {
      let alarms = 0;
      for (let seed = 0; seed < 100; seed += 1) if (foundIn(seed, { days }).length > 0) alarms += 1;
      expect(alarms).toBeLessThanOrEqual(2);
    },
  );
});
