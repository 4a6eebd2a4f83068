import type { MigrationResult } from '../../domain/migrate/result.ts';
import { escapeMarkdown, escapeTerminal, markdownCode } from '../escape.ts';
import { leftBehindKind } from '../verdictText.ts';
import { migrationColumns, migrationRows } from './rows.ts';
import {
  answerSentence,
  causesText,
  findingText,
  movesTo,
  preflightSentence,
  requiredText,
  savingsText,
  smokeSummary,
  smokeTexts,
} from './wording.ts';

/** GitHub refuses comments of more than 65,536 characters. */
const mostCharacters = 65_000;
const mostItems = 40;

/** For comments and job summaries; the first line is a hidden marker. */
export function renderMigrationMarkdown(result: MigrationResult): string {
  const to = movesTo(result);
  const { comparison, best, run } = result;
  const plain = (text: string) => escapeTerminal(text, 200);
  const items = [
    ...(run?.leftBehind ?? []).map(
      (left) =>
        `**Left behind:** ${leftBehindKind[left.kind]} ${markdownCode(left.name, 300)}. Remove it with ${markdownCode(left.command, 1000)}`,
    ),
    ...[
      comparison && `Cost: ${causesText(comparison, to)}.`,
      best && `Each at its own best size, ${causesText(best, to)}.`,
      savingsText(result),
      requiredText(result),
      smokeSummary(result),
      ...smokeTexts(result, plain),
      preflightSentence(result),
      ...result.preflight.findings.map((finding) => findingText(finding, plain)),
      ...(run?.warnings ?? []).map(({ text }) => `Warning: ${text}`),
    ].flatMap((text) => (text === undefined ? [] : [escapeMarkdown(text, 800)])),
  ].slice(0, mostItems);
  const head = [
    `<!-- lambda-tune-migrate: ${encodeURIComponent(escapeTerminal(result.function)).replaceAll('--', '%2D%2D')} -->`,
    `### ${escapeMarkdown(answerSentence(result, plain), 600)}`,
    tableText(result),
    items.map((item) => `- ${item}`).join('\n'),
  ].filter((text) => text !== '');
  const steps: string[] = [];
  let room = mostCharacters - head.join('\n\n').length - 100;
  for (const { tool, phase, title, lines } of result.steps) {
    const body = lines.map((line) => escapeTerminal(line, 2000));
    const fence = '`'.repeat(
      Math.max(3, ...body.flatMap((line) => [...line.matchAll(/`+/g)].map((run) => run[0].length + 1))),
    );
    const text = `**${tool}**, ${phase === 'prepare' ? 'prepare' : phase === 'rollOut' ? 'roll out' : 'roll back'}: ${escapeMarkdown(title)}\n\n${fence}\n${body.join('\n')}\n${fence}`;
    room -= text.length + 2;
    if (room >= 0) steps.push(text);
  }
  return `${[...head, ...steps].join('\n\n')}\n`;
}

function tableText(result: MigrationResult): string {
  const rows = migrationRows(result);
  if (rows.length === 0) return '';
  const names = Object.keys(migrationColumns) as (keyof typeof migrationColumns)[];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(names.map((name) => escapeMarkdown(migrationColumns[name]))),
    line(names.map((name) => (name === 'label' || name === 'tied' ? '---' : '---:'))),
    ...rows.map((row) => line(names.map((name) => escapeMarkdown(row[name], 120)))),
  ].join('\n');
}
