import { type TuningResult, tuningResultSchema } from '../../model/run.ts';
import { escapeJsonText } from '../../text/escape.ts';

/** The saved run. Keys in the order of the schema, whatever order they were made in; ends in a newline. */
export function renderJson(result: TuningResult): string {
  // Parsing puts the keys in order. A run that does not fit its schema is a bug, but no reason to lose what was measured.
  const parsed = tuningResultSchema.safeParse(result);
  return `${escapeJsonText(JSON.stringify(parsed.success ? parsed.data : result, null, 2))}\n`;
}
