import type { Prior } from '../model/prior.ts';

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
