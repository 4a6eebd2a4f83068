import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { element, escaped } from '../figures/svgElements.ts';
import { pageHtml } from '../page/shell.ts';
import { drawRatios } from './ratioFigure.ts';
import {
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
  verdictWord,
} from './wording.ts';

/** One page for a check: the verdicts on top, each function's lines with their intervals below. */
export function renderCheckHtml(result: CheckResult): string {
  const [only, ...others] = result.functions;
  const answer =
    only !== undefined && others.length === 0 ? `${only.function} ${functionSentence(only)}` : summarySentence(result);
  const left = result.leftBehind.map(
    ({ name, command }) => `<li>${escaped(name)}<pre tabindex="0">${escaped(command)}</pre></li>`,
  );
  const body = [
    '<h1>tune check</h1>',
    `<p class="answer">${escaped(answer)}</p>`,
    `<p class="basis">${escaped(`run ${result.runId}, ${result.startedAt}, ${result.backend === 'local' ? 'measured locally, not on AWS' : 'measured on AWS'}`)}</p>`,
    left.length === 0 ? '' : `<h2>Left behind in the account</h2><ul>${left.join('')}</ul>`,
    ...result.functions.map((checked, index) => functionSection(checked, index)),
  ];
  return pageHtml({
    title: 'tune check',
    body: body.filter((part) => part !== '').join('\n'),
    model: { start: 'warm', rows: [] },
  });
}

/** Beside the word: told apart by shape, not by colour alone. */
const verdictSign = {
  passed: '✓',
  regressed: '✗',
  inconclusive: '?',
  notMeasured: '–',
} as const satisfies Record<ShownVerdict, string>;

function functionSection(checked: CheckedFunction, index: number): string {
  const next = nextStep(checked);
  const figure = drawRatios(checked, `ratios-${index}`);
  const rows = checked.metrics.map((metric) =>
    element(
      'tr',
      {},
      `<th scope="row" class="text">${escaped(metricName(metric))}</th>`,
      ...[
        figureText(metric, metric.baseline),
        figureText(metric, metric.current),
        measuredText(metric),
        limitText(metric),
        metricVerdict(metric),
      ].map((text) => `<td>${escaped(text)}</td>`),
    ),
  );
  const heads = ['what is judged', 'baseline', 'current', 'measured', 'limit', 'verdict'].map(
    (title, index) => `<th scope="col"${index === 0 ? ' class="text"' : ''}>${title}</th>`,
  );
  const remarks = [
    `${comparedText(checked, (name) => name)}; ${samplesText(checked)}. ${costBasis(checked)}`,
    ...checked.notes,
    ...checked.warnings.map(({ text }) => `Warning: ${text}`),
    next,
  ].filter((remark) => remark !== undefined);
  return [
    `<h2>${escaped(checked.function)} <span class="verdict-word ${verdictOf(checked)}">${verdictSign[verdictOf(checked)]} ${verdictWord[verdictOf(checked)]}</span></h2>`,
    `<p>${escaped(functionSentence(checked))}</p>`,
    figure,
    rows.length === 0
      ? ''
      : `<div class="scroll" tabindex="0" role="region" aria-label="Lines of ${escaped(checked.function)}"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
    `<ul class="how">${remarks.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`,
  ].join('\n');
}
