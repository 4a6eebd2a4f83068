import Table from 'cli-table3';
import { toleranceOf } from '../../advice/comparedRun.ts';
import { judgedStart } from '../../analysis/savedRun/judgedFigures.ts';
import { marksOf } from '../../analysis/savedRun/marks.ts';
import { type Curve, curvesAmong, isVaried, sameCurve, variantOf } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatShare } from '../../text/format.ts';
import type { Paint } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { rowWithoutFigures, unknown } from '../wording/rowWithoutFigures.ts';
import { mixtureOfRun } from '../wording/runWording.ts';
import { bare, gap } from '../wording/tableStyle.ts';
import { type ColumnName, markText } from './tableColumns.ts';
import { type Layout, layoutOf } from './tableLayout.ts';

/** One table per architecture and variant, all with the same columns, so that they can be compared from one to the next. */
export function configurationTables(result: TuningResult, columns: number, paint: Paint): readonly string[] {
  const layout = layoutOf(result, columns);
  return curvesOf(result).map((curve) => {
    const rows = result.configurations
      .filter((row) => sameCurve(row, curve))
      .toSorted((one, other) => one.memoryMb - other.memoryMb);
    const title = wrapText(titleOf(curve, rows, isVaried(result.configurations)), columns).map((line) =>
      paint('bold', line),
    );
    return `${title.join('\n')}\n${drawTable(result, rows, layout, paint)}`;
  });
}

/** What the columns and marks mean; only what appears is explained. */
export function tableLegend(result: TuningResult, columns: number): readonly string[] {
  const { columns: shown } = layoutOf(result, columns);
  const has = (name: ColumnName) => shown.some((column) => column.name === name);
  const mixture = mixtureOfRun(result);
  const calls =
    mixture !== undefined
      ? mixture
      : judgedStart(result) === 'warm'
        ? 'warm invocations'
        : 'cold starts (no warm call succeeded)';
  const times = ['mean', ...(['p50', 'p95', 'p99'] as const).filter(has)].join(', ');
  const cells = result.configurations.flatMap((row) => shown.map((column) => column.cell(row)));
  const ties = [result.cheapest, result.fastest].flatMap((choice) => choice?.tiedWith.map(({ tie }) => tie) ?? []);
  const columnMeanings = [
    mixture === undefined
      ? `${times}: duration of the ${has('n') ? 'n ' : ''}${calls}`
      : `${times}: what a caller waits for, init included, of ${calls}`,
    ...(has('n') && result.configurations.some(({ steady }) => steady !== undefined)
      ? ['n: the later warm invocations of all']
      : []),
    ...(mixture !== undefined && has('n') ? ['n: warm invocations + cold starts'] : []),
    ...(has('billed') ? ['billed: mean of what is paid'] : []),
    ...(has('total')
      ? ["first byte, total: medians by the client's clock, with the network, until the answer began and ended"]
      : []),
    ...(has('init')
      ? [
          `init${result.configurations.some(({ cold }) => cold?.restoreDurationMs) ? ' or restore' : ''}: of cold starts, in fresh deployments`,
        ]
      : []),
    ...(has('used') ? ['used: most memory'] : []),
    `$ per million: mean cost of ${calls}${has('interval') ? ', with the 95 % interval of that mean' : ''}`,
  ];
  const markMeanings = [
    ...(ties.includes('equal') ? [`= equal to it within ${formatShare(toleranceOf(result))}`] : []),
    ...(ties.includes('notToldApart') ? ['~ not told apart from it yet'] : []),
    ...(cells.includes(unknown) ? [`${unknown} not measured or too few samples`] : []),
  ];
  return [columnMeanings, markMeanings]
    .filter((meanings) => meanings.length > 0)
    .map((meanings) => meanings.join(' · '));
}

/** The architecture that the function has comes first, then as they were asked for. */
function curvesOf(result: TuningResult): readonly Curve[] {
  const asked = [result.target.architecture, ...result.options.architectures];
  const place = ({ architecture }: Curve) => asked.indexOf(architecture);
  return curvesAmong(result.configurations).toSorted((one, other) => place(one) - place(other));
}

function titleOf(curve: Curve, rows: readonly ConfigurationResult[], namesVariant: boolean): string {
  const isProjected = rows.every((row) => row.status === 'projected');
  const name = namesVariant ? `${curve.architecture}, ${escapeTerminal(variantOf(curve), 100)}` : curve.architecture;
  return isProjected ? `${name}, projected: only its prices, nothing measured` : name;
}

function drawTable(
  result: TuningResult,
  rows: readonly ConfigurationResult[],
  { columns, widths }: Layout,
  paint: Paint,
): string {
  const marksFor = marksOf(result);
  const start = judgedStart(result);
  const table = new Table({
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': gap - 1, head: [], border: [], compact: true },
    colWidths: widths.map((width) => width + gap - 1),
    colAligns: columns.map((column) => column.align),
    head: columns.map((column) => `${paint('dim', column.head[0])}\n${paint('dim', column.head[1])}`),
  });
  for (const row of rows) {
    const withoutFigures = rowWithoutFigures(row, start);
    if (withoutFigures !== undefined) {
      const content = paint(row.status === 'unmeasured' ? 'dim' : 'red', withoutFigures);
      table.push([columns[0]?.cell(row) ?? '', { colSpan: columns.length - 1, content, hAlign: 'left' }]);
      continue;
    }
    const mark = marksFor(row)[0];
    const style = mark ? markText[mark].style : row.status === 'projected' ? 'dim' : 'red';
    table.push(
      columns.map((column) => {
        const text = column.name === 'marks' ? marksLines(column.cell(row), widths.at(-1) ?? 1) : [column.cell(row)];
        const isPainted = column.name === 'marks' || row.status === 'projected';
        return text.map((line) => (isPainted ? paint(style, line) : line)).join('\n');
      }),
    );
  }
  // The last line is the bottom of the frame: see `bare`.
  return table.toString().split('\n').slice(0, -1).join('\n');
}

/** The cross stays with its word. */
function marksLines(text: string, columns: number): readonly string[] {
  return wrapText(text.replaceAll('✗ ', '✗\u00a0'), columns).map((line) => line.replaceAll('\u00a0', ' '));
}
