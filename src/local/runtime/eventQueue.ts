import { performance } from 'node:perf_hooks';

export interface EventQueue<T> {
  add(event: T): void;
  /** The oldest event, waiting for one until a moment of `performance.now()`; undefined when none came. One reader only. */
  next(untilMs: number): Promise<T | undefined>;
}

export function eventQueue<T>(): EventQueue<T> {
  const waiting: T[] = [];
  let wake: (() => void) | undefined;
  return {
    add(event) {
      waiting.push(event);
      wake?.();
    },
    async next(untilMs) {
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, untilMs - performance.now()));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      return waiting.shift();
    },
  };
}
