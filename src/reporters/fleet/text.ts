import { escapeTerminal } from '../../text/escape.ts';
import { type Paint, painter } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { fittedTable } from '../wording/fittedTable.ts';
import { pageOfBlocks, type TableView, widthsOf } from '../wording/terminalPage.ts';
import type { FleetPage, PageTable } from './page.ts';

/** Of a table in a file, a pipe or a CI log: every column is in it. */
const widestPipe = 200;
/** A hint has to be there to its end. */
const mostOfCell = 400;

/** The answer first, then the tables, then what is to be known of them, and what to type next. */
export function fleetText(page: FleetPage, view: TableView): string {
  const paint = painter(view.color);
  const { table: width, text: columns } = widthsOf(view);
  const wrapped = (texts: readonly string[]) => texts.flatMap((text) => wrapText(escapeTerminal(text, 1000), columns));
  const blocks = [
    wrapped([page.answer]).map((line) => paint('bold', line)),
    wrapped(page.facts),
    ...page.sheets.map((sheet) => sheetLines(sheet, view.isPipe === true ? widestPipe : width, paint)),
    wrapped(page.warnings.map((text) => `Warning: ${text}`)).map((line) => paint('yellow', line)),
    wrapped(page.remarks).map((line) => paint('dim', line)),
    wrapped(page.next),
  ];
  return pageOfBlocks(blocks, view);
}

function sheetLines({ title, columns, rows, rest }: PageTable, width: number, paint: Paint): readonly string[] {
  if (rows.length === 0) return [];
  const fitted = columns.map((column, index) => ({
    ...column,
    cells: rows.map((row) => escapeTerminal(row[index] ?? '', mostOfCell)),
  }));
  return [
    ...(title === '' ? [] : [paint('bold', title)]),
    ...fittedTable(fitted, width, paint),
    ...(rest === undefined ? [] : wrapText(escapeTerminal(rest, 400), widthsOf({ columns: width }).text)),
  ];
}

export function fleetQuiet({ answer }: FleetPage): string {
  return `${escapeTerminal(answer, 1000)}\n`;
}
