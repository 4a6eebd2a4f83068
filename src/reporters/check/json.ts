import { type CheckResult, checkResultSchema } from '../../model/check.ts';
import { escapeJsonText } from '../../text/escape.ts';

/** The document, keys in the order of the schema; ends in a newline. */
export function renderCheckJson(result: CheckResult): string {
  const parsed = checkResultSchema.safeParse(result);
  return `${escapeJsonText(JSON.stringify(parsed.success ? parsed.data : result, null, 2))}\n`;
}
