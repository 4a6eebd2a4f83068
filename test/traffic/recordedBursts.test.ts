import { describe, expect, it } from 'vitest';
import { predictedColdStarts, recordedBursts } from '../../bench/traffic/bursts.ts';

describe('the cold starts of recorded bursts are predicted within a factor of 1.5', () => {
  it.each(Object.entries(recordedBursts))('%s', (_, bursts) => {
    const found = predictedColdStarts(bursts);
    for (const [index, { cold, calls, atS }] of bursts.entries()) {
      const shown = `${calls} calls at ${atS} s: ${found[index]} instead of ${cold}`;
      if (cold === 0) expect(found[index], shown).toBe(0);
      else {
        expect(found[index], shown).toBeGreaterThan(cold / 1.5);
        expect(found[index], shown).toBeLessThan(cold * 1.5);
      }
    }
  });

  it('and none where the calls before left as many environments idle', () => {
    const found = predictedColdStarts(recordedBursts['a second of sleep, 256 MB'] ?? []);
    expect([found[1], found[3], found[5]]).toEqual([0, 0, 0]);
  });
});
