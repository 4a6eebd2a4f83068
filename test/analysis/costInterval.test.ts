import { expect, it } from 'vitest';
import { costInterval } from '../../src/analysis/summarize.ts';
import { sampleOf } from '../../src/stats/samples.ts';
import { runSpread } from '../../src/stats/spread.ts';

it('no bound of a mean cost lies below the price of a request', () => {
  const sample = sampleOf([2.1e-7, 2.2e-7, 2.1e-7, 9e-7].map((value) => ({ environment: 'e1', value })));
  const spread = runSpread([sample]);
  expect(costInterval(sample, spread).low).toBeLessThan(2e-7);
  const bounded = costInterval(sample, spread, 2e-7);
  expect(bounded.low).toBe(2e-7);
  expect(bounded.high).toBe(costInterval(sample, spread).high);
});
