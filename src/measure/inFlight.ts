import pLimit from 'p-limit';

/**
 * Bounds all invocations of a run together. Production shares the account's concurrency, so the bound halves on a
 * throttle and grows back by one after as many successes as it is wide (additive increase, multiplicative decrease).
 */
export interface InFlight {
  run<T>(call: () => Promise<T>): Promise<T>;
  throttled(): void;
  succeeded(): void;
  readonly limit: number;
  readonly active: number;
}

export function inFlightBound(maxInFlight: number): InFlight {
  const queue = pLimit(maxInFlight);
  let successesSinceChange = 0;
  return {
    run: (call) => queue(call),
    throttled() {
      queue.concurrency = Math.max(1, Math.floor(queue.concurrency / 2));
      successesSinceChange = 0;
    },
    succeeded() {
      if (queue.concurrency >= maxInFlight) return;
      successesSinceChange += 1;
      if (successesSinceChange < queue.concurrency) return;
      queue.concurrency += 1;
      successesSinceChange = 0;
    },
    get limit() {
      return queue.concurrency;
    },
    get active() {
      return queue.activeCount;
    },
  };
}
