import { judgedStart } from '../../analysis/savedRun/judgedFigures.ts';
import type { Start } from '../../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { rowWithoutFigures } from '../wording/rowWithoutFigures.ts';
import { gap } from '../wording/tableStyle.ts';
import { type Column, type ColumnName, columnsOf, shownNames } from './tableColumns.ts';

/** Which columns are shown at a width, the same for all tables of a result. */
export interface Layout {
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
}

const complete: readonly ColumnName[] = [
  'memory',
  'n',
  'mean',
  'p95',
  'billed',
  'init',
  'used',
  'cost',
  'interval',
  'marks',
];

interface LayoutVariant {
  /** Marks are the same words at every width; where they do not fit on one line they take several of this width at least. */
  readonly marksAtLeast: number;
  readonly names: readonly ColumnName[];
}

const onOneLine = Number.POSITIVE_INFINITY;

/** From the richest to the barest; the first that fits is taken, the last in any case. */
const variants: readonly LayoutVariant[] = [
  {
    marksAtLeast: onOneLine,
    names: [
      'memory',
      'n',
      'mean',
      'p50',
      'p95',
      'p99',
      'billed',
      'init',
      'used',
      'cost',
      'interval',
      'versus',
      'marks',
    ],
  },
  {
    marksAtLeast: onOneLine,
    names: ['memory', 'n', 'mean', 'p95', 'billed', 'init', 'used', 'cost', 'interval', 'versus', 'marks'],
  },
  { marksAtLeast: onOneLine, names: complete },
  { marksAtLeast: 20, names: complete },
  { marksAtLeast: 20, names: complete.filter((name) => name !== 'billed') },
  { marksAtLeast: 20, names: ['memory', 'n', 'mean', 'p95', 'used', 'cost', 'interval', 'marks'] },
  { marksAtLeast: 20, names: ['memory', 'n', 'mean', 'p95', 'cost', 'interval', 'marks'] },
  { marksAtLeast: 12, names: ['memory', 'mean', 'cost', 'interval', 'marks'] },
  { marksAtLeast: 12, names: ['memory', 'mean', 'cost', 'marks'] },
];

export function layoutOf(result: TuningResult, columns: number): Layout {
  for (const variant of variants) {
    const layout = layoutFor(result, variant, columns);
    // The last column needs its padding alone.
    const width = layout.widths.reduce((sum, one) => sum + one + gap, -1);
    if (width <= columns || variant === variants.at(-1)) return layout;
  }
  throw new Error('there is a last variant');
}

function layoutFor(result: TuningResult, { marksAtLeast, names }: LayoutVariant, room: number): Layout {
  const start = judgedStart(result);
  const all = columnsOf(result);
  const columns = shownNames(names, result).map((name) => all[name]);
  const natural = columns.map((column) => widthOf(column, result.configurations, start));
  const others = natural.slice(0, -1).reduce((sum, one) => sum + one + gap, 0);
  const marks = natural.at(-1) ?? 1;
  return { columns, widths: [...natural.slice(0, -1), Math.min(marks, Math.max(marksAtLeast, room - others - 1))] };
}

function widthOf(column: Column, rows: readonly ConfigurationResult[], start: Start): number {
  const widest = rows.reduce(
    (most, row) => (rowWithoutFigures(row, start) === undefined ? Math.max(most, column.cell(row).length) : most),
    Math.max(...column.head.map((line) => line.length), 1),
  );
  // cli-table3 cannot draw an empty column.
  return Math.max(1, widest);
}
