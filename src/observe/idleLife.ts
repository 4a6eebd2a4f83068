import type { Observation } from '../model/production/observation.ts';
import type { ObservedCall } from './calls.ts';

type IdleLife = NonNullable<Observation['environments']['idleLifeS']>;

/** With fewer pauses on a side nothing is said. */
const leastPauses = 5;

/**
 * How long idle environments live, from stretches that were read without a gap. One that served again after a pause lived through
 * it. When a call found no environment (a cold start), all that had been idle then were gone: the pause of the one that ended its
 * work last bounds their life from above. The estimate is where the two kinds are told apart best.
 */
export function idleLifeOf(stretches: readonly (readonly ObservedCall[])[]): IdleLife | undefined {
  const survived: number[] = [];
  const gone: number[] = [];
  for (const calls of stretches) {
    const lastEnd = new Map<string, number>();
    const begun = (call: ObservedCall) => call.atMs - call.durationMs - (call.initMs ?? 0);
    for (const call of calls.toSorted((one, other) => begun(one) - begun(other))) {
      const startMs = begun(call);
      const own = lastEnd.get(call.stream);
      if (own !== undefined && call.initMs === undefined && startMs > own) survived.push((startMs - own) / 1000);
      if (call.initMs !== undefined) {
        let latestMs = Number.NEGATIVE_INFINITY;
        for (const [stream, endMs] of lastEnd) {
          if (endMs > startMs) continue;
          latestMs = Math.max(latestMs, endMs);
          lastEnd.delete(stream);
        }
        if (latestMs > 0) gone.push((startMs - latestMs) / 1000);
      }
      lastEnd.set(call.stream, Math.max(call.atMs, lastEnd.get(call.stream) ?? 0));
    }
  }
  if (survived.length < leastPauses) return undefined;
  const low = survived.reduce((most, pause) => Math.max(most, pause));
  if (gone.length < leastPauses) return { estimate: low, low, high: null };
  return { estimate: Math.max(low, splitOf(survived, gone)), low, high: Math.max(low, median(gone)) };
}

/** Fewest on the wrong side: who survived a longer pause, or was gone after a shorter one. One pass over both in order. */
function splitOf(survived: readonly number[], gone: readonly number[]): number {
  const ordered = [
    ...survived.map((pauseS) => ({ pauseS, change: -1 })),
    ...gone.map((pauseS) => ({ pauseS, change: 1 })),
  ].sort((one, other) => one.pauseS - other.pauseS);
  let wrong = survived.length;
  let best = { wrong, limit: 0 };
  for (const { pauseS, change } of ordered) {
    wrong += change;
    if (wrong < best.wrong) best = { wrong, limit: pauseS };
  }
  return best.limit;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
