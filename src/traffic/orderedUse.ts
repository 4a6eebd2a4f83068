import type { Arrivals } from './arrivals.ts';
import { type DrawTable, drawn } from './drawTable.ts';
import { LeastFirst } from './leastFirst.ts';

/**
 * How much each of a row of environments is used, when every call takes the first that is free. What the first k of them do does
 * not depend on those behind them, so that one pass knows what k provisioned environments would serve, for every k at once: a
 * loss system whose overflow goes on demand (ordered hunting; Cooper 1981, §5.7). Calls count in the step they begin in.
 */
export interface OrderedUse {
  /** Of each environment, by step: billed seconds per occurrence of the step. */
  readonly billedS: readonly Float64Array[];
  /** Of each environment: share of all calls. */
  readonly callShare: readonly number[];
  /** 288 steps of five minutes of a day, or one that stands for all of them. */
  readonly steps: number;
}

export const stepSeconds = 300;
export const stepsPerDay = 288;

/** No account provisions more; what those behind them serve is on demand in any case. */
const mostEnvironments = 3000;

export function orderedUse(arrivals: Arrivals, warm: DrawTable): OrderedUse {
  const steps = arrivals.coversDay ? stepsPerDay : 1;
  const stepAt = stepOf(arrivals, steps);
  const occurrences = occurrencesOf(arrivals, steps);
  const billedS: Float64Array[] = [];
  const calls: number[] = [];
  const free = new FirstFree();
  const heap = new BusyUntil();
  for (const part of arrivals.parts) {
    free.reset();
    heap.clear();
    for (let index = part.from; index < part.to; index++) {
      const at = arrivals.atS[index] as number;
      while (heap.earliest <= at) free.release(heap.removeEarliest());
      const place = free.take();
      const seconds = warm.values[drawn(warm, arrivals.draws[index] as number)] as number;
      heap.add(at + seconds, place);
      if (index < part.counted || place >= mostEnvironments) continue;
      while (billedS.length <= place) {
        billedS.push(new Float64Array(steps));
        calls.push(0);
      }
      const step = stepAt(at);
      const used = billedS[place] as Float64Array;
      used[step] = (used[step] as number) + Math.ceil(1000 * seconds - 1e-6) / 1000;
      calls[place] = (calls[place] as number) + 1;
    }
  }
  for (const used of billedS) {
    for (let step = 0; step < steps; step++)
      used[step] = (used[step] as number) / Math.max(1e-9, occurrences[step] ?? 0);
  }
  return { billedS, callShare: calls.map((count) => count / Math.max(1, arrivals.counted)), steps };
}

/** The step of the day that a second of the replay lies in. */
export function stepOf({ startS }: Pick<Arrivals, 'startS'>, steps: number): (atS: number) => number {
  if (steps === 1) return () => 0;
  return (atS) => {
    const step = Math.floor((atS + startS) / stepSeconds) % steps;
    return step < 0 ? step + steps : step;
  };
}

function occurrencesOf(arrivals: Arrivals, steps: number): Float64Array {
  const found = new Float64Array(steps);
  if (steps === 1) return found.fill(arrivals.seconds / stepSeconds);
  const stepAt = stepOf(arrivals, steps);
  for (const { fromS, toS } of arrivals.parts) {
    for (let at = fromS; at < toS; ) {
      const next = Math.min(
        toS,
        (Math.floor((at + arrivals.startS) / stepSeconds) + 1) * stepSeconds - arrivals.startS,
      );
      const step = stepAt(at);
      found[step] = (found[step] as number) + (next - at) / stepSeconds;
      at = next;
    }
  }
  return found;
}

/** The least whole number that is not taken. */
class FirstFree {
  private readonly released = new LeastFirst();
  private next = 0;

  reset(): void {
    this.released.clear();
    this.next = 0;
  }

  take(): number {
    return this.released.size === 0 ? this.next++ : this.released.removeLeast();
  }

  release(place: number): void {
    this.released.add(place);
  }
}

/** Which environment becomes free next. A heap as leastFirst.ts has, whose times carry a place: replays, which carry none, are quicker without. */
class BusyUntil {
  private readonly times: number[] = [];
  private readonly places: number[] = [];

  get earliest(): number {
    return this.times.length === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
  }

  clear(): void {
    this.times.length = 0;
    this.places.length = 0;
  }

  add(time: number, place: number): void {
    const { times, places } = this;
    times.push(time);
    places.push(place);
    let at = times.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((times[parent] as number) <= time) break;
      times[at] = times[parent] as number;
      places[at] = places[parent] as number;
      at = parent;
    }
    times[at] = time;
    places[at] = place;
  }

  removeEarliest(): number {
    const { times, places } = this;
    const first = places[0] as number;
    const time = times.pop() as number;
    const place = places.pop() as number;
    if (times.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= times.length) break;
      if (child + 1 < times.length && (times[child + 1] as number) < (times[child] as number)) child++;
      if ((times[child] as number) >= time) break;
      times[at] = times[child] as number;
      places[at] = places[child] as number;
      at = child;
    }
    times[at] = time;
    places[at] = place;
    return first;
  }
}
