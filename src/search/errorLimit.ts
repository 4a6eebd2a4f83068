import { failureShare } from '../analysis/standing.ts';
import { isSucceeded } from '../analysis/summarize.ts';
import { findMadeOf } from '../model/configuration.ts';
import type { SizeEstimate } from './estimate.ts';
import type { SearchOptions, SizeSoFar } from './options.ts';
import type { Wanted } from './wanted.ts';

/**
 * Counts, no test: a share of failures is compared with its limit once so many were seen. Where it fails: a size that fails a little more
 * often than is allowed may pass by chance with thirty answers, and the analysis judges all of them again. Both numbers are choices.
 */

/** Whether a size fails too often to be chosen. One error among a few calls may be bad luck: it is undecided. */
type ErrorStanding = 'fine' | 'failing' | 'undecided';

/** So many failures are no bad luck; after so many answers the share is believed. */
const failuresBelieved = 3;
const answersBelieved = 30;

/** The share is the analysis's own, so that no size wins a race and is disqualified afterwards. */
function errorStandingOf(
  { measurements }: SizeSoFar,
  { maxErrorShare, payloads = [] }: Pick<SearchOptions, 'maxErrorShare' | 'payloads'>,
): ErrorStanding {
  if (maxErrorShare === undefined) return 'fine';
  const answered = measurements.filter(({ outcome }) => outcome !== 'unreported');
  const failures = answered.filter((call) => !isSucceeded(call)).length;
  if (failures === 0) return 'fine';
  const neverSucceeds = payloads.some(({ name }) => {
    const own = payloads.length < 2 ? [] : answered.filter(({ payload }) => payload === name);
    return own.length > 0 && !own.some(isSucceeded);
  });
  if (failureShare(answered, payloads) <= maxErrorShare && !neverSucceeds) return 'fine';
  return failures >= failuresBelieved || answered.length >= answersBelieved ? 'failing' : 'undecided';
}

/** Sizes that fail too often are out of the race, as those that cannot work. */
export function withoutFailing(measured: readonly SizeSoFar[], options: SearchOptions): readonly SizeSoFar[] {
  return measured.map((one) =>
    one.infeasible === undefined && errorStandingOf(one, options) === 'failing'
      ? { ...one, infeasible: 'too many calls failed' }
      : one,
  );
}

/** More calls of the winner while an error or two leave it open whether it may be named. */
export function checkErrors(
  best: SizeEstimate,
  measured: readonly SizeSoFar[],
  options: SearchOptions,
): readonly Wanted[] {
  const known = findMadeOf(measured, best.configuration);
  if (known === undefined || errorStandingOf(known, options) !== 'undecided') return [];
  return [{ configuration: best.configuration, calls: Math.max(4, Math.floor(best.count / 4)), newEnvironment: false }];
}
