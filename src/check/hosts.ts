import type { Centre } from './centre.ts';
import type { HostBelief } from './options.ts';

/** How environments differ: relative variance between them, and its degrees of freedom. */
export interface Hosts {
  readonly variance: number;
  readonly df: number;
  /** Relative variance of one value inside an environment. */
  readonly within: number;
}

/**
 * From both sides together (the change is not supposed to alter how hosts differ): mean square between environments less
 * the one within, drawn towards the belief, never below 0. Method: moments of the one-way layout (Searle, Casella and McCulloch,
 * Variance Components, 1992, ch. 3), pooled with the belief by degrees of freedom. Where it fails: hosts of two kinds (hostKinds.ts
 * comes first); four environments weigh no more than the belief does, so that hosts which differ by far more are
 * taken to differ by less until about a dozen were met. Rates: `npm run bench:check -- --data <folder> --env-spread 0.04`.
 */
export function hostsOf(sides: readonly Centre[], { betweenCv, betweenDf: believedDf }: HostBelief): Hosts {
  let [betweenDf, withinDf, betweenSquares, withinSquares, load] = [0, 0, 0, 0, 0];
  for (const side of sides) {
    betweenDf += side.between.df;
    withinDf += side.within.df;
    betweenSquares += side.between.squares;
    withinSquares += side.within.squares;
    load += side.load;
  }
  const within = withinDf > 0 ? withinSquares / withinDf : 0;
  if (betweenDf < 1 || withinDf < 1 || load <= 0) return { variance: betweenCv ** 2, df: believedDf, within };
  const found = (betweenSquares - within * betweenDf) / load;
  const df = betweenDf + believedDf;
  return { variance: Math.max(0, (betweenDf * found + believedDf * betweenCv ** 2) / df), df, within };
}
