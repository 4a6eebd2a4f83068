import { keysOf } from '../../base/keys.ts';
import type { Observation } from '../../model/production/observation.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { painter } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { fittedTable } from '../wording/fittedTable.ts';
import { pageOfBlocks, type TableView, widthsOf } from '../wording/terminalPage.ts';
import { changeText, sinceChangeTexts } from './changeWording.ts';
import { versionColumns, versionRows } from './versionRows.ts';
import { answerText, factTexts, readingSpendText, sourceText } from './wording.ts';
import { computeOptimizerText, downstreamText, worthText } from './worthWording.ts';

/** A function that is deployed many times a day has many versions; the document has all. */
const mostRows = 25;

/** What it costs first, then what its calls are like, what changed, and what tuning could be worth. */
export function renderObservationTable(observation: Observation, view: TableView): string {
  const paint = painter(view.color);
  const { table: width, text: columns } = widthsOf(view);
  const wrapped = (texts: readonly (string | undefined)[]) =>
    texts.flatMap((text) => (text === undefined ? [] : wrapText(escapeTerminal(text, 1000), columns)));
  const isVerdict = sinceChangeTexts(observation).length > 0;
  const { changes, warnings, sources } = observation;
  const blocks: readonly (readonly string[])[] = [
    wrapped(isVerdict ? sinceChangeTexts(observation) : [answerText(observation)]).map((line) => paint('bold', line)),
    ...(isVerdict
      ? []
      : [
          wrapped(factTexts(observation)),
          versionTable(observation, width, paint),
          changes.length === 0
            ? wrapped(['What changed: nothing that can be told from chance.'])
            : ['What changed:', ...wrapped(changes.map((change) => `- ${changeText(change)}`))],
          wrapped([worthText(observation), downstreamText(observation), computeOptimizerText(observation)]),
        ]),
    wrapped(warnings.map(({ text }) => `Warning: ${text}`)).map((line) => paint('yellow', line)),
    wrapped([`Sources: ${sources.map(sourceText).join('; ')}.`, readingSpendText(observation)]).map((line) =>
      paint('dim', line),
    ),
  ];
  return pageOfBlocks(blocks, view);
}

/** Who leaves first where there is no room: what is used, then cold starts. */
const leaves: Partial<Record<keyof typeof versionColumns, number>> = { used: 1, cold: 2, million: 3, p95: 4 };

function versionTable(observation: Observation, width: number, paint: ReturnType<typeof painter>): readonly string[] {
  const rows = versionRows(observation);
  if (rows.length === 0) return [];
  const shown = rows.slice(-mostRows);
  const names = keysOf(versionColumns);
  const columns = names.map((name) => ({
    head: versionColumns[name],
    align: name === 'version' || name === 'setting' ? ('left' as const) : ('right' as const),
    cells: shown.map((row) => escapeTerminal(row[name], 60)),
    leaves: leaves[name],
  }));
  const left = rows.length - shown.length;
  return [
    ...fittedTable(columns, width, paint),
    ...(left === 0 ? [] : [`and ${left} earlier: the JSON document has them all`]),
  ];
}

/** The answer in one line. */
export function renderObservationQuiet(observation: Observation): string {
  return `${escapeTerminal(answerText(observation), 1000)}\n`;
}
