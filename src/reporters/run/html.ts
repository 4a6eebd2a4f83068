import { advise } from '../../advice/advice.ts';
import { toleranceOf } from '../../advice/comparedRun.ts';
import { shownStarts } from '../../analysis/coldStarts.ts';
import { canCompareSizes } from '../../analysis/savedRun/besideAnswer.ts';
import { judgedStart, mixedColdShare } from '../../analysis/savedRun/judgedFigures.ts';
import { architectures } from '../../model/configuration.ts';
import type { TuningResult } from '../../model/run.ts';
import { estimateCovers } from '../../plan/estimate.ts';
import { formatShare, formatUsd } from '../../text/format.ts';
import { escaped } from '../figures/svgElements.ts';
import { figureSection } from '../page/figureSection.ts';
import { monthlySection } from '../page/monthlySection.ts';
import { pageHtml } from '../page/shell.ts';
import { tableSection } from '../page/tableSection.ts';
import { namerOf } from '../wording/namer.ts';
import { basisText, configurationsText, priceText, spendText } from '../wording/runWording.ts';
import { applyNotes, cleanupWords, commandText, provisioningHead, provisioningLines } from '../wording/verdictText.ts';
import { wordStatement } from '../wording/wording.ts';
import { renderQuiet } from './quiet.ts';

/** One page to look at, to send, to print: it needs nothing from anywhere, and reads without JavaScript. */
export function renderHtml(result: TuningResult): string {
  const { functionName, qualifier, path } = result.target;
  const shown = path ?? (qualifier === '$LATEST' ? functionName : `${functionName}:${qualifier}`);
  return pageHtml({
    title: `${shown.slice(0, 80)}: cost and duration by memory size`,
    body: runBody(result, shown),
    model: modelOf(result),
  });
}

