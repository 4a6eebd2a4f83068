import { keyOf } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';

/** An answer of the function, which is untrusted. */
interface KeptAnswer {
  readonly body: string;
  /** What was sent for it. */
  readonly sent: string;
}

/** A platform whose first answers are kept, so that those of two sides can be compared without a further call. */
export interface RememberingPlatform extends Platform {
  /** What came with a request id. Undefined where it was not kept. */
  answerOf(requestId: string): KeptAnswer | undefined;
}

/** Characters of all answers together: each may be of several MB, and there may be many configurations. */
const mostKept = 100_000_000;

/** `each`: how many answers are kept of every configuration. Bodies never leave memory. */
export function rememberingResponses(platform: Platform, each: number): RememberingPlatform {
  const answers = new Map<string, KeptAnswer>();
  const kept = new Map<string, number>();
  let characters = 0;
  return {
    ...platform,
    async invoke(deployment, sent, signal) {
      const attempt = await platform.invoke(deployment, sent, signal);
      const key = keyOf(deployment.configuration);
      const count = kept.get(key) ?? 0;
      if (attempt.kind !== 'answered' || count >= each) return attempt;
      const { requestId, responseBody: body } = attempt;
      if (characters + body.length > mostKept) return attempt;
      characters += body.length;
      kept.set(key, count + 1);
      answers.set(requestId, { body, sent });
      return attempt;
    },
    answerOf: (requestId) => answers.get(requestId),
  };
}
