import { asAnswers } from '../analysis/expectedErrors.ts';
import type { LaneSoFar, SoFar } from '../model/engine/sampler.ts';
import type { LaneStep } from '../model/engine/step.ts';
import type { SearchOptions, SizeSoFar } from './options.ts';

/** How a run decides what to call: a list in full, or a race that spends calls only where they decide. */
export type Sampling =
  | { readonly kind: 'full' }
  | { readonly kind: 'race'; readonly search: Omit<SearchOptions, 'budget'> };

/** Lanes that may be judged: called, or known to be of no use. */
export function measuredOf({ lanes }: SoFar, allowedErrors: readonly string[]): readonly SizeSoFar[] {
  return lanes
    .filter(({ earlier, measurements, stopped }) => earlier.length + measurements.length > 0 || stopped !== undefined)
    .map(({ configuration, earlier, measurements, environments, stopped }) => ({
      configuration,
      measurements: asAnswers([...earlier, ...measurements], allowedErrors),
      environments: Math.max(
        new Set(earlier.map(({ environment }) => environment)).size,
        ...environments.map((ordinal) => ordinal + 1),
      ),
      infeasible: stopped,
    }));
}

/** Of every lane that is in use and has fewer than are wanted. */
export function missingColdStarts({ lanes }: SoFar, wanted: number | undefined): readonly LaneStep[] {
  if (wanted === undefined) return [];
  return lanes
    .filter((lane) => missesColdStarts(lane, wanted))
    .map(({ configuration }) => ({ kind: 'coldStarts', configuration, wanted }));
}

function missesColdStarts({ earlier, measurements, stopped }: LaneSoFar, wanted: number): boolean {
  const made = [...earlier, ...measurements];
  return stopped === undefined && made.length > 0 && made.filter(({ start }) => start === 'cold').length < wanted;
}
