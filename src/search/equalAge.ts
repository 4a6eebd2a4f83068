import { findMadeOf } from '../model/configuration.ts';
import type { SizeEstimate } from './estimate.ts';
import type { Effort, SizeSoFar } from './options.ts';
import type { Wanted } from './wanted.ts';

/** Warm calls of an environment, where the first ones are slower. See `ofEqualAge`. */
const oldEnough = 36;

/**
 * Where code is compiled while it is used, a size that was called eighty times looks cheaper than its twin that was called
 * twenty times, and the race would never call the twin again. So whatever is near the best by now, "dearer by less than closes a ladder",
 * is called on until its environments are as old as those of the best, and all of them have made `oldEnough` calls. Nothing is asked for where no size of the run falls.
 *
 * Chosen by `npm run bench:search -- --in-order`: the recorded function `kotlin-jar`, whose two cheapest sizes differ by
 * 0.5 %, was raced at 81 calls of one against 24 of the other in most of the runs that named the wrong one. With equal ages its true
 * best is named in 88 % instead of 82 %, with 36 calls at least in 98 %.
 */
export function ofEqualAge(
  best: SizeEstimate,
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  effort: Effort,
): readonly Wanted[] {
  if (!measured.some(({ steady }) => steady !== undefined)) return [];
  const wantedAge = Math.max(oldEnough, ageOf(findMadeOf(measured, best.configuration)));
  return estimates.flatMap(({ configuration, centre, error }) => {
    const known = findMadeOf(measured, configuration);
    if (known === undefined || centre / best.centre - 1 - error > effort.slack) return [];
    const younger = Math.ceil(wantedAge - ageOf(known));
    if (younger <= 0 || known.measurements.length >= effort.capBest) return [];
    // Half as many as were made: what falls soon shows it, and is then out or the best itself.
    const calls = Math.min(younger, Math.max(effort.scoutsLeast, Math.floor(known.measurements.length / 2)));
    return [{ configuration, calls, newEnvironment: false }];
  });
}

/** Warm calls of one of its environments, on average. */
function ageOf(known: SizeSoFar | undefined): number {
  const warm = known?.measurements.filter(({ start }) => start === 'warm') ?? [];
  return warm.length / Math.max(1, new Set(warm.map(({ environment }) => environment)).size);
}
