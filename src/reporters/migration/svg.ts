import type { MigrationResult } from '../../model/migration.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { figureOf } from '../run/svg.ts';
import { longestReason, migrationAnswerSentence } from './wording.ts';

/** The figure of the run that was measured for it, with the migration's own answer in words. */
export function renderMigrationSvg(result: MigrationResult): string {
  if (result.run === undefined) return 'Nothing was measured, so there is nothing to show.\n';
  return figureOf(
    result.run,
    migrationAnswerSentence(result, (text) => escapeTerminal(text, longestReason)),
  );
}
