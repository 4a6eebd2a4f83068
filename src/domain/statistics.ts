import { cubedDeviations, mean, squaredDeviations } from './moments.ts';
import { studentTQuantile } from './quantiles.ts';
import { countOf, environmentsOf, type Sample, valuesOf } from './samples.ts';
import type { Spread } from './spread.ts';

/**
 * The mean of one configuration with what is known about its error. Statistics know no Lambda: numbers, environments
 * (clusters), weights (strata). `undefined` means no data, never 0.
 */
export interface MeanEstimate {
  readonly count: number;
  readonly environments: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** Of the standard error (Satterthwaite 1946). */
  readonly df: number;
  /** Third cumulant of the error divided by standardError³. */
  readonly skewness: number;
  /** Share of the squared standard error that more samples of the same environments cannot lower, 0..1. */
  readonly betweenShare: number;
}

export interface RatioEstimate {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Mean with its interval (95 % unless said otherwise). Strata are combined by weight. */
export function meanEstimate(sample: Sample, spread: Spread, confidence = 0.95): MeanEstimate | undefined {
  const parts = errorParts(sample, spread);
  if (parts === undefined) return undefined;
  const [low, high] = quantilesOfError(parts, confidence);
  const standardError = Math.sqrt(parts.variance);
  return {
    count: countOf(sample),
    environments: environmentsOf(sample),
    mean: parts.mean,
    low: Math.max(0, parts.mean - high * standardError),
    high: parts.mean - low * standardError,
    standardError,
    df: parts.df,
    skewness: parts.skewness,
    betweenShare: parts.variance === 0 ? 0 : parts.between / parts.variance,
  };
}

/** Mean of `numerator` ÷ mean of `denominator`, both positive, with its interval. */
export function ratioEstimate(
  numerator: Sample,
  denominator: Sample,
  spread: Spread,
  confidence = 0.95,
): RatioEstimate | undefined {
  const a = errorParts(numerator, spread);
  const b = errorParts(denominator, spread);
  if (a === undefined || b === undefined || !(a.mean > 0) || !(b.mean > 0)) return undefined;
  const va = a.variance / a.mean ** 2;
  const vb = b.variance / b.mean ** 2;
  const variance = va + vb;
  const df = variance === 0 ? 1 : variance ** 2 / (va ** 2 / a.df + vb ** 2 / b.df);
  const t = studentTQuantile((1 + confidence) / 2, df);
  const ratio = a.mean / b.mean;
  const factor = Math.exp(t * Math.sqrt(variance));
  return { ratio, low: ratio / factor, high: ratio * factor };
}

interface ErrorParts {
  readonly mean: number;
  readonly variance: number;
  readonly between: number;
  readonly df: number;
  readonly skewness: number;
}

function errorParts(sample: Sample, spread: Spread): ErrorParts | undefined {
  const totalWeight = sample.reduce((sum, stratum) => sum + stratum.weight, 0);
  if (sample.length === 0) return undefined;
  let centre = 0;
  let within = 0;
  let withinDfSum = 0;
  let thirdCumulant = 0;
  // What each environment contributes to the mean: an environment serves all strata, so its factor is shared by them.
  const contributions = new Map<string, number>();
  for (const stratum of sample) {
    const share = stratum.weight / totalWeight;
    const values = valuesOf(stratum);
    const count = values.length;
    const stratumMean = mean(values);
    centre += share * stratumMean;
    const df = count - 1 + spread.withinWeight;
    const pooled = spread.withinVariance * stratumMean ** 2;
    const variance = (squaredDeviations(values) + spread.withinWeight * pooled) / df;
    const part = (share ** 2 * variance) / count;
    within += part;
    withinDfSum += part ** 2 / df;
    thirdCumulant += (share ** 3 * cubedDeviations(values)) / count ** 3;
    for (const { environment, values: own } of stratum.clusters) {
      const contribution = (share * stratumMean * own.length) / count;
      contributions.set(environment, (contributions.get(environment) ?? 0) + contribution);
    }
  }
  let between = 0;
  for (const contribution of contributions.values()) between += spread.betweenVariance * contribution ** 2;
  const variance = within + between;
  const dfSum = withinDfSum + between ** 2 / spread.betweenDf;
  return {
    mean: centre,
    variance,
    between,
    df: dfSum === 0 ? 1 : variance ** 2 / dfSum,
    skewness: variance === 0 ? 0 : thirdCumulant / variance ** 1.5,
  };
}

/** Lower and upper quantile of (mean − truth) ÷ standard error. */
function quantilesOfError(parts: ErrorParts, confidence: number): [number, number] {
  const t = studentTQuantile((1 + confidence) / 2, parts.df);
  return [hall(-t, parts.skewness), hall(t, parts.skewness)];
}

/** Hall (1992), On the removal of skewness by transformation: the inverse of his cubic. */
function hall(t: number, skewness: number): number {
  if (Math.abs(skewness) < 1e-6) return t;
  return (3 / skewness) * (Math.cbrt(1 + skewness * (t - skewness / 6)) - 1);
}
