import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { nameOf } from '../../model/configuration.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatElapsed, formatNumberOf, formatUsd } from '../../text/format.ts';
import { type Paint, painter, type Style } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { fittedTable } from '../wording/fittedTable.ts';
import { pageOfBlocks, type TableView, widthsOf } from '../wording/terminalPage.ts';
import { labelledLines, leftBehindBlock } from '../wording/verdictText.ts';
import {
  type CheckMetric,
  comparedText,
  costBasis,
  figureText,
  functionSentence,
  limitText,
  measuredText,
  metricName,
  metricVerdict,
  nextStep,
  type ShownVerdict,
  samplesText,
  summarySentence,
  verdictOf,
} from './wording.ts';

const styleOf = {
  passed: 'green',
  regressed: 'red',
  inconclusive: 'yellow',
  notMeasured: 'yellow',
} as const satisfies Record<ShownVerdict, Style>;

/** Each function with its lines, the worst first; the verdicts last, so that the end of a log says what failed, by how much, and what to do. */
export function renderCheckTable(result: CheckResult, view: TableView): string {
  const paint = painter(view.color);
  const { table: width, text: columns } = widthsOf(view);
  const blocks = [
    ...result.functions.map((checked) => functionBlock(checked, { columns, width }, paint)),
    [summaryLine(result)].flatMap((text) => wrapText(text, columns)),
    leftBehindBlock({ ...result, options: result }, columns, paint),
    verdictLines(result, columns, paint),
  ];
  return pageOfBlocks(blocks, view);
}

function functionBlock(
  checked: CheckedFunction,
  { columns, width }: { readonly columns: number; readonly width: number },
  paint: Paint,
): readonly string[] {
  const { memoryMb, architecture } = checked;
  const where = memoryMb === undefined || architecture === undefined ? '' : `${nameOf({ memoryMb, architecture })}, `;
  const head = [
    ...wrapText(escapeTerminal(checked.function, 120), columns).map((line) => paint('bold', line)),
    ...wrapText(`${where}${comparedText(checked, (name) => escapeTerminal(name, 120))}`, columns),
  ];
  const remarks = [
    ...(checked.metrics.length === 0 ? [] : [`${samplesText(checked)}. ${costBasis(checked)}`]),
    ...checked.notes.map((note) => escapeTerminal(note, 400)),
    ...checked.warnings.map(({ text }) => `Warning: ${escapeTerminal(text, 400)}`),
    ...(checked.acceptedRegression === undefined
      ? []
      : [`Accepted: ${escapeTerminal(checked.acceptedRegression, 300)}`]),
  ].flatMap((text) => wrapText(text, columns));
  const table = checked.metrics.length === 0 ? [] : metricTable(checked.metrics, width, paint);
  return [...head, ...table, ...remarks.map((line) => paint('dim', line))];
}

function metricTable(metrics: readonly CheckMetric[], columns: number, paint: Paint): readonly string[] {
  const cells = (text: (metric: CheckMetric) => string) => metrics.map(text);
  const styles = metrics.map(
    (metric): Style => (metric.verdict === null ? 'dim' : metric.warned ? 'yellow' : styleOf[metric.verdict]),
  );
  return fittedTable(
    [
      { head: '', align: 'left', cells: cells(metricName) },
      { head: 'baseline', align: 'right', leaves: 1, cells: cells((metric) => figureText(metric, metric.baseline)) },
      { head: 'current', align: 'right', leaves: 2, cells: cells((metric) => figureText(metric, metric.current)) },
      { head: 'measured', align: 'left', cells: cells(measuredText) },
      { head: 'limit', align: 'right', cells: cells(limitText) },
      { head: '', align: 'left', cells: cells(metricVerdict), styles },
    ],
    columns,
    paint,
  );
}

function summaryLine(result: CheckResult): string {
  const invocations = result.functions.reduce((sum, { spend }) => sum + spend.invocations, 0);
  const usd = result.functions.reduce((sum, { spend }) => sum + spend.actualUsd, 0);
  const elapsed = formatElapsed(Math.max(0, Date.parse(result.finishedAt) - Date.parse(result.startedAt)));
  const cost =
    result.backend === 'local' ? 'measured on this machine, nothing was paid' : `${formatUsd(usd)} of Lambda's charges`;
  return `${formatNumberOf(invocations, 'invocation')} in ${elapsed}; ${cost}; run ${escapeTerminal(result.runId, 60)}.`;
}

function verdictLines(result: CheckResult, columns: number, paint: Paint): readonly string[] {
  const items = result.functions.flatMap((checked) => {
    const label = escapeTerminal(checked.function, 40);
    const style = styleOf[verdictOf(checked)];
    const next = nextStep(checked);
    return [
      { label, text: escapeTerminal(functionSentence(checked), 800), style },
      ...(next === undefined ? [] : [{ label, text: escapeTerminal(next, 400), style }]),
    ];
  });
  const lines = labelledLines(items, columns, paint);
  return result.functions.length > 1 ? [...lines, ...wrapText(summarySentence(result), columns)] : lines;
}
