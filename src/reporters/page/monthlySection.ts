import type { TuningResult } from '../../model/run.ts';
import { escaped } from '../figures/svgElements.ts';
import { monthlyColumns, monthlyLegend } from '../wording/monthlyTable.ts';
import { replayText } from '../wording/trafficWording.ts';

/** The bills of a month as a table; the figures have their bars. Empty without traffic. */
export function monthlySection(result: TuningResult): string {
  const columns = monthlyColumns(result);
  const [first, ...others] = columns;
  if (first === undefined || result.traffic === undefined) return '';
  const heads = columns.map(
    ({ head, align }) => `<th scope="col"${align === 'left' ? ' class="text"' : ''}>${escaped(head)}</th>`,
  );
  const rows = first.cells.map(
    (name, index) =>
      `<tr><th scope="row" class="text">${escaped(name)}</th>${others.map(({ cells }) => `<td>${escaped(cells[index] ?? '')}</td>`).join('')}</tr>`,
  );
  return `<h2 id="monthly">At your traffic</h2>
<p>${escaped(replayText(result.traffic))}</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="monthly"><table>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>
<p>${escaped(monthlyLegend)}</p>`;
}
