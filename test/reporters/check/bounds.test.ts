import { describe, expect, it } from 'vitest';
import { measuredText } from '../../../src/reporters/check/wording.ts';

describe('what a line of a check measured', () => {
  const line = (low: number | null, high: number | null) =>
    measuredText({
      name: 'p95',
      kind: 'increase',
      limit: null,
      baseline: 100,
      current: 131,
      ratio: { estimate: 1.31, low, high },
      verdict: null,
      warned: false,
      required: false,
    });

  it('names the bounds that are known', () => {
    expect(line(1.1, 1.5)).toBe('+31 % (+10 % to +50 %)');
    expect(line(1.1, null)).toBe('+31 % (at least +10 %)');
  });

  it('leaves out a bound that so few calls cannot have: no "at least −100 %"', () => {
    expect(line(0, null)).toBe('+31 %');
    expect(line(0, 1.5)).toBe('+31 % (at most +50 %)');
  });
});
