/**
 * A token bucket: bursts up to `burst`, then `perSecond`. All control-plane calls but GetFunction share 15 a second in a
 * region, for production too, and that quota cannot be raised.
 */
export interface RateLimiter {
  /** Resolves when the next call may be sent; in the order of asking. */
  take(): Promise<void>;
}

export interface RateClock {
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
}

export function tokenBucket(
  limits: { readonly perSecond: number; readonly burst: number },
  clock: RateClock,
): RateLimiter {
  const intervalMs = 1000 / limits.perSecond;
  /** When the bucket would be full again; each call moves it by one interval. */
  let fullAtMs = clock.monotonicMs();
  return {
    async take() {
      const nowMs = clock.monotonicMs();
      fullAtMs = Math.max(fullAtMs, nowMs) + intervalMs;
      const waitMs = fullAtMs - limits.burst * intervalMs - nowMs;
      if (waitMs > 0) await clock.sleep(waitMs);
    },
  };
}
