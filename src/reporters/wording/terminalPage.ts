import { toAscii } from '../../text/terminalStyle.ts';

/** What is shown to people at a terminal, whatever document it is of. */

export interface TableView {
  /** Width of the terminal. Wider ones get more columns; below 40 is treated as 40. */
  readonly columns: number;
  readonly color: boolean;
  /** false: ASCII only. Default true. */
  readonly unicode?: boolean;
  /** Nobody's terminal breaks the lines: a table may be wider than `columns`. Default false. */
  readonly isPipe?: boolean;
  /** Small curves of cost and duration, drawn in braille. Default false. */
  readonly curves?: boolean;
}

const narrowest = 40;
/** Running text is hard to read when its lines are longer. */
const widestText = 110;

/** How wide tables and running text may be, in columns. */
export function widthsOf({ columns }: Pick<TableView, 'columns'>): { readonly table: number; readonly text: number } {
  const table = Math.max(narrowest, columns);
  return { table, text: Math.min(widestText, table) };
}

/** Blocks of lines with an empty line between them; those without lines are left out. */
export function pageOfBlocks(blocks: readonly (readonly string[])[], { unicode }: Pick<TableView, 'unicode'>): string {
  const text = `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`;
  return unicode === false ? toAscii(text) : text;
}
