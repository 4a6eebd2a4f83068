import type { LatencyMs } from '../model/traffic.ts';
import type { CallTimes, Replayed } from './replay.ts';

/** Percentiles of what the callers of a replay waited for; they rest on as many measured calls as there are, no more. */
export function latencyOf({ warm, cold }: CallTimes, hits: Replayed): LatencyMs {
  const counted = [
    ...Array.from(warm.values, (seconds, index) => ({
      seconds,
      calls: (hits.warmHits[index] ?? 0) + (hits.provisionedHits[index] ?? 0),
    })),
    ...Array.from(cold.values, (seconds, index) => ({ seconds, calls: hits.coldHits[index] ?? 0 })),
  ].toSorted((one, other) => one.seconds - other.seconds);
  const at = (share: number): number => {
    let reached = 0;
    for (const { seconds, calls } of counted) {
      reached += calls;
      if (calls > 0 && reached >= share * hits.calls) return 1000 * seconds;
    }
    return 1000 * (counted.at(-1)?.seconds ?? 0);
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