function runBody(result: TuningResult, shown: string): string {
  return [
    `<h1>${escaped(shown)}</h1>`,
    `<p class="answer">${escaped(renderQuiet(result).trim())}</p>`,
    `<p class="basis">${escaped(`${basisText(result)} · ${configurationsText(result)}`)}</p>`,
    leftBehindSection(result),
    verdictSection(result),
    controls(result),
    monthlySection(result),
    figureSection(result),
    tableSection(result),
    applySection(result),
    provisioningSection(result),
    methodSection(result),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What was measured without an answer: of pages that have one of their own. */
export function measurementBody(result: TuningResult): string {
  return [
    `<p class="basis">${escaped(`${basisText(result)} · ${configurationsText(result)}`)}</p>`,
    leftBehindSection(result),
    warningsSection(result),
    viewControls(result),
    monthlySection(result),
    figureSection(result),
    tableSection(result),
    methodSection(result),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function leftBehindSection({ leftBehind, runId, options }: TuningResult): string {
  if (leftBehind.length === 0) return '';
  const items = leftBehind.map(
    ({ name, reason, command }) =>
      `<li><strong>${escaped(name)}</strong>: ${escaped(reason)}<pre tabindex="0">${escaped(command)}</pre></li>`,
  );
  return `<h2>Left behind in the account</h2><p>Remove all with: <code>${escaped(cleanupWords(runId, options.assumedRole))}</code></p><ul>${items.join('')}</ul>`;
}

function verdictSection(result: TuningResult): string {
  const name = namerOf(result);
  const statements = advise(result).statements.map((statement) => {
    const { label, sentence } = wordStatement(statement, name);
    const text = sentence
      .map((part) => (typeof part === 'string' ? escaped(part) : `<q>${escaped(part.quoted)}</q>`))
      .join('');
    return `<dt>${escaped(label)}</dt><dd>${text}</dd>`;
  });
  return [
    statements.length === 0 ? '' : `<dl class="verdict">${statements.join('')}</dl>`,
    warningsSection(result),
  ].join('\n');
}

function warningsSection(result: TuningResult): string {
  const warnings = result.warnings.map(({ text }) => `<dt>Warning</dt><dd>${escaped(text)}</dd>`);
  return warnings.length === 0 ? '' : `<h2>Warnings</h2><dl class="verdict warnings">${warnings.join('')}</dl>`;
}

/** Where nothing is named, no slider names anything either. */
function controls(result: TuningResult): string {
  if (!canCompareSizes(result.answer)) return viewControls(result);
  const coldPercent = Math.round(100 * (mixedColdShare(result) ?? 0));
  const sliders = [
    '<label>Weight on speed <input type="range" id="blend" min="0" max="100" value="0" step="5"><output for="blend">0 %</output></label>',
    `<label>Cold starts <input type="range" id="cold" min="0" max="50" value="${coldPercent}" step="1"><output for="cold">${coldPercent} %</output></label>`,
  ];
  return `${viewControls(result, sliders)}\n<p class="moved" id="moved" aria-live="polite">Move the sliders to see which configuration another blend of cost, speed and cold starts would choose.</p>`;
}

/** What the figures show; `more`: controls of another kind. */
function viewControls(result: TuningResult, more: readonly string[] = []): string {
  const architectures = [...new Set(result.configurations.map(({ architecture }) => architecture))];
  const judged = judgedStart(result);
  const hasBoth = result.configurations.some(({ warm }) => warm) && result.configurations.some(({ cold }) => cold);
  const radio = (name: string, value: string, text: string, isChosen: boolean) =>
    `<label><input type="radio" name="${name}" value="${value}"${isChosen ? ' checked' : ''}> ${text}</label>`;
  const groups = [
    architectures.length < 2
      ? ''
      : `<fieldset><legend>Architectures</legend>${architectures.map((one) => `<label><input type="checkbox" name="architecture" value="${one}" checked> ${one}</label>`).join('')}</fieldset>`,
    hasBoth
      ? `<fieldset><legend>Calls</legend>${radio('start', 'warm', 'warm', judged === 'warm')}${radio('start', 'cold', 'cold', judged === 'cold')}</fieldset>`
      : '',
    `<fieldset><legend>Axes</legend>${radio('axis', 'log', 'log', true)}${radio('axis', 'linear', 'linear', false)}</fieldset>`,
    ...more,
  ];
  return `<div class="controls" role="group" aria-label="What the figures show">${groups.join('')}</div>`;
}

/** What the sliders work with: the means of what was measured, no more. */
function modelOf(result: TuningResult): unknown {
  const name = namerOf(result);
  const means = (summary: TuningResult['configurations'][number]['warm'], withInit: boolean) =>
    summary && {
      usd: summary.costUsd.mean,
      // What a caller waits for: a cold start has its init before it.
      ms: summary.durationMs.mean + (withInit ? (shownStarts(summary)?.mean ?? 0) : 0),
    };
  const start = judgedStart(result);
  return {
    start,
    rows: result.configurations
      .filter((row) => row.status === 'measured' && row[start] !== undefined)
      .map((row) => ({ name: name(row), warm: means(row.warm, false), cold: means(row.cold, true) })),
  };
}

function applySection(result: TuningResult): string {
  const { apply } = advise(result);
  if (apply === undefined) return '';
  const settings = apply.settings.map(({ tool, lines }) => `# ${tool}: ${lines.join('   ')}`);
  const notes = applyNotes(apply).map((note) => `# ${note}`);
  const lines = [...apply.commands.map(commandText), ...notes, ...settings].map((line) => escaped(line));
  return `<h2>To apply it</h2><p>Printed, never run.</p><pre tabindex="0">${lines.join('\n')}</pre>`;
}

function provisioningSection(result: TuningResult): string {
  const { provisioning } = advise(result);
  if (provisioning === undefined) return '';
  const lines = provisioningLines(provisioning).map((line) => escaped(line));
  return `<h2>Provisioned concurrency</h2><p>${escaped(provisioningHead)}</p><pre tabindex="0">${lines.join('\n')}</pre>`;
}

function methodSection(result: TuningResult): string {
  const { gbSecondUsd, requestUsd } = result.costModel;
  const perGb = architectures.map(
    (one) =>
      `${one} ${formatUsd(gbSecondUsd[one])} a GB-second and ${formatUsd(requestUsd[one] * 1e6)} a million requests`,
  );
  const items = [
    'Measured on copies of the function, which are deleted at the end; all configurations side by side, so that they saw the same minutes.',
    'Costs are means of what each call was billed, never trimmed. Intervals hold the mean with 95 % confidence and count each execution environment as a cluster, since hosts differ.',
    `Equal: the whole interval of the difference lies within ${formatShare(toleranceOf(result))}. Not told apart: it does not, and it does not exclude a difference of zero or one within the tolerance either. Percentiles are missing where too few calls could name them.`,
    ...(result.backend === 'local'
      ? ['Measured on one machine, not on AWS: shares of a core and memory limits are imitated, hosts are not.']
      : []),
    `${priceText(result)} ${perGb.join('; ')}. ${estimateCovers}`,
    spendText(result),
    `lambda-tune ${result.tool.version}, ${result.startedAt}, code ${result.target.codeSha256.slice(0, 16)}…`,
  ];
  return `<h2>How it was measured</h2><ul class="how">${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
}
