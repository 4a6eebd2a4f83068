import { keyOf } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';

/** A platform whose first answers are kept, so that those of two architectures can be compared without a further call. */
export interface RememberingPlatform extends Platform {
  /** The body that came with a request id: untrusted. Undefined where it was not kept. */
  responseOf(requestId: string): string | undefined;
}

/** `each`: how many answers are kept of every configuration. Bodies never leave memory. */
export function rememberingResponses(platform: Platform, each: number): RememberingPlatform {
  const bodies = new Map<string, string>();
  const kept = new Map<string, number>();
  return {
    ...platform,
    async invoke(deployment, body, signal) {
      const attempt = await platform.invoke(deployment, body, signal);
      const key = keyOf(deployment.configuration);
      const count = kept.get(key) ?? 0;
      if (attempt.kind === 'answered' && count < each) {
        kept.set(key, count + 1);
        bodies.set(attempt.requestId, attempt.responseBody);
      }
      return attempt;
    },
    responseOf: (requestId) => bodies.get(requestId),
  };
}
