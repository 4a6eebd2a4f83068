import { jsonOf } from '../text/jsonOf.ts';

/** What a failed function says of itself: `{"errorType": …, "errorMessage": …}`. Untrusted: escape wherever it is shown. */
export interface AnsweredError {
  readonly errorType?: string | undefined;
  readonly errorMessage?: string | undefined;
}

export const maxErrorTypeLength = 200;
const maxErrorMessageLength = 1000;

/** Tolerates any body: only strings are taken, and only so much of them. */
export function answeredError(responseBody: string, messageLength: number = maxErrorMessageLength): AnsweredError {
  const answer = jsonOf(responseBody);
  if (typeof answer !== 'object' || answer === null) return {};
  const errorType = boundedText(own(answer, 'errorType'), maxErrorTypeLength);
  const errorMessage = boundedText(own(answer, 'errorMessage'), messageLength);
  return { errorType: errorType || undefined, errorMessage: errorMessage || undefined };
}

/** At most `limit` characters, never half of a surrogate pair; undefined for what is not text. */
export function boundedText(found: unknown, limit: number): string | undefined {
  if (typeof found !== 'string') return undefined;
  if (found.length <= limit) return found;
  const kept = found.slice(0, limit - 1);
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function own(answer: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(answer, key)?.value;
}
