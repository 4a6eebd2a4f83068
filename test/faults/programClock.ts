import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The clock of the machine as one program sees it: `Date` itself, so that what the SDK signs with is as wrong as the rest.
 * Programs side by side have clocks of their own; the endpoint, which is outside of all, has the real one.
 */
const clocks = new AsyncLocalStorage<() => Date>();

/** Returns what puts `Date` back. */
export function letClocksDiffer(): () => void {
  const RealDate = globalThis.Date;
  let asking = false;
  const now = (): number => {
    const clock = clocks.getStore();
    // The clock itself asks for the real time.
    if (clock === undefined || asking) return RealDate.now();
    asking = true;
    try {
      return clock().getTime();
    } finally {
      asking = false;
    }
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return () => {
    globalThis.Date = RealDate;
  };
}

export function underClock<Result>(clock: () => Date, run: () => Result): Result {
  return clocks.run(clock, run);
}
