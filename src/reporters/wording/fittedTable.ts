import Table from 'cli-table3';
import type { Paint, Style } from '../../text/terminalStyle.ts';
import { textWidth, wrapText } from '../../text/wrapText.ts';
import { bare, gap } from './tableStyle.ts';

/** One column of a table that follows the width of the terminal. Cells are escaped already. */
export interface FittedColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
  /** Who leaves first when there is no room: the lowest. Absent: it stays. */
  readonly leaves?: number | undefined;
  /** Of each row, painted once it is known how wide it is. */
  readonly styles?: readonly Style[];
}

/** A last column that is narrower says nothing. */
const leastText = 12;

/**
 * As much of the table as the width holds: columns leave in their order, then the last one takes several lines; where that is
 * not enough each row is a sentence, so that nothing is ever broken by the terminal.
 */
export function fittedTable(all: readonly FittedColumn[], columns: number, paint: Paint): readonly string[] {
  const shown = fitting(
    all.filter(({ cells, head }) => head !== '' || cells.some((cell) => cell !== '')),
    columns,
  );
  const last = shown.at(-1);
  if (last === undefined) return [];
  const room = columns - shown.slice(0, -1).reduce((sum, one) => sum + widthOf(one) + gap, 0) - 1;
  if (room < Math.min(leastText, widthOf(last))) return sentences(all, columns, paint);
  const widths = shown.map((column) => (column === last ? Math.min(room, widthOf(column)) : widthOf(column)));
  const table = new Table({
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': gap - 1, head: [], border: [], compact: true },
    colWidths: widths.map((width) => Math.max(1, width) + gap - 1),
    head: shown.map(({ head }) => paint('dim', head)),
    colAligns: shown.map(({ align }) => align),
  });
  for (const index of last.cells.keys()) {
    table.push(
      shown.map((column, nth) => {
        const lines = wrapText(column.cells[index] ?? '', Math.max(1, widths[nth] ?? 1));
        return lines.map((line) => painted(column, index, line, paint)).join('\n');
      }),
    );
  }
  // The last line is the bottom of the frame: see `bare`.
  return table.toString().split('\n').slice(0, -1);
}

function fitting(all: readonly FittedColumn[], columns: number): readonly FittedColumn[] {
  const width = all.reduce((sum, one) => sum + widthOf(one) + gap, -1);
  const first = all.reduce<FittedColumn | undefined>(
    (least, one) => ((one.leaves ?? Infinity) < (least?.leaves ?? Infinity) ? one : least),
    undefined,
  );
  return width <= columns || first === undefined
    ? all
    : fitting(
        all.filter((one) => one !== first),
        columns,
      );
}

function widthOf({ head, cells }: FittedColumn): number {
  return cells.reduce((most, cell) => Math.max(most, textWidth(cell)), textWidth(head));
}

/** "typical cost: baseline $2.00, current $3.00, …, REGRESSED" */
function sentences(all: readonly FittedColumn[], columns: number, paint: Paint): readonly string[] {
  const [first, ...others] = all;
  return (first?.cells ?? []).flatMap((label, index) => {
    const parts = others.flatMap(({ head, cells }) => (cells[index] ? [`${head} ${cells[index]}`.trim()] : []));
    const styled = all.find(({ styles }) => styles !== undefined);
    const [line = '', ...more] = wrapText(`${label}: ${parts.join(', ')}`, columns - 2);
    return [line, ...more.map((one) => `  ${one}`)].map((one) =>
      styled === undefined ? one : painted(styled, index, one, paint),
    );
  });
}

function painted({ styles }: FittedColumn, index: number, text: string, paint: Paint): string {
  const style = styles?.[index];
  return style === undefined ? text : paint(style, text);
}
