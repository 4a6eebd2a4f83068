import { describe, expect, it } from 'vitest';
import { initsFound, variantsFound, variedTruth } from '../../bench/variants/truths.ts';

/** Seeded: what it counts does not change. `npm run bench:variants` prints more runs. */
describe('six variants at five sizes on two architectures', () => {
  it('are not called better where nothing differs, in 95 % of the runs', () => {
    const { named, answered, better } = variantsFound(variedTruth([1, 1, 1, 1, 1]), 'current', 40);
    expect(better).toBeLessThanOrEqual(0.05);
    expect(named).toBeGreaterThanOrEqual(0.95);
    expect(answered).toBeGreaterThanOrEqual(0.95);
  });

  it('have the right one named that costs 8 % less', () => {
    const { named, answered } = variantsFound(variedTruth([1, 0.92, 1, 1.05, 1]), 'v2', 30);
    expect(named).toBeGreaterThanOrEqual(0.95);
    expect(answered).toBeGreaterThanOrEqual(0.95);
  });

  it('have the better one of two named', () => {
    const { named, answered } = variantsFound(variedTruth([0.95, 0.88, 1, 1, 1.1]), 'v2', 30);
    expect(named).toBeGreaterThanOrEqual(0.95);
    expect(answered).toBeGreaterThanOrEqual(0.95);
  });

  it('do not start faster or slower where nothing differs, in 95 % of the runs', () => {
    expect(initsFound(1, 80).any).toBeLessThanOrEqual(0.05);
  });

  it('have the one named that starts in 15 % less time', () => {
    expect(initsFound(0.85, 40).v2Faster).toBeGreaterThanOrEqual(0.95);
  });
});
