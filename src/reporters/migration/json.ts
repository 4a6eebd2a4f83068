import { type MigrationResult, migrationResultSchema } from '../../model/migration.ts';
import { escapeJsonText } from '../../text/escape.ts';

/** The document, keys in the order of the schema; ends in a newline. */
export function renderMigrationJson(result: MigrationResult): string {
  const parsed = migrationResultSchema.safeParse(result);
  return `${escapeJsonText(JSON.stringify(parsed.success ? parsed.data : result, null, 2))}\n`;
}
