import { sorted } from '../stats/moments.ts';
import type { Figures } from './figures.ts';

/**
 * Trimmed mean of one side with what is known about its error, all relative to it. Trimming 0 is the plain mean. The
 * variance is Yuen's (1974, from winsorized values); deviations are those of the influence function (winsorized value ÷
 * share kept), so that sums of squares within and between environments describe the trimmed mean itself.
 *
 * Where it fails: a trimmed mean does not see what fewer than a fifth of the calls do (the untrimmed line beside it does); with
 * fewer than about ten values a stratum the winsorized variance is itself hardly known, which its degrees of freedom say. What it
 * costs against the plain mean on normal values, about a tenth of the calls, is in every row of `npm run bench:check`.
 */
export interface Centre {
  readonly centre: number;
  /** Variance as if all values were independent, and its degrees of freedom. */
  readonly variance: number;
  readonly df: number;
  /** What the variance between environments is multiplied by on top of that: Σ of squared shares − 1/n. */
  readonly clustering: number;
  /** One-way layout by environment. */
  readonly between: { readonly squares: number; readonly df: number };
  readonly within: { readonly squares: number; readonly df: number };
  /** Σ over environments of what a variance between them adds to the squares between. */
  readonly load: number;
}

const nothingTaken = { between: 1, within: 1, load: 1, total: 1 };

/** Undefined when a stratum keeps fewer than two values or the centre is not positive. */
export function centreOf(figures: Figures, trim: number): Centre | undefined {
  const parts: { weight: number; mean: number; variance: number; df: number; count: number }[] = [];
  const deviations = new Float64Array(figures.environments);
  const counts = new Float64Array(figures.environments);
  let squares = 0;
  let trimmedAway = 0;
  let centre = 0;
  for (const { weight, values, environments } of figures.strata) {
    const count = values.length;
    const ordered = sorted(values);
    const cut = Math.floor(trim * count);
    const kept = count - 2 * cut;
    if (kept < 2) return undefined;
    let mean = 0;
    for (let index = cut; index < count - cut; index++) mean += ordered[index] ?? 0;
    mean /= kept;
    if (!(mean > 0)) return undefined;
    const lowest = ordered[cut] ?? mean;
    const highest = ordered[count - 1 - cut] ?? mean;
    let winsorizedMean = 0;
    for (const value of ordered) winsorizedMean += Math.min(highest, Math.max(lowest, value));
    winsorizedMean /= count;
    const scale = count / kept / mean;
    let own = 0;
    for (let index = 0; index < count; index++) {
      const value = values[index] ?? mean;
      const deviation = (Math.min(highest, Math.max(lowest, value)) - winsorizedMean) * scale;
      const environment = environments[index] ?? 0;
      deviations[environment] = (deviations[environment] ?? 0) + deviation;
      counts[environment] = (counts[environment] ?? 0) + 1;
      own += deviation * deviation;
    }
    squares += own;
    trimmedAway += 2 * cut;
    centre += weight * mean;
    // Winsorized squares ÷ (h(h − 1)); the scale above holds a factor n/h that belongs to the influence function.
    const variance = (own * (kept / count) ** 2) / (kept * (kept - 1));
    parts.push({ weight, mean, variance, df: kept - 1, count });
  }
  let variance = 0;
  let varianceSquares = 0;
  let independent = 0;
  for (const part of parts) {
    const share = ((part.weight * part.mean) / centre) ** 2;
    variance += share * part.variance;
    varianceSquares += (share * part.variance) ** 2 / part.df;
    independent += share / part.count;
  }
  let between = 0;
  let countSquares = 0;
  for (const [environment, deviation] of deviations.entries()) {
    const count = counts[environment] ?? 1;
    between += deviation ** 2 / count;
    countSquares += count ** 2;
  }
  const df = figures.count - figures.environments - trimmedAway - (parts.length - 1);
  const kept = figures.kept ?? nothingTaken;
  return {
    centre,
    variance: variance / kept.total,
    df: varianceSquares > 0 ? variance ** 2 / varianceSquares : Math.min(...parts.map((part) => part.df)),
    clustering: Math.max(0, shareSquares(figures, parts, centre) - independent),
    between: { squares: between, df: kept.between * (figures.environments - 1) },
    within: { squares: Math.max(0, squares - between), df: kept.within * Math.max(0, df) },
    load: kept.load * (figures.count - countSquares / figures.count),
  };
}

/** Σ of the squared shares of the environments in the centre: 1 ÷ their number where they served alike. */
function shareSquares(
  figures: Figures,
  parts: readonly { readonly weight: number; readonly mean: number; readonly count: number }[],
  centre: number,
): number {
  const shares = new Float64Array(figures.environments);
  for (const [index, { environments }] of figures.strata.entries()) {
    const part = parts[index];
    if (part === undefined) continue;
    const each = (part.weight * part.mean) / part.count / centre;
    for (const environment of environments) shares[environment] = (shares[environment] ?? 0) + each;
  }
  let sum = 0;
  for (const share of shares) sum += share * share;
  return sum;
}
