import type { TuningResult } from '../../model/run.ts';
import type { Paint } from '../../text/terminalStyle.ts';
import { wrapText } from '../../text/wrapText.ts';
import { fittedTable } from './fittedTable.ts';
import { monthlyColumns, monthlyLegend } from './monthlyTable.ts';
import { widthsOf } from './terminalPage.ts';
import { replayText } from './trafficWording.ts';

/** For a terminal: the bills of a month, what their columns mean and what they rest on. Empty without traffic. */
export function monthlyBlocks(result: TuningResult, columns: number, paint: Paint): readonly (readonly string[])[] {
  const { traffic } = result;
  if (traffic === undefined) return [];
  const notes = [monthlyLegend, replayText(traffic)].flatMap((text) => wrapText(text, widthsOf({ columns }).text));
  return [fittedTable(monthlyColumns(result), columns, paint), notes.map((line) => paint('dim', line))];
}
