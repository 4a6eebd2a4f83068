import { latencyStandingOf } from '../analysis/latencyStanding.ts';
import { findMadeOf, keyOf } from '../model/configuration.ts';
import type { Estimate } from './estimate.ts';
import type { Effort, Measured, SearchOptions } from './options.ts';
import type { Wanted } from './wanted.ts';

/** Estimates of the sizes that may be chosen. */
export function keepingLimit(
  estimates: readonly Estimate[],
  measured: readonly Measured[],
  options: SearchOptions,
): readonly Estimate[] {
  const broken = new Set(
    measured.flatMap((one) => (latencyStandingOf(one, options) === 'broken' ? [keyOf(one.configuration)] : [])),
  );
  return estimates.filter(({ configuration }) => !broken.has(keyOf(configuration)));
}

/** More calls of the winner while its limit is undecided: the question is about it alone. */
export function checkLimit(
  best: Estimate,
  measured: readonly Measured[],
  options: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  const known = findMadeOf(measured, best.configuration);
  if (known === undefined || latencyStandingOf(known, options) !== 'undecided') return [];
  if (best.count >= effort.capBest || known.measurements.length >= 2 * effort.capBest) return [];
  return [{ configuration: best.configuration, calls: Math.max(4, Math.floor(best.count / 4)), newEnvironment: false }];
}
