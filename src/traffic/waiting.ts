import type { Arrivals } from './arrivals.ts';
import { type DrawTable, drawn } from './drawTable.ts';
import { LeastFirst } from './leastFirst.ts';

interface Waiting {
  /** Of the calls: those that find all environments busy. */
  readonly share: number;
  /** Of those that wait. */
  readonly meanS: number;
}

/**
 * Calls that wait for one of so many environments, in their order: those of queues, streams and other asynchronous callers. A waiting
 * system, as Erlang's C; callers who are turned away instead make a loss system (`replay`).
 */
export function waitingFor(environments: number, { atS, draws, parts }: Arrivals, times: DrawTable): Waiting {
  const busy = new LeastFirst();
  let [calls, waited, waitedS] = [0, 0, 0];
  for (const part of parts) {
    busy.clear();
    for (let index = part.from; index < part.to; index++) {
      const at = atS[index] as number;
      while (busy.least <= at) busy.removeLeast();
      const begins = busy.size < environments ? at : busy.removeLeast();
      busy.add(begins + (times.values[drawn(times, draws[index] as number)] as number));
      if (index < part.counted) continue;
      calls++;
      if (begins > at) {
        waited++;
        waitedS += begins - at;
      }
    }
  }
  return { share: waited / Math.max(1, calls), meanS: waitedS / Math.max(1, waited) };
}
