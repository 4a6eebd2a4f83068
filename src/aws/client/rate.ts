import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LambdaClient } from '@aws-sdk/client-lambda';

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

/** Of the 15 calls a second that all others share in a region; of the 100 that GetFunction has of its own. */
const limits = {
  lambda: { perSecond: 5, burst: 10 },
  getFunction: { perSecond: 20, burst: 40 },
  logs: { perSecond: 5, burst: 10 },
} as const;

/**
 * How often the control plane is called: every attempt waits for its turn, so that a run never takes from the account what
 * others need. `parts`: of so many processes that share the account and region, each of which keeps its part of the promise.
 */
export function callInTurn(
  { lambda, logs }: { readonly lambda: LambdaClient; readonly logs: CloudWatchLogsClient },
  parts: number,
  clock: RateClock,
): void {
  const bucket = ({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) =>
    tokenBucket({ perSecond: perSecond / parts, burst: Math.max(1, Math.floor(burst / parts)) }, clock);
  const others = bucket(limits.lambda);
  const looks = bucket(limits.getFunction);
  const logCalls = bucket(limits.logs);
  lambda.middlewareStack.addRelativeTo(
    inTurn((command) => (command === 'GetFunctionCommand' ? looks : others)),
    insideRetries,
  );
  logs.middlewareStack.addRelativeTo(
    inTurn(() => logCalls),
    insideRetries,
  );
}

/** Inside the retries, so that a repeated attempt takes its turn, too. */
const insideRetries = { relation: 'after', toMiddleware: 'retryMiddleware', name: 'tuneRateLimit' } as const;

function inTurn(bucketOf: (command: string) => RateLimiter) {
  return <Args, Result>(next: (args: Args) => Promise<Result>, context: { readonly commandName?: string }) =>
    async (args: Args): Promise<Result> => {
      await bucketOf(context.commandName ?? '').take();
      return next(args);
    };
}
