import { countOf, type Sample } from '../stats/samples.ts';
import type { Spread } from '../stats/spread.ts';
import { ratioEstimate } from '../stats/statistics.ts';

/**
 * What is known of the ratio of two means. `equal`: its interval lies inside the tolerance, so they are told apart as
 * equal. `more`, `less`: beyond the tolerance and surely not 1. `notToldApart`: neither, so far.
 */
export interface Difference {
  readonly kind: 'equal' | 'more' | 'less' | 'notToldApart';
  /** 1 where one of the two is 0: then there is no ratio. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How sure a statement on two of so many configurations is, for 95 % of the statements on the best of them together. Which one
 * is the best was seen in the same data: of twelve that are equal the least lies far enough below some other for a plain 95 %
 * interval to call that one worse in every second run. Dunnett (1955): all are compared with one, whose error they share, so
 * that a little less is needed than for as many separate statements (Bonferroni); the power reproduces his two-sided 5 % points
 * for 2 to 12 comparisons. Chosen by `npm run bench:advice` over wider and narrower intervals. Where it fails: it is cautious
 * where many are far off, which nobody would have mistaken for the best.
 */
export function surenessAmong(configurations: number): number {
  return 1 - 0.05 / Math.max(1, configurations - 1) ** 0.885;
}

/** What the statements on a run are made with. */
export interface Standards {
  /** What two may differ by and still count as equal, as a fraction of the better one. */
  readonly tolerance: number;
  /** Of each interval. */
  readonly confidence: number;
}

/** Every statement on two configurations comes from this one interval. */
export function differenceOf(
  sample: Sample,
  reference: Sample,
  spread: Spread,
  { tolerance, confidence }: Standards,
  spreadOfReference = spread,
): Difference {
  const estimate = ratioEstimate(sample, reference, spread, confidence, spreadOfReference);
  if (estimate === undefined) {
    const [one, other] = [hasValues(sample), hasValues(reference)];
    return { kind: one === other ? 'equal' : one ? 'more' : 'less', ratio: 1, low: 1, high: 1 };
  }
  // One call leaves its error unknown: nothing is said by it.
  const isKnown = countOf(sample) > 1 && countOf(reference) > 1;
  return { kind: isKnown ? kindOf(estimate, tolerance) : 'notToldApart', ...estimate };
}

/** What an interval of a ratio says. */
export function kindOf({ ratio, low, high }: Omit<Difference, 'kind'>, tolerance: number): Difference['kind'] {
  if (ratio > 1 + tolerance && low > 1) return 'more';
  if (ratio < 1 / (1 + tolerance) && high < 1) return 'less';
  return low >= 1 / (1 + tolerance) && high <= 1 + tolerance ? 'equal' : 'notToldApart';
}

function hasValues(sample: Sample): boolean {
  return sample.some(({ clusters }) => clusters.some(({ values }) => values.some((value) => value > 0)));
}

/** More than anybody would make to settle a tie. */
const mostCalls = 1000;

/**
 * About how many more calls of `sample` (and as many times more of the reference) would tell the two apart or show them
 * equal, if the ratio stays: the part of the interval within environments shrinks with the root of the calls, the part
 * between them stays. Undefined where that part alone is too wide, or nobody would make so many.
 */
export function moreCallsToTell(
  sample: Sample,
  reference: Sample,
  spread: Spread,
  { tolerance, confidence }: Standards,
  spreadOfReference = spread,
): number | undefined {
  const now = ratioEstimate(sample, reference, spread, confidence, spreadOfReference);
  const within = ratioEstimate(sample, reference, { ...spread, betweenVariance: 0 }, confidence);
  if (now === undefined || within === undefined) return undefined;
  const distance = Math.abs(Math.log(now.ratio));
  const limit = Math.log1p(tolerance);
  const wanted = distance > limit ? distance : limit - distance;
  const widthWithin = Math.log(within.high / within.ratio);
  const between = Math.log(now.high / now.ratio) ** 2 - widthWithin ** 2;
  const left = wanted ** 2 - between;
  if (!(left > 0)) return undefined;
  const more = countOf(sample) * Math.max(0, widthWithin ** 2 / left - 1);
  return more > mostCalls ? undefined : roundedUp(more);
}

/** An estimate has no more digits than it can keep. */
export function roundedUp(calls: number): number {
  const step = calls <= 20 ? 5 : calls <= 100 ? 10 : calls <= 1000 ? 50 : 500;
  return Math.max(step, Math.ceil(calls / step) * step);
}
