import { currentConfiguration, recommended } from '../../analysis/savedRun/marks.ts';
import { sameConfiguration } from '../../model/configuration.ts';
import type { TuningResult } from '../../model/run.ts';
import { formatUsd } from '../../text/format.ts';
import { billedRows, billLines, paidLines } from '../wording/monthlyTable.ts';
import { namerOf } from '../wording/namer.ts';
import type { Drawing } from './figure.ts';
import { element, escaped } from './svgElements.ts';
import { textWidthOf } from './textWidth.ts';

const rowHeight = 26;
/** Where something is said of a bar, a line of words below it. */
const wordsHeight = 16;

/** The bills of a month, a stacked bar a configuration. Undefined without any. */
export function drawBills(result: TuningResult, width: number): Drawing | undefined {
  const rows = billedRows(result);
  const most = Math.max(...rows.map(({ monthly }) => monthly.usd.total));
  if (rows.length === 0 || !(most > 0)) return undefined;
  const name = namerOf(result);
  const lines = paidLines(rows);
  const left = Math.min(width / 2, Math.max(...rows.map((row) => textWidthOf(name(row), 12))) + 20);
  const right = Math.max(...rows.map(({ monthly }) => textWidthOf(formatUsd(monthly.usd.total), 12))) + 14;
  const room = width - left - right;
  let x = 8;
  let y = 14;
  const key = lines.map((line) => {
    const wide = 24 + textWidthOf(billLines[line], 12) + 14;
    if (x + wide > width && x > 8) {
      x = 8;
      y += 20;
    }
    const drawn = element(
      'g',
      {},
      element('rect', { class: `bill ${line}`, x, y: y - 9, width: 14, height: 12 }),
      element('text', { class: 'tick', x: x + 20, y: y + 1 }, escaped(billLines[line])),
    );
    x += wide;
    return drawn;
  });
  const top = y + 16;
  const current = currentConfiguration(result);
  const pick = recommended(result);
  let next = top;
  const bars = rows.map((row) => {
    const at = next;
    const isPick = pick !== undefined && sameConfiguration(pick, row);
    const words = [
      ...(isPick ? ['recommended'] : []),
      ...(current !== undefined && sameConfiguration(current, row) ? ['current'] : []),
    ];
    next += rowHeight + (words.length > 0 ? wordsHeight : 0);
    let from = left;
    const parts = lines.flatMap((line) => {
      const usd = row.monthly.usd[line];
      const wide = (room * usd) / most;
      if (usd <= 0) return [];
      const part = element(
        'rect',
        { class: `bill ${line}`, x: from, y: at, width: wide, height: 16 },
        element('title', {}, escaped(`${name(row)}, ${billLines[line]}: ${formatUsd(usd)} a month`)),
      );
      from += wide;
      return [part];
    });
    return element(
      'g',
      {},
      element(
        'text',
        { class: words.length > 0 ? 'label' : 'tick', x: left - 8, y: at + 12, 'text-anchor': 'end' },
        escaped(name(row)),
      ),
      ...parts,
      // Neither by colour nor by words alone.
      ...(words.length === 0
        ? []
        : [
            element('rect', {
              class: isPick ? 'bill-frame' : 'bill-frame current',
              x: left - 1.5,
              y: at - 2.5,
              width: from - left + 3,
              height: 21,
            }),
            element('text', { class: 'label', x: left, y: at + 31 }, words.join(' · ')),
          ]),
      element('text', { class: 'tick', x: from + 6, y: at + 12 }, formatUsd(row.monthly.usd.total)),
    );
  });
  return { width, height: next + 8, content: [...key, ...bars].join('') };
}
