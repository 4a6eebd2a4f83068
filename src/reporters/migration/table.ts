import type { MigrationResult } from '../../model/migration.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { type Paint, painter } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { fittedTable } from '../wording/fittedTable.ts';
import { monthlyBlocks } from '../wording/monthlyBlocks.ts';
import { pageOfBlocks, type TableView, widthsOf } from '../wording/terminalPage.ts';
import { leftBehindBlock } from '../wording/verdictText.ts';
import { columnsFor, type MigrationColumn, migrationColumns, migrationRows } from './rows.ts';
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

/** Findings and warnings are few; hostile packages may have hundreds. */
const mostLines = 25;

/** The answer first, then what it rests on, then how to do it. */
export function renderMigrationTable(result: MigrationResult, view: TableView): string {
  const paint = painter(view.color);
  const { table: width, text: columns } = widthsOf(view);
  const shown = (text: string) => escapeTerminal(text, 300);
  const wrapped = (texts: readonly (string | undefined)[]) =>
    texts.flatMap((text) => (text === undefined ? [] : wrapText(text, columns)));
  const to = movesTo(result);
  const { comparison, run } = result;
  const findings = result.preflight.findings.map((finding) => `- ${findingText(finding, shown)}`);
  const more = findings.length - mostLines;
  const blocks: readonly (readonly string[])[] = [
    wrapped([migrationAnswerSentence(result, (text) => escapeTerminal(text, longestReason))]).map((line) =>
      paint('bold', line),
    ),
    comparisonTable(result, width, paint),
    wrapped([comparison && `Cost at ${to}: ${causesText(comparison, to)}.`, savingsText(result), requiredText(result)]),
    ...(run === undefined ? [] : monthlyBlocks(run, width, paint)),
    wrapped([smokeSummary(result), ...smokeTexts(result, shown).map((text) => `- ${text}`)]),
    wrapped([
      migrationPreflightSentence(result),
      ...findings.slice(0, mostLines),
      more > 0 ? `- and ${more} more: the JSON document has them all` : undefined,
    ]),
    wrapped((run?.warnings ?? []).map(({ text }) => `Warning: ${escapeTerminal(text, 600)}`)).map((line) =>
      paint('yellow', line),
    ),
    stepLines(result, columns, paint),
    run === undefined ? [] : leftBehindBlock({ ...run, runId: result.runId }, columns, paint),
  ];
  return pageOfBlocks(blocks, view);
}

/** The interval and init leave first; what is compared, its cost and its p95 stay. */
const leaves: Partial<Record<MigrationColumn, number>> = { init: 1, total: 2, p50: 3, interval: 4 };

function comparisonTable(result: MigrationResult, columns: number, paint: Paint): readonly string[] {
  const rows = migrationRows(result);
  if (rows.length === 0) return [];
  const shown = columnsFor(rows)
    .filter((name) => name !== 'note' || rows.some(({ note }) => note !== ''))
    .map((name) => {
      const order = leaves[name];
      return {
        head: migrationColumns[name],
        align: name === 'label' || name === 'note' ? ('left' as const) : ('right' as const),
        cells: rows.map((row) => escapeTerminal(row[name], 200)),
        leaves: order,
      };
    });
  return fittedTable(shown, columns, paint);
}

const phaseText = { prepare: 'prepare', rollOut: 'roll out', rollBack: 'roll back' } as const;

/** Lines to paste are not wrapped. */
function stepLines({ steps }: MigrationResult, columns: number, paint: Paint): readonly string[] {
  if (steps.length === 0) return [];
  return [
    paint('bold', 'How to do it (printed, never run):'),
    ...steps.flatMap(({ tool, phase, title, lines, note }) => [
      '',
      paint('bold', `${tool}, ${phaseText[phase]}: ${escapeTerminal(title, 200)}`),
      ...lines.map((line) => `  ${escapeTerminal(line, 2000)}`),
      ...(note === undefined ? [] : wrapText(escapeTerminal(note, 600), columns).map((line) => paint('dim', line))),
    ]),
  ];
}
