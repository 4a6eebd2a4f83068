import type { Architecture } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Warning } from '../model/warning.ts';
import { ratioEstimate } from '../stats/statistics.ts';
import { type HostPriors, spreadByArchitecture } from './hosts.ts';
import { isSucceeded, type PayloadShare, sampleBy } from './summarize.ts';

/** What was measured of one configuration before and after the break. */
export interface TwoParts {
  readonly architecture: Architecture;
  readonly earlier: readonly Measurement[];
  readonly later: readonly Measurement[];
}

const fewest = 3;
const worthTelling = 0.05;
const confidence = 0.99;

/**
 * Whether durations differ between the parts of a run that was continued: then every figure is a mixture of two states.
 * The ratios of all configurations together, weighted by what is known of each (inverse variance: Cochran 1954), at 99 %, and at least
 * 5 %: a warning and no verdict, so that both are strict by choice and no bench chose them. Where it fails: configurations that met
 * their hosts before the break alone are taken to have changed by them, and a change of one configuration alone is thinned by the others.
 */
export function continuedDrift(
  parts: readonly TwoParts[],
  payloads: readonly PayloadShare[],
  priors: HostPriors,
): readonly Warning[] {
  const samplesOf = (measurements: readonly Measurement[]) => {
    const warm = measurements.filter(isSucceeded).filter(({ start }) => start === 'warm');
    return warm.length < fewest ? [] : sampleBy(warm, ({ durationMs }) => durationMs, payloads);
  };
  const pairs = parts
    .map(({ architecture, earlier, later }) => ({
      architecture,
      before: samplesOf(earlier),
      after: samplesOf(later),
    }))
    .filter(({ before, after }) => before.length > 0 && after.length > 0);
  const spreads = spreadByArchitecture(
    pairs.flatMap(({ architecture, before, after }) => [before, after].map((sample) => ({ architecture, sample }))),
    priors,
  );
  let weights = 0;
  let sum = 0;
  for (const { architecture, before, after } of pairs) {
    const estimate = ratioEstimate(after, before, spreads[architecture], confidence);
    if (estimate === undefined || estimate.high <= estimate.low) continue;
    const halfWidth = Math.log(estimate.high / estimate.low) / 2;
    weights += halfWidth ** -2;
    sum += Math.log(estimate.ratio) * halfWidth ** -2;
  }
  if (weights === 0) return [];
  const logRatio = sum / weights;
  // The half widths are quantiles already, of t and not of the normal, so a little too wide.
  if (Math.abs(logRatio) <= 1 / Math.sqrt(weights) || Math.abs(logRatio) < Math.log(1 + worthTelling)) return [];
  const share = Math.round(Math.abs(Math.exp(logRatio) - 1) * 100);
  const text = `Calls take ${share} % ${logRatio > 0 ? 'longer' : 'less'} than in the part that was measured before: something changed in between, and the figures are of both. Measure anew where that matters.`;
  return [{ code: 'continuedDrift', text }];
}
