import type { Prior } from '../model/prior.ts';

/**
 * How calls of one size are believed to scatter before there are any. Where it fails: as the belief does, for a few calls; estimate.ts gives
 * it the weight of three. The usual 20 % is that of stats/spread.ts; what the belief costs: `npm run bench:search`.
 */

const usualVariance = 0.2 ** 2;
/** Hosts alone differ by so much. */
const leastCv = 0.03;

/**
 * Squared relative scatter that is believed of one payload before the first call. Production's calls differ by what they were
 * asked as well, so that their scatter is the most it can be: it may only make the search surer.
 */
export function believedVariance(prior: Prior | undefined): number {
  return prior?.cv === undefined ? usualVariance : Math.min(usualVariance, Math.max(leastCv, prior.cv) ** 2);
}
