import { mean, squaredDeviations } from './moments.ts';
import { type Sample, type Stratum, valuesOf } from './samples.ts';
import { splitTail } from './tail.ts';
import { varianceBetween } from './varianceBetween.ts';

/**
 * How values scatter, estimated over all configurations of a run together: each has too few samples, and far too few
 * environments, to tell alone. Figures are relative, so that configurations can be pooled. Method: logarithms of squared CVs
 * averaged with a prior (the idea of Smyth 2004), tails and hosts apart (tail.ts, varianceBetween.ts). Where it fails: one size
 * that truly scatters more than the others (swapping at 128 MB) is drawn towards them while it has few calls, by the weight below.
 * Priors of hosts are from recorded calls; their weights and `cautious` were chosen by `npm run bench:statistics`.
 */
export interface Spread {
  /** Squared coefficient of variation of ordinary values that a configuration with few samples is drawn towards. */
  readonly withinVariance: number;
  /** How many degrees of freedom that is worth beside a configuration's own. */
  readonly withinWeight: number;
  /** Rare far larger values: second and third moment per sample, in units of the median. 0 when the run had none. */
  readonly tailSecond: number;
  readonly tailThird: number;
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
  /** The effect of an environment is bounded where the posterior has this quantile: see `varianceBetween`. */
  readonly cautious: number;
}

/** Environments on AWS, as recorded on x86_64: hosts differ by 1 to 3 %. Three degrees of freedom give way to data soon. */
export const hostsDiffer: SpreadPrior = {
  withinCv: 0.2,
  withinDf: 3,
  betweenCv: 0.03,
  betweenDf: 3,
  cautious: 0.965,
};

/** As recorded on arm64, where a quarter of CPU-bound functions differ by 17 to 22 % from one month to the next. */
export const hostsDifferMuch: SpreadPrior = { ...hostsDiffer, betweenCv: 0.07, cautious: 0.985 };

/** All environments run on one machine: what is left is where the scheduler put them. An assumption, too. */
export const sameHost: SpreadPrior = { withinCv: 0.2, withinDf: 3, betweenCv: 0.008, betweenDf: 2, cautious: 0.985 };

/** `onHosts`: those of the samples whose environments run on hosts of the kind that the spread between them is wanted of. */
export function runSpread(
  samples: readonly Sample[],
  prior: SpreadPrior = hostsDiffer,
  onHosts: readonly Sample[] = samples,
): Spread {
  const strata = strataOf(samples);
  const between = varianceBetween(strataOf(onHosts), prior.betweenCv ** 2, prior.betweenDf, prior.cautious);
  return {
    withinVariance: varianceWithin(strata, prior),
    withinWeight: prior.withinDf,
    ...tailMoments(strata),
    betweenVariance: between.variance,
    betweenDf: between.df,
  };
}

function strataOf(samples: readonly Sample[]): readonly Stratum[] {
  return samples.flat().filter((stratum) => mean(valuesOf(stratum)) > 0);
}

/** Below this relative standard deviation differences are rounding (a millisecond of 200), and their logarithm would say too much. */
const quietestCv = 0.005;

/**
 * Weighted mean of the logarithms of the squared CVs, the prior being one of them: a single noisy size must not make
 * quiet ones look noisy, as the arithmetic mean does (the idea of Smyth 2004, limma: variances are alike on a log scale).
 */
function varianceWithin(strata: readonly Stratum[], prior: SpreadPrior): number {
  let weights = prior.withinDf;
  let sum = prior.withinDf * Math.log(prior.withinCv ** 2);
  for (const stratum of strata) {
    const { ordinary } = splitTail(valuesOf(stratum));
    const df = ordinary.length - 1;
    if (df < 1) continue;
    const relative = squaredDeviations(ordinary) / df / mean(ordinary) ** 2;
    // The mean of log(χ²/df) lies about 1/df below 0.
    sum += df * (Math.log(Math.max(relative, quietestCv ** 2)) + 1 / df);
    weights += df;
  }
  return Math.exp(sum / weights);
}

function tailMoments(strata: readonly Stratum[]): { tailSecond: number; tailThird: number } {
  let count = 0;
  let second = 0;
  let third = 0;
  for (const stratum of strata) {
    const values = valuesOf(stratum);
    const { jumps } = splitTail(values);
    count += values.length;
    for (const jump of jumps) {
      second += jump ** 2;
      third += jump ** 3;
    }
  }
  return count === 0 ? { tailSecond: 0, tailThird: 0 } : { tailSecond: second / count, tailThird: third / count };
}
