import { describe, expect, it } from 'vitest';
import { trimmedEstimate, trimmedMean, winsorized, winsorizedVariance } from '../../src/stats/trimmed.ts';

// Wilcox, Introduction to Robust Estimation and Hypothesis Testing, ch. 3 (self-awareness data).
const wilcox = [77, 87, 88, 114, 151, 210, 219, 246, 253, 262, 296, 299, 306, 376, 428, 515, 666, 1310, 2611];

describe('trimmed means', () => {
  it('agrees with the worked example of Wilcox', () => {
    expect(trimmedMean(wilcox, 0.2)).toBeCloseTo(282.7, 1);
    // His standard error of one trimmed mean is s_w ÷ (0.6 √n) = 56.1; Yuen's, of one side of two, Σ ÷ h(h − 1).
    expect(Math.sqrt(winsorizedVariance(wilcox, 0.2) / 19) / 0.6).toBeCloseTo(56.1, 1);
    expect(Math.sqrt(trimmedEstimate(wilcox, 0.2)?.variance ?? 0)).toBeCloseTo(49.87, 2);
    expect(trimmedEstimate(wilcox, 0.2)).toMatchObject({ kept: 13, df: 12 });
  });

  it('replaces the extremes by the nearest value kept', () => {
    expect(winsorized([9, 1, 5, 4, 100], 0.2)).toEqual([4, 4, 5, 9, 9]);
    expect(winsorizedVariance([9, 1, 5, 4, 100], 0.2)).toBeCloseTo(6.7, 10);
    expect(winsorizedVariance([3], 0.2)).toBe(0);
  });

  it('is the plain mean with its usual variance when nothing is cut', () => {
    expect(trimmedEstimate([1, 2, 3, 4], 0)).toEqual({ mean: 2.5, variance: 5 / 12, df: 3, kept: 4 });
    expect(trimmedEstimate([1], 0.2)).toBeUndefined();
    expect(trimmedEstimate([], 0.2)).toBeUndefined();
  });
});
