import type { MigrationResult } from '../../domain/migrate/result.ts';
import { escapeTerminal } from '../escape.ts';
import { answerSentence, requiredText } from './wording.ts';

/** The answer in one line. */
export function renderMigrationQuiet(result: MigrationResult): string {
  const required = requiredText(result);
  const answer = answerSentence(result, (name) => escapeTerminal(name, 120));
  return `${answer}${required === undefined ? '' : ` ${required}`}\n`;
}
