import type { Prior } from '../model/production/prior.ts';

/**
 * How calls of one size scatter, from all sizes of the run: four calls of one cannot know it, all together can, roughly. Method: the
 * logarithm of the relative scatter is believed normal, calls normal given it, and what is returned is the posterior mean of its square, summed over
 * a grid (a scale mixture: Andrews and Mallows 1974). A belief that is worth a few calls, which is what stood here, took a function that scatters by
 * 1 % for one of 9 % after a whole climb, and raced it in vain. Where it fails: sizes that scatter differently have one figure, and two calls
 * that are alike by chance pass for a quiet function, as far as the belief goes. The numbers: `npm run bench:search`, docs/racing.md.
 */

/** Middle of what is believed, and its spread as a standard deviation of the natural logarithm. */
const usualCv = 0.12;
const logSpread = 0.8;
/** No function is believed to scatter by less: whole milliseconds hide it. */
const leastCv = 0.015;
/** Hosts alone differ by so much. */
const leastTold = 0.03;

/** Standard deviations from the middle, weighted as a normal density: finer or wider changes no variance by a hundredth. */
const grid = Array.from({ length: 25 }, (_, index) => -3 + index / 4);

/** Squared relative residuals of the calls of one size, and how many of them are free. */
export interface Residuals {
  readonly squares: number;
  readonly freedom: number;
}

/** Squared relative scatter of one call. */
export function commonVariance(sizes: readonly Residuals[], prior: Prior | undefined): number {
  const squares = sizes.reduce((sum, size) => sum + size.squares, 0);
  const freedom = sizes.reduce((sum, size) => sum + size.freedom, 0);
  const middle = middleOf(prior);
  const points = grid.map((z) => {
    const cv = Math.max(leastCv, middle * Math.exp(logSpread * z));
    return { variance: cv ** 2, logWeight: -(z ** 2) / 2 - freedom * Math.log(cv) - squares / (2 * cv ** 2) };
  });
  const most = Math.max(...points.map(({ logWeight }) => logWeight));
  let weights = 0;
  let sum = 0;
  for (const { variance, logWeight } of points) {
    const weight = Math.exp(logWeight - most);
    weights += weight;
    sum += weight * variance;
  }
  return sum / weights;
}

/**
 * Production's calls differ by what they were asked as well, so that their scatter is the most it can be: it may only make the
 * search surer.
 */
function middleOf(prior: Prior | undefined): number {
  return prior?.cv === undefined ? usualCv : Math.min(usualCv, Math.max(leastTold, prior.cv));
}
