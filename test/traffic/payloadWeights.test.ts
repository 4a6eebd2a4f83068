import { expect, it } from 'vitest';
import type { Succeeded } from '../../src/analysis/summarize.ts';
import { payloadWeightsFor } from '../../src/traffic/payloadWeights.ts';

const call = (payload: string, durationMs: number) => ({ payload, durationMs }) as Succeeded;

const warm = [
  ...[90, 95, 100, 105, 110].map((ms) => call('small', ms)),
  ...[900, 950, 1000, 1050, 1100].map((ms) => call('big', ms)),
];

it('payloads come as often as production’s durations say', () => {
  // Four of five calls are small: a fifth of the small ones lies below 94 ms, all of them below 500 ms.
  const quantiles = [
    { share: 0.16, ms: 94 },
    { share: 0.48, ms: 104 },
    { share: 0.8, ms: 500 },
    { share: 0.9, ms: 1000 },
  ];
  const found = payloadWeightsFor(warm, ['small', 'big'], quantiles);
  expect(found?.weights.map(({ name, share }) => [name, Math.round(100 * share)])).toEqual([
    ['small', 80],
    ['big', 20],
  ]);
  expect(found?.misfit).toBeLessThan(0.01);
});

it('says how far production is from anything that these payloads could make', () => {
  const slow = [0.25, 0.5, 0.75].map((share, index) => ({ share, ms: 2000 + index }));
  expect(payloadWeightsFor(warm, ['small', 'big'], slow)?.misfit).toBeCloseTo(0.75, 6);
});

it('tells nothing of one payload, or of one that was not measured', () => {
  const quantiles = [
    { share: 0.5, ms: 100 },
    { share: 0.9, ms: 1000 },
  ];
  expect(payloadWeightsFor(warm, ['small'], quantiles)).toBeUndefined();
  expect(payloadWeightsFor(warm, ['small', 'other'], quantiles)).toBeUndefined();
});
