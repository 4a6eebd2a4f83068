import type { Centre } from './centre.ts';
import type { HostBelief } from './options.ts';

/** How environments differ: relative variance between them, and its degrees of freedom. */
export interface Hosts {
  readonly variance: number;
  readonly df: number;
  /** Relative variance of one value inside an environment. */
  readonly within: number;
  /** What two kinds that calls hide would add to it at least, for whoever is about to call one side slower. */
  readonly unseen: number;
}

/** Of hosts of which a third is 22 % slower, as recorded on arm64. */
const cvOfTwoKinds = 0.1;

/**
 * Relative error of an environment's mean up from which such kinds cannot be told (stats/hostKinds.ts: four times that is their distance);
 * below it what stays unseen fades. Of unchanged functions whose calls scatter by 10 and 20 % 3 to 4 % were called regressed on such
 * hosts without it, since sides that met one kind each make hosts look alike (`npm run bench:check`, row "arm64").
 */
export const hidingError = 0.05;

/**
 * `mayHideKinds` (options.ts): nobody saw that hosts are of two kinds, and nobody could have.
 *
 * From both sides together (the change is not supposed to alter how hosts differ): mean square between environments less
 * the one within, drawn towards the belief, never below 0. Method: moments of the one-way layout (Searle, Casella and McCulloch,
 * Variance Components, 1992, ch. 3), pooled with the belief by degrees of freedom. Where it fails: hosts of two kinds (likeHosts.ts
 * comes first); four environments weigh no more than the belief does, so that hosts which differ by far more are
 * taken to differ by less until about a dozen were met. Rates: `npm run bench:check -- --data <folder> --env-spread 0.04`.
 */
export function hostsOf(sides: readonly Centre[], belief: HostBelief): Hosts {
  const { betweenCv, betweenDf: believedDf, mayHideKinds = false } = belief;
  let [betweenDf, withinDf, betweenSquares, withinSquares, load] = [0, 0, 0, 0, 0];
  for (const side of sides) {
    betweenDf += side.between.df;
    withinDf += side.within.df;
    betweenSquares += side.between.squares;
    withinSquares += side.within.squares;
    load += side.load;
  }
  const within = withinDf > 0 ? withinSquares / withinDf : 0;
  if (betweenDf < 1 || withinDf < 1 || load <= 0)
    return { variance: betweenCv ** 2, df: believedDf, within, unseen: 0 };
  const found = (betweenSquares - within * betweenDf) / load;
  const df = betweenDf + believedDf;
  const noise = (within * betweenDf) / load;
  const unseen = mayHideKinds ? (cvOfTwoKinds * Math.min(1, noise / hidingError ** 2)) ** 2 : 0;
  return { variance: Math.max(0, (betweenDf * found + believedDf * betweenCv ** 2) / df), df, within, unseen };
}
