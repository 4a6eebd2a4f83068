import type { MigrationResult } from '../../model/migration.ts';
import { escaped } from '../figures/svgElements.ts';
import { pageHtml } from '../page/shell.ts';
import { measurementBody } from '../run/html.ts';
import { columnsFor, migrationColumns, migrationRows } from './rows.ts';
import {
  causesText,
  findingText,
  migrationAnswerSentence,
  migrationPreflightSentence,
  movesTo,
  requiredText,
  savingsText,
  smokeSummary,
  smokeTexts,
} from './wording.ts';

/** The answer and what it rests on, the steps, and below them the page of the run that was measured for it. */
export function renderMigrationHtml(result: MigrationResult): string {
  const same = (text: string) => text;
  const to = movesTo(result);
  const { comparison, run } = result;
  const sentences = [
    comparison && `Cost at ${to}: ${causesText(comparison, to)}.`,
    savingsText(result),
    requiredText(result),
    smokeSummary(result),
    ...smokeTexts(result, same),
  ].filter((text) => text !== undefined);
  const findings = result.preflight.findings.map((finding) => `<li>${escaped(findingText(finding, same))}</li>`);
  const steps = result.steps.map(
    ({ tool, title, lines, note }) =>
      `<h3>${escaped(`${tool}: ${title}`)}</h3><pre tabindex="0">${lines.map(escaped).join('\n')}</pre>${note === undefined ? '' : `<p>${escaped(note)}</p>`}`,
  );
  const body = [
    `<h1>${escaped(result.function)}, from ${result.current.architecture} to ${to}</h1>`,
    `<p class="answer">${escaped(migrationAnswerSentence(result, same))}</p>`,
    comparisonTable(result),
    `<ul class="how">${sentences.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`,
    `<h2>Preflight</h2><p>${escaped(migrationPreflightSentence(result))}</p>${findings.length === 0 ? '' : `<ul class="how">${findings.join('')}</ul>`}`,
    steps.length === 0 ? '' : `<h2>How to do it</h2><p>Printed, never run.</p>${steps.join('')}`,
    run === undefined ? '' : `<h2>The measurement</h2>${measurementBody(run)}`,
  ];
  return pageHtml({
    title: `${result.function.slice(0, 80)}: from ${result.current.architecture} to ${to}`,
    body: body.filter((part) => part !== '').join('\n'),
    // Nothing to choose from: the verdict above is the only answer.
    model: { start: 'warm', rows: [] },
  });
}

function comparisonTable(result: MigrationResult): string {
  const rows = migrationRows(result);
  if (rows.length === 0) return '';
  const names = columnsFor(rows);
  const heads = names.map(
    (name) =>
      `<th scope="col">${escaped(migrationColumns[name] || (name === 'note' ? 'remarks' : 'configuration'))}</th>`,
  );
  const lines = rows.map((row) => {
    const [label, ...cells] = names.map((name) => escaped(row[name]));
    return `<tr><th scope="row" class="text">${label}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="Comparison"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}
