import { mean, squaredDeviations } from './moments.ts';
import { type Sample, type Stratum, valuesOf } from './samples.ts';

/**
 * How much values scatter, estimated over all configurations of a run together: each has too few samples, and far too
 * few environments, to tell alone. All figures are relative (variance ÷ mean²), so that configurations can be pooled.
 */
export interface Spread {
  /** Squared coefficient of variation that a configuration with few samples is drawn towards. */
  readonly withinVariance: number;
  /** How many degrees of freedom that is worth beside a configuration's own. */
  readonly withinWeight: number;
  /** Squared relative standard deviation between environments. */
  readonly betweenVariance: number;
  readonly betweenDf: number;
}

/** What is believed before the first sample, and how many degrees of freedom the belief is worth. */
export interface SpreadPrior {
  readonly withinCv: number;
  readonly withinDf: number;
  readonly betweenCv: number;
  readonly betweenDf: number;
}

export const hostsDiffer: SpreadPrior = { withinCv: 0.2, withinDf: 3, betweenCv: 0.02, betweenDf: 4 };
/** All environments run on one machine: what is left is where the scheduler put them. */
export const sameHost: SpreadPrior = { withinCv: 0.2, withinDf: 3, betweenCv: 0.01, betweenDf: 4 };

export function runSpread(samples: readonly Sample[], prior: SpreadPrior = hostsDiffer): Spread {
  const strata = samples.flat().filter((stratum) => mean(valuesOf(stratum)) > 0);
  const between = betweenEnvironments(strata, prior);
  return {
    withinVariance: withinEnvironments(strata, prior),
    withinWeight: prior.withinDf,
    betweenVariance: between.variance,
    betweenDf: between.df,
  };
}

/** Below this relative standard deviation differences are rounding, and their logarithm would say too much. */
const quietest = 0.005;

/**
 * Weighted mean of the logarithms of the squared CVs, the prior being one of them: a single noisy size must not make
 * quiet ones look noisy, as the arithmetic mean does (the idea of Smyth 2004, limma: variances are alike on a log scale).
 */
function withinEnvironments(strata: readonly Stratum[], prior: SpreadPrior): number {
  let weights = prior.withinDf;
  let sum = prior.withinDf * Math.log(prior.withinCv ** 2);
  for (const stratum of strata) {
    const values = valuesOf(stratum);
    const df = values.length - 1;
    if (df < 1) continue;
    const relative = squaredDeviations(values) / df / mean(values) ** 2;
    // The mean of log(χ²/df) lies about 1/df below 0.
    sum += df * (Math.log(Math.max(relative, quietest ** 2)) + 1 / df);
    weights += df;
  }
  return Math.exp(sum / weights);
}

/**
 * Analysis of variance of each configuration by environment (unbalanced one-way layout, Searle, Casella and McCulloch
 * 1992, §3.6), pooled with the prior by precision: where samples scatter so much that environments cannot be told
 * apart, the prior stands; where they can, the data soon outweigh it.
 */
function betweenEnvironments(strata: readonly Stratum[], prior: SpreadPrior): { variance: number; df: number } {
  const believed = prior.betweenCv ** 2;
  let precision = prior.betweenDf / (2 * believed ** 2);
  let sum = precision * believed;
  for (const { clusters } of strata) {
    const count = clusters.reduce((total, cluster) => total + cluster.values.length, 0);
    const withinDf = count - clusters.length;
    const betweenDf = clusters.length - 1;
    if (betweenDf < 1 || withinDf < 1) continue;
    const centre = mean(clusters.flatMap((cluster) => cluster.values));
    let within = 0;
    let between = 0;
    let squares = 0;
    for (const { values } of clusters) {
      within += squaredDeviations(values);
      between += values.length * (mean(values) - centre) ** 2;
      squares += values.length ** 2;
    }
    const withinVariance = within / withinDf / centre ** 2;
    const perEnvironment = (count - squares / count) / betweenDf;
    const estimate = (between / betweenDf / centre ** 2 - withinVariance) / perEnvironment;
    const noise = Math.max(withinVariance, quietest ** 2) / perEnvironment;
    // Variances of the two mean squares at the prior's spread.
    const weight = 1 / (2 * ((believed + noise) ** 2 / betweenDf + noise ** 2 / withinDf));
    precision += weight;
    sum += weight * estimate;
  }
  const variance = Math.max(sum / precision, believed / 16);
  return { variance, df: Math.max(prior.betweenDf, 2 * variance ** 2 * precision) };
}
