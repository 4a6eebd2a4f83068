import type { CalmPace, Measurement } from '../../model/measurement.ts';
import { median } from '../../stats/moments.ts';
import { calmLevel, isPaced, knownCalm, mostUncertain, unseenError } from './calmLevel.ts';

/** A run on a machine that was slow from its beginning to its end, which earlier runs on it tell. */
export interface SlowThroughout {
  /** How many times as long as in calm moments the reference took, in the middle one of the calls. */
  readonly times: number;
  readonly calm: CalmPace;
}

export function slowThroughout(measurements: readonly Measurement[]): SlowThroughout | undefined {
  const calls = measurements.filter(isPaced);
  const calm = knownCalm(calls);
  if (calm === undefined || unseenError * calmLevel(calls).unseen <= mostUncertain) return undefined;
  return { times: median(calls.map(({ pace }) => pace.referenceMs)) / calm.referenceMs, calm };
}

export function slowThroughoutText({ times, calm }: SlowThroughout): string {
  const runs = calm.runs === 1 ? 'an earlier run' : `${calm.runs} earlier runs`;
  return `This machine was about ${times.toFixed(1)} times as slow as at its best, from the beginning of the run to its end (its best: ${runs}, last on ${calm.lastSeenAt.slice(0, 10)}). Durations and costs are those of a slow machine and decide nothing. Measure again when it is calm.`;
}
