import { advise } from '../../advice/advice.ts';
import type { TuningResult } from '../../model/run.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { painter, type Style } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { monthlyBlocks } from '../wording/monthlyBlocks.ts';
import { namerOf } from '../wording/namer.ts';
import { basisText, configurationsText, priceText, spendText } from '../wording/runWording.ts';
import { pageOfBlocks, type TableView, widthsOf } from '../wording/terminalPage.ts';
import {
  applyBlock,
  type LabelledText,
  labelledLines,
  leftBehindBlock,
  provisioningBlock,
} from '../wording/verdictText.ts';
import { wordStatement } from '../wording/wording.ts';
import { configurationTables, tableLegend } from './configurationTable.ts';
import { curveLines } from './curves.ts';

/** The whole result for a terminal: head, one table per architecture, legend, verdict, warnings, what was left, spend. */
export function renderTable(result: TuningResult, view: TableView): string {
  const paint = painter(view.color);
  const { table: columns, text: textColumns } = widthsOf(view);
  const name = namerOf(result);
  const advice = advise(result);
  const verdict = advice.statements.map((statement): LabelledText => {
    const { label, sentence } = wordStatement(statement, name);
    const parts = sentence.map((part) => (typeof part === 'string' ? part : escapeTerminal(part.quoted)));
    return { label, text: parts.join(''), style: styleOf[statement.kind] };
  });
  const warnings = result.warnings.map(
    (warning): LabelledText => ({ label: 'Warning', text: escapeTerminal(warning.text, 600), style: 'yellow' }),
  );
  const blocks: readonly (readonly string[])[] = [
    headLines(result, textColumns, paint),
    ...configurationTables(result, columns, paint).map((table) => table.split('\n')),
    view.curves && view.unicode !== false ? curveLines(result, columns) : [],
    tableLegend(result, columns)
      .flatMap((line) => wrapText(line, textColumns))
      .map((line) => paint('dim', line)),
    ...monthlyBlocks(result, columns, paint),
    labelledLines([...verdict, ...warnings], textColumns, paint),
    advice.apply ? applyBlock(advice.apply, textColumns, paint) : [],
    advice.provisioning ? provisioningBlock(advice.provisioning, textColumns, paint) : [],
    leftBehindBlock(result, textColumns, paint),
    [...wrapText(spendText(result), textColumns), ...wrapText(priceText(result), textColumns)],
  ];
  return pageOfBlocks(blocks, view);
}

const styleOf = {
  answer: 'bold',
  variant: 'bold',
  answers: 'yellow',
  preflight: 'yellow',
  cheapest: 'green',
  fastest: 'cyan',
  balanced: 'magenta',
  pareto: 'dim',
  current: 'yellow',
  rejected: 'red',
  projected: 'dim',
  traffic: 'bold',
  provisioned: 'cyan',
  snapStart: 'cyan',
  logs: 'dim',
  coldStarts: 'cyan',
  stream: 'cyan',
  hint: 'dim',
  ended: 'red',
  local: 'yellow',
} as const satisfies Record<ReturnType<typeof advise>['statements'][number]['kind'], Style>;

function headLines(result: TuningResult, columns: number, paint: ReturnType<typeof painter>): readonly string[] {
  const { functionName, qualifier, path } = result.target;
  const shown = escapeTerminal(path ?? (qualifier === '$LATEST' ? functionName : `${functionName}:${qualifier}`), 120);
  const [first = '', ...rest] = wrapText(shown, columns);
  return [
    ...[first, ...rest].map((line) => paint('bold', line)),
    ...[basisText(result), configurationsText(result)].flatMap((text) => wrapText(text, columns)),
  ];
}
