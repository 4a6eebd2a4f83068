import pLimit from 'p-limit';

/**
 * Bounds all invocations of a run together; `within` another one, those of one function among several. Production shares the account's concurrency, so the bound halves on a
 * throttle and grows back by one after as many successes as it is wide (additive increase, multiplicative decrease).
 */
export interface InFlight {
  run<T>(call: () => Promise<T>): Promise<T>;
  throttled(): void;
  succeeded(): void;
  readonly limit: number;
  readonly active: number;
}

export function inFlightBound(maxInFlight: number, within?: InFlight): InFlight {
  const queue = pLimit(maxInFlight);
  let successesSinceChange = 0;
  return {
    run: (call) => queue(() => (within === undefined ? call() : within.run(call))),
    throttled() {
      // It is the account that throttles: all share what is left.
      if (within !== undefined) return within.throttled();
      queue.concurrency = Math.max(1, Math.floor(queue.concurrency / 2));
      successesSinceChange = 0;
    },
    succeeded() {
      if (within !== undefined) return within.succeeded();
      if (queue.concurrency >= maxInFlight) return;
      successesSinceChange += 1;
      if (successesSinceChange < queue.concurrency) return;
      queue.concurrency += 1;
      successesSinceChange = 0;
    },
    get limit() {
      return within?.limit ?? queue.concurrency;
    },
    get active() {
      return queue.activeCount;
    },
  };
}
