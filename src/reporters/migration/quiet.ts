import type { MigrationResult } from '../../model/migration.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { longestReason, migrationAnswerSentence, requiredText } from './wording.ts';

/** The answer in one line. */
export function renderMigrationQuiet(result: MigrationResult): string {
  const required = requiredText(result);
  const answer = migrationAnswerSentence(result, (text) => escapeTerminal(text, longestReason));
  return `${answer}${required === undefined ? '' : ` ${required}`}\n`;
}
