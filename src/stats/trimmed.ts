import { mean, sorted, squaredDeviations } from './moments.ts';

/** A trimmed mean with the variance of its error. */
export interface TrimmedEstimate {
  readonly mean: number;
  /** Of the trimmed mean as an estimate, not of the values. */
  readonly variance: number;
  readonly df: number;
  /** Values left after trimming. */
  readonly kept: number;
}

/**
 * Mean without the lowest and highest `share` of the values (0 ≤ share < 0.5), its variance from the winsorized values
 * (Tukey and McLaughlin 1963; Yuen 1974 for two samples: add the variances, degrees of freedom by Welch). Judges what is
 * typical; never what is paid. Undefined when fewer than two values are left.
 */
export function trimmedEstimate(values: readonly number[], share = 0.2): TrimmedEstimate | undefined {
  const cut = Math.floor(share * values.length);
  const kept = values.length - 2 * cut;
  if (kept < 2) return undefined;
  return {
    mean: trimmedMean(values, share),
    variance: squaredDeviations(winsorized(values, share)) / (kept * (kept - 1)),
    df: kept - 1,
    kept,
  };
}

/** NaN for an empty array. */
export function trimmedMean(values: readonly number[], share = 0.2): number {
  const cut = Math.floor(share * values.length);
  return mean(sorted(values).slice(cut, values.length - cut));
}

/** The values in order, the lowest and highest `share` of them replaced by the nearest one that is kept. */
export function winsorized(values: readonly number[], share = 0.2): number[] {
  const ordered = sorted(values);
  const cut = Math.floor(share * ordered.length);
  const lowest = ordered[cut] ?? Number.NaN;
  const highest = ordered[ordered.length - 1 - cut] ?? Number.NaN;
  return ordered.map((value) => Math.min(highest, Math.max(lowest, value)));
}

/** Unbiased variance of the winsorized values. */
export function winsorizedVariance(values: readonly number[], share = 0.2): number {
  return values.length < 2 ? 0 : squaredDeviations(winsorized(values, share)) / (values.length - 1);
}
