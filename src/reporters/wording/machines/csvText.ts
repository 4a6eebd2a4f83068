import { escapeCsvCell, escapeTerminal } from '../../../text/escape.ts';
import { formatPlainNumber } from '../../../text/format.ts';

type Cell = string | number | null | undefined;

/** A head line of names and one line per row, CRLF after each (RFC 4180). Text cells are one line, inert and bounded. */
export function csvText<Row, Saved>(
  columns: Readonly<Record<string, (row: Row, saved: Saved) => Cell>>,
  rows: readonly Row[],
  saved: Saved,
): string {
  const cells = Object.values(columns);
  const lines = rows.map((row) => cells.map((cell) => cellText(cell(row, saved))).join(','));
  return [Object.keys(columns).join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'number' ? formatPlainNumber(cell) : escapeCsvCell(escapeTerminal(cell, 1000));
}
