import { escaped } from '../figures/svgElements.ts';
import { pageHtml } from '../page/shell.ts';
import type { FleetPage, PageTable } from './page.ts';

/** One page, nothing to choose from. */
export function fleetHtml(page: FleetPage): string {
  const list = (texts: readonly string[]) =>
    texts.length === 0 ? '' : `<ul class="how">${texts.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`;
  const body = [
    `<h1>${escaped(page.title)}</h1>`,
    `<p class="answer">${escaped(page.answer)}</p>`,
    list(page.facts),
    ...page.sheets.filter(({ rows }) => rows.length > 0).map(sheetHtml),
    page.next.length === 0 ? '' : `<h2>What to do next</h2>${list(page.next)}`,
    page.warnings.length + page.remarks.length === 0
      ? ''
      : `<h2>How this was found</h2>${list([...page.warnings.map((text) => `Warning: ${text}`), ...page.remarks])}`,
  ];
  return pageHtml({
    title: page.title,
    body: body.filter((part) => part !== '').join('\n'),
    model: { start: 'warm', rows: [] },
  });
}

function sheetHtml({ title, columns, rows, rest }: PageTable, index: number): string {
  const id = `sheet-${index}`;
  const heads = columns.map(
    ({ head, align }) => `<th scope="col"${align === 'left' ? ' class="text"' : ''}>${escaped(head)}</th>`,
  );
  const lines = rows.map((row) => {
    const cells = row.map((cell, nth) =>
      nth === 0
        ? `<th scope="row" class="text">${escaped(cell)}</th>`
        : `<td${columns[nth]?.align === 'left' ? ' class="text"' : ''}>${escaped(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  const after = rest === undefined ? '' : `<p class="basis">${escaped(rest)}</p>`;
  return `<h2 id="${id}">${escaped(title === '' ? 'Functions' : title)}</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>${after}`;
}
