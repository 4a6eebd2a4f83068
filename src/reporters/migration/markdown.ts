import type { MigrationResult } from '../../model/migration.ts';
import { escapeMarkdown, escapeTerminal } from '../../text/escape.ts';
import {
  type CommentItem,
  type CommentPart,
  commentOf,
  fenced,
  hiddenMarker,
  leftBehindItems,
} from '../wording/comment.ts';
import { monthlyParts } from '../wording/monthlyParts.ts';
import { columnsFor, migrationColumns, migrationRows } from './rows.ts';
import {
  causesText,
  findingText,
  longestReason,
  migrationAnswerSentence,
  migrationPreflightSentence,
  movesTo,
  requiredText,
  savingsText,
  smokeSummary,
  smokeTexts,
} from './wording.ts';

/** More nobody reads in a comment. */
const mostItems = 40;

const phaseWord = { prepare: 'prepare', rollOut: 'roll out', rollBack: 'roll back' } as const;

/** For comments and job summaries. */
export function renderMigrationMarkdown(result: MigrationResult): string {
  return commentOf(hiddenMarker('lambda-tune-migrate', escapeTerminal(result.function)), [
    {
      items: [
        {
          rank: 0,
          text: `### ${escapeMarkdown(
            migrationAnswerSentence(result, (text) => escapeTerminal(text, longestReason)),
            1500,
          )}`,
        },
      ],
      between: '\n',
      noun: 'heading',
    },
    tablePart(result),
    ...(result.run === undefined ? [] : monthlyParts(result.run)),
    { items: listItems(result), between: '\n', noun: 'line', most: mostItems },
    { items: result.steps.map((step) => ({ rank: 5, text: stepText(step) })), between: '\n\n', noun: 'step' },
  ]);
}

function plain(text: string): string {
  return escapeTerminal(text, 200);
}

/** What was found out comes before what is long: answers, findings and warnings may be many. */
function listItems(result: MigrationResult): readonly CommentItem[] {
  const to = movesTo(result);
  const { comparison, run, preflight } = result;
  const ranked = (rank: number, ...texts: readonly (string | undefined)[]): readonly CommentItem[] =>
    texts.flatMap((text) => (text === undefined ? [] : [{ rank, text: `- ${escapeMarkdown(text, 800)}` }]));
  return [
    ...leftBehindItems(run?.leftBehind ?? [], 2),
    ...ranked(
      1,
      comparison && `Cost: ${causesText(comparison, to)}.`,
      savingsText(result),
      requiredText(result),
      smokeSummary(result),
    ),
    ...ranked(4, ...smokeTexts(result, plain)),
    ...ranked(1, migrationPreflightSentence(result)),
    ...preflight.findings.flatMap((finding) => ranked(finding.blocking ? 4 : 6, findingText(finding, plain))),
    ...ranked(6, ...(run?.warnings ?? []).map(({ text }) => `Warning: ${text}`)),
  ];
}

function stepText({ tool, phase, title, lines, note }: MigrationResult['steps'][number]): string {
  const code = fenced(lines.map((line) => escapeTerminal(line, 2000)));
  const remark = note === undefined ? [] : [escapeMarkdown(note, 800)];
  return [`**${tool}**, ${phaseWord[phase]}: ${escapeMarkdown(title)}`, code, ...remark].join('\n\n');
}

function tablePart(result: MigrationResult): CommentPart {
  const rows = migrationRows(result);
  const names = columnsFor(rows);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return {
    lead: [
      line(names.map((name) => escapeMarkdown(migrationColumns[name]))),
      line(names.map((name) => (name === 'label' || name === 'note' ? '---' : '---:'))),
    ].join('\n'),
    items: rows.map((row) => ({
      rank: 3,
      text: line(names.map((name) => escapeMarkdown(row[name], 120))),
    })),
    between: '\n',
    noun: 'row',
  };
}
