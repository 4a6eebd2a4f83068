import type { SmokeRow } from '../../model/migration.ts';
import { describeDifference, differencesOf } from './jsonDifferences.ts';
import { formatPointer, type PointerPath } from './jsonPointer.ts';

/** Two answers to one payload, by both architectures. */
export type ResponseComparison = NonNullable<SmokeRow['response']>;

const mostDifferences = 10;

/**
 * Compares as JSON where both are (order of keys and white space do not count; whole numbers are told apart digit by
 * digit), else as text. Answers of HTTP handlers carry JSON in a string (`body`): that is looked into as well, and
 * `ignore` reaches into it, which RFC 6901 by itself does not. `shown`: takes secrets out of what is quoted.
 */
export function compareResponses(
  x86_64: string,
  arm64: string,
  ignore: readonly PointerPath[] = [],
  shown: (text: string) => string = (text) => text,
): ResponseComparison {
  if (x86_64 === arm64) return { kind: 'equal' };
  const { differences, count, ignored } = differencesOf(x86_64, arm64, ignore, mostDifferences);
  if (count > 0) {
    return {
      kind: 'different',
      differences: differences.map((difference) => {
        const { pointer, one, other, looksVolatile } = describeDifference(difference, shown);
        return { pointer, x86_64: one, arm64: other, looksVolatile };
      }),
      differencesLeftOut: count - differences.length,
    };
  }
  return ignored.length === 0 ? { kind: 'equal' } : { kind: 'equalIgnoring', ignored: ignored.map(formatPointer) };
}
