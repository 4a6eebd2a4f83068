import type { SpreadByArchitecture } from '../analysis/hosts.ts';
import { environmentsToKeep, type LatencyStanding, latencyStandingOf } from '../analysis/latencyStanding.ts';
import { spreadOfCalls } from '../analysis/rows.ts';
import { findMadeOf, keyOf } from '../model/configuration.ts';
import { judgedMeasurements, judgedSuccesses, type SizeEstimate } from './estimate.ts';
import type { Effort, SearchOptions, SizeSoFar } from './options.ts';
import type { Wanted } from './wanted.ts';

/** Answers for each of what was measured; how hosts differ is learned from all of it, once it is asked for. */
export function latencyStandings(
  measured: readonly SizeSoFar[],
  options: SearchOptions,
): (one: SizeSoFar) => LatencyStanding {
  let spreads: SpreadByArchitecture | undefined;
  const spreadsOf = () => {
    spreads ??= spreadOfCalls(
      measured.map((one) => ({ architecture: one.configuration.architecture, calls: judgedSuccesses(one).warm })),
      ({ durationMs }) => durationMs,
      options.payloads ?? [],
      options.priors,
    );
    return spreads;
  };
  return (one) =>
    latencyStandingOf(
      { ...one, measurements: judgedMeasurements(one) },
      options,
      () => spreadsOf()[one.configuration.architecture],
    );
}

/** Estimates of the sizes that may be chosen. */
export function keepingLimit(
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
): readonly SizeEstimate[] {
  const standingOf = latencyStandings(measured, options);
  const broken = new Set(measured.flatMap((one) => (standingOf(one) === 'broken' ? [keyOf(one.configuration)] : [])));
  return estimates.filter(({ configuration }) => !broken.has(keyOf(configuration)));
}

/**
 * More calls of the winner while its limit is undecided: the question is about it alone. In environments of their own while
 * it has too few of them to prove a limit.
 */
export function checkLimit(
  best: SizeEstimate,
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  const known = findMadeOf(measured, best.configuration);
  if (known === undefined || latencyStandings(measured, options)(known) !== 'undecided') return [];
  if (best.count >= effort.capBest || known.measurements.length >= 2 * effort.capBest) return [];
  const environments = new Set(judgedSuccesses(known).warm.map(({ environment }) => environment)).size;
  return [
    {
      configuration: best.configuration,
      calls: Math.max(4, Math.floor(best.count / 4)),
      newEnvironment: environments < environmentsToKeep,
    },
  ];
}
