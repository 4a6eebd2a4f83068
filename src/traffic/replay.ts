import type { Arrivals } from './arrivals.ts';
import { type DrawTable, drawn } from './drawTable.ts';
import { LeastFirst } from './leastFirst.ts';

/** How long calls of one configuration keep an environment: seconds, init and restore in the cold ones. */
export interface CallTimes {
  readonly warm: DrawTable;
  readonly cold: DrawTable;
}

export interface ReplayOptions {
  readonly idleLifeS: number;
  /** How many environments are provisioned at a time (seconds of the replay); default none. */
  readonly provisionedAt?: ((atS: number) => number) | undefined;
}

/** What the counted calls met. Hits are by index of the tables' values. */
export interface Replayed {
  readonly calls: number;
  readonly warmHits: Float64Array;
  readonly coldHits: Float64Array;
  /** Calls that ran in provisioned environments: warm by their nature. */
  readonly provisionedHits: Float64Array;
  readonly coldCalls: number;
  readonly provisionedCalls: number;
  /** How many calls found so many environments, their own among them; on demand and provisioned. */
  readonly environments: Counts;
  /** How many calls found so many busy, their own among them. */
  readonly busy: Counts;
}

/**
 * Lambda as its callers see it: a call takes an idle environment, the one that was used last, or starts a new one; an idle one
 * ends after a time. That the most recently used comes first is what is observed, not documented. Nobody waits: what is beyond
 * a limit would be throttled, which is warned of and not replayed.
 */
export function replay(arrivals: Arrivals, { warm, cold }: CallTimes, options: ReplayOptions): Replayed {
  const { atS, draws, parts } = arrivals;
  const { idleLifeS, provisionedAt } = options;
  const warmHits = new Float64Array(warm.values.length);
  const coldHits = new Float64Array(cold.values.length);
  const provisionedHits = new Float64Array(warm.values.length);
  const environments = new Counts();
  const busy = new Counts();
  const onDemand = new LeastFirst();
  const provisioned = new LeastFirst();
  // Idle environments by when they became idle: the last one is taken first, the first one ends first.
  let idle = new Float64Array(256);
  let first = 0;
  let end = 0;
  let calls = 0;
  let coldCalls = 0;
  let provisionedCalls = 0;
  for (const part of parts) {
    onDemand.clear();
    provisioned.clear();
    first = 0;
    end = 0;
    for (let index = part.from; index < part.to; index++) {
      const at = atS[index] as number;
      const random = draws[index] as number;
      const isCounted = index >= part.counted;
      while (onDemand.least <= at) {
        if (end === idle.length) {
          if (first > end >> 1) {
            idle.copyWithin(0, first, end);
          } else {
            const larger = new Float64Array(2 * idle.length);
            larger.set(idle.subarray(first, end));
            idle = larger;
          }
          end -= first;
          first = 0;
        }
        idle[end++] = onDemand.removeLeast();
      }
      while (first < end && (idle[first] as number) + idleLifeS < at) first++;
      let limit = 0;
      if (provisionedAt !== undefined) {
        while (provisioned.least <= at) provisioned.removeLeast();
        limit = provisionedAt(at);
      }
      if (provisioned.size < limit) {
        const hit = drawn(warm, random);
        provisioned.add(at + (warm.values[hit] as number));
        if (isCounted) {
          provisionedHits[hit] = (provisionedHits[hit] as number) + 1;
          provisionedCalls++;
        }
      } else if (first < end) {
        end--;
        const hit = drawn(warm, random);
        onDemand.add(at + (warm.values[hit] as number));
        if (isCounted) warmHits[hit] = (warmHits[hit] as number) + 1;
      } else {
        const hit = drawn(cold, random);
        onDemand.add(at + (cold.values[hit] as number));
        if (isCounted) {
          coldHits[hit] = (coldHits[hit] as number) + 1;
          coldCalls++;
        }
      }
      if (isCounted) {
        calls++;
        const inProvisioned = provisioned.size;
        environments.add(onDemand.size + end - first + Math.max(limit, inProvisioned));
        busy.add(onDemand.size + inProvisioned);
      }
    }
  }
  return { calls, warmHits, coldHits, provisionedHits, coldCalls, provisionedCalls, environments, busy };
}

/** How often each whole number came. */
class Counts {
  private counts = new Float64Array(64);
  total = 0;
  most = 0;

  add(value: number): void {
    if (value >= this.counts.length) {
      const larger = new Float64Array(2 * value);
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts[value] = (this.counts[value] as number) + 1;
    this.total++;
    if (value > this.most) this.most = value;
  }

  /** The least number that so large a share is not above. */
  quantile(share: number): number {
    let reached = 0;
    for (let value = 0; value <= this.most; value++) {
      reached += this.counts[value] as number;
      if (reached >= share * this.total) return value;
    }
    return this.most;
  }

  /** Share of those that are at least so large. */
  shareFrom(value: number): number {
    let reached = 0;
    for (let at = value; at <= this.most; at++) reached += this.counts[at] as number;
    return this.total === 0 ? 0 : reached / this.total;
  }
}
