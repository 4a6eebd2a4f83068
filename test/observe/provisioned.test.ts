import { expect, it } from 'vitest';
import { costModel, facts } from '../../bench/observe/production.ts';
import type { ObservedFigures } from '../../src/model/observation.ts';
import type { Evidence } from '../../src/observe/evidence.ts';
import { provisionedUsdOf } from '../../src/observe/provisioned.ts';

const monthMs = 30.4 * 86_400_000;

/** A million calls of 1 GB-second a month. */
function added(provisioned: number, served: number, change: Partial<Evidence> = {}) {
  const evidence = {
    provisioned,
    current: facts('1', 1024),
    costModel,
    period: { fromMs: 0, toMs: monthMs, cellMs: 3_600_000 },
    metrics: { provisionedCalls: new Map([[0, served]]) },
    ...change,
  } as unknown as Evidence;
  const perMillion = 1e6 * (0.0000166667 + 0.0000002);
  const total = { costPerMillionUsd: { estimate: perMillion, low: perMillion, high: perMillion } } as ObservedFigures;
  return provisionedUsdOf(evidence, total);
}

it('provisioned concurrency adds what is configured, less what its calls cost less', () => {
  // us-east-1, x86_64: $0.0000041667 per GB-second configured, $0.0000097222 in place of $0.0000166667 for what runs in it.
  const configured = 2 * 30.4 * 86_400 * 0.0000041667;
  expect(added(2, 0)).toBeCloseTo(configured, 6);
  expect(added(2, 500_000)).toBeCloseTo(configured - 500_000 * (0.0000166667 - 0.0000097222), 4);
  // Used more than three fifths of the time it saves money.
  expect(added(1, 2_000_000)).toBeLessThan(0);
  expect(added(0, 0)).toBeUndefined();
  expect(added(1, 0, { metrics: undefined })).toBeNull();
});
