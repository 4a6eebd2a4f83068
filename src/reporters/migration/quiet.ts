import type { MigrationResult } from '../../domain/migrate/result.ts';
import { escapeTerminal } from '../escape.ts';
import { answerSentence, longestReason, requiredText } from './wording.ts';

/** The answer in one line. */
export function renderMigrationQuiet(result: MigrationResult): string {
  const required = requiredText(result);
  const answer = answerSentence(result, (text) => escapeTerminal(text, longestReason));
  return `${answer}${required === undefined ? '' : ` ${required}`}\n`;
}
