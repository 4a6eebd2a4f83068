import type { Centre } from './centre.ts';
import { tCritical } from './critical.ts';
import { type Hosts, hostsOf } from './hosts.ts';
import type { HostBelief } from './options.ts';

/** Current ÷ baseline with the parts of its error; variances are relative. */
export interface Ratio {
  readonly estimate: number;
  readonly hosts: Hosts;
  /** As if all values were independent, rounding included. */
  readonly variance: { readonly baseline: number; readonly current: number };
  readonly df: number;
  /** Added by environments as clusters. */
  readonly clustering: { readonly baseline: number; readonly current: number };
  /** The same, were kinds of hosts there that calls hide: no side is called slower by less. */
  readonly unseen: { readonly baseline: number; readonly current: number };
  /** Added by runs of other hours. */
  readonly runs: { readonly variance: number; readonly df: number };
}

/** Both sides were measured together. */
export const sameRun: Ratio['runs'] = { variance: 0, df: 1000 };

/** Bounds of the ratio. `high` is infinite where the baseline is hardly known. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Differences below half a percent are rounding (whole milliseconds, few distinct values): however alike the samples are,
 * the interval does not pretend to more. Half a percent is a millisecond of 200.
 */
export const roundingVariance = 0.005 ** 2 / 2;

/** `limit` is the ratio at which the degrees of freedom are taken. */
export function ratioOf(baseline: Centre, current: Centre, limit: number, believed: HostBelief, runs = sameRun): Ratio {
  const hosts = hostsOf([baseline, current], believed);
  const estimate = current.centre / baseline.centre;
  const [weightOfBaseline, weightOfCurrent] = [limit ** 2, estimate ** 2];
  const [one, other] = [weightOfBaseline * baseline.variance, weightOfCurrent * current.variance];
  const unseen = Math.max(hosts.variance, hosts.unseen);
  const rounding = roundingVariance * (weightOfBaseline + weightOfCurrent);
  // Welch and Satterthwaite; rounding is known, so it takes part with no degrees of freedom lost.
  const lost = one ** 2 / baseline.df + other ** 2 / current.df;
  return {
    estimate,
    hosts,
    variance: { baseline: baseline.variance + roundingVariance, current: current.variance + roundingVariance },
    df: lost > 0 ? (one + other + rounding) ** 2 / lost : 1000,
    clustering: { baseline: hosts.variance * baseline.clustering, current: hosts.variance * current.clustering },
    unseen: { baseline: unseen * baseline.clustering, current: unseen * current.clustering },
    runs,
  };
}

/**
 * One-sided bounds, each of the given confidence: Fieller's (1954) for a ratio, because the logarithm would make a rare
 * huge value look more certain than it is. Where it fails: with ten values of which one in thirty is tenfold no bound holds what none
 * of them showed; the gate's least of sixteen is for that (options.ts). The parts of the error (t each, with its own degrees of freedom) add in quadrature (Zou and Donner 2008, MOVER).
 */
export function boundsOf(ratio: Ratio, confidence: number): Bounds {
  // Hosts of kinds that nobody could tell are a reason not to accuse, and none not to acquit: a pass needs its own promise alone.
  const { low } = fieller(ratio, ratio.unseen, confidence);
  const { high } = fieller(ratio, ratio.clustering, confidence);
  return { low, high };
}

function fieller(ratio: Ratio, clustering: Ratio['clustering'], confidence: number): Bounds {
  const within = tCritical(confidence, ratio.df) ** 2;
  const between = tCritical(confidence, ratio.hosts.df) ** 2;
  const runs = (tCritical(confidence, ratio.runs.df) ** 2 * ratio.runs.variance) / 2;
  const one = within * ratio.variance.baseline + between * clustering.baseline + runs;
  const other = within * ratio.variance.current + between * clustering.current + runs;
  const root = Math.sqrt(Math.max(0, 1 - (1 - one) * (1 - other)));
  return {
    low: other >= 1 ? 0 : (ratio.estimate * (1 - other)) / (1 + root),
    high: one >= 1 ? Number.POSITIVE_INFINITY : (ratio.estimate * (1 + root)) / (1 - one),
  };
}

/** Standard error of the ratio where it is `limit`. */
export function standardError(ratio: Ratio, limit: number): number {
  const one = ratio.variance.baseline + ratio.clustering.baseline + ratio.runs.variance / 2;
  const other = ratio.variance.current + ratio.clustering.current + ratio.runs.variance / 2;
  return Math.sqrt(limit ** 2 * one + ratio.estimate ** 2 * other);
}
