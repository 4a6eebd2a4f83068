import { keysOf } from '../../base/keys.ts';
import type { Observation } from '../../model/production/observation.ts';
import { type Drawing, svgElement } from '../figures/figure.ts';
import { element, escaped } from '../figures/svgElements.ts';
import { assets } from '../page/assets.ts';
import { pageHtml } from '../page/shell.ts';
import { changeText, sinceChangeTexts } from './changeWording.ts';
import { drawConcurrency, drawCostByDay, drawDurations } from './pictures.ts';
import { versionColumns, versionRows } from './versionRows.ts';
import { answerText, factTexts, readingSpendText, sourceText } from './wording.ts';
import { computeOptimizerText, downstreamText, worthText } from './worthWording.ts';

const wide = 1080;
const narrow = 370;

/** One page: what it costs, the pictures, what changed, what tuning could be worth. */
export function renderObservationHtml(observation: Observation): string {
  const { warnings, sources, changes } = observation;
  const list = (texts: readonly (string | undefined)[]) =>
    `<ul class="how">${texts.flatMap((text) => (text === undefined ? [] : `<li>${escaped(text)}</li>`)).join('')}</ul>`;
  const pictures = [
    figure('cost', 'Cost of each day, at the list price', observation, drawCostByDay),
    figure('durations', 'Duration by day: p50, p95 and p99', observation, drawDurations),
    figure('concurrency', 'Concurrency by weekday and hour', observation, drawConcurrency),
  ].filter((picture) => picture !== '');
  const body = [
    `<h1>${escaped(observation.function)} in production</h1>`,
    `<p class="answer">${escaped(answerText(observation))}</p>`,
    sinceChangeTexts(observation).length > 0 ? '' : list(factTexts(observation)),
    pictures.length === 0 ? '' : `<h2>Figures</h2><div class="figures">${pictures.join('\n')}</div>`,
    '<h2>What changed</h2>',
    changes.length === 0
      ? '<p>Nothing that can be told from chance.</p>'
      : `<ol class="how">${changes.map((change) => `<li>${escaped(changeText(change))}</li>`).join('')}</ol>`,
    versionTable(observation),
    '<h2>What tuning could be worth</h2>',
    list([worthText(observation), downstreamText(observation), computeOptimizerText(observation)]),
    '<h2>What was read</h2>',
    list([
      ...warnings.map(({ text }) => `Warning: ${text}`),
      ...sources.map(sourceText),
      readingSpendText(observation),
    ]),
  ];
  return pageHtml({
    title: `${observation.function.slice(0, 80)} in production`,
    body: body.filter((part) => part !== '').join('\n'),
    // Nothing to choose from.
    model: { start: 'warm', rows: [] },
  });
}

function figure(
  id: string,
  caption: string,
  observation: Observation,
  draw: (observation: Observation, width: number) => Drawing | undefined,
): string {
  const drawn = (
    [
      ['wide', wide],
      ['narrow', narrow],
    ] as const
  ).map(([screen, width]) => {
    const drawing = draw(observation, width);
    if (drawing === undefined) return '';
    const text = { title: caption, description: 'The sentences and the table of versions have the same in words.' };
    return element('div', { class: `at-${screen}` }, svgElement(drawing, text, `${id}-${screen}`));
  });
  if (drawn.join('') === '') return '';
  const tools =
    '<div class="tools"><button type="button" data-copy="svg">SVG</button><button type="button" data-copy="png">PNG</button></div>';
  return `<figure id="${id}" class="wide"><figcaption>${escaped(caption)}</figcaption>${drawn.join('')}${tools}</figure>`;
}

function versionTable(observation: Observation): string {
  const rows = versionRows(observation);
  if (rows.length === 0) return '';
  const names = keysOf(versionColumns);
  const isText = (name: string) => name === 'version' || name === 'setting';
  const heads = names.map(
    (name) => `<th scope="col"${isText(name) ? ' class="text"' : ''}>${escaped(versionColumns[name])}</th>`,
  );
  const lines = rows.map((row) => {
    const cells = names.map((name) =>
      name === 'version'
        ? `<th scope="row" class="text">${escaped(row[name])}</th>`
        : `<td${isText(name) ? ' class="text"' : ''}>${escaped(row[name])}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<h2 id="versions">Versions</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="versions"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

/** Cost by day alone, for a wiki. */
export function renderObservationSvg(observation: Observation): string {
  const drawing = drawCostByDay(observation, 840);
  if (drawing === undefined) return 'No cost of a day is known, so there is nothing to show.\n';
  const { width, height, content } = drawing;
  const background = element('rect', { class: 'background', width, height, rx: 6 });
  const text = { title: `Cost of ${observation.function.slice(0, 60)} by day`, description: answerText(observation) };
  const size = { width: String(width), height: String(Math.ceil(height)) };
  return `${svgElement({ width, height, content: background + content }, text, 'tune', size, assets.figureCss)}\n`;
}
