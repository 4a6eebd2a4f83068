import { squaredDeviations } from '../../src/stats/moments.ts';

/** Unbiased sample variance; 0 for a single value. */
export function variance(values: readonly number[]): number {
  return values.length < 2 ? 0 : squaredDeviations(values) / (values.length - 1);
}
