import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { escapeMarkdown, escapeTerminal, markdownCode } from '../../text/escape.ts';
import { commentOf, hiddenMarker, leftBehindItems } from '../wording/comment.ts';
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
  samplesText,
  summarySentence,
  verdictOf,
} from './wording.ts';

const sign = { passed: '✅', regressed: '❌', inconclusive: '⚠️', notMeasured: '⚠️' } as const;

/** More nobody reads in a comment, and one clean-up removes all leftovers. */
const mostRows = 150;
const mostLeftovers = 10;

/** For comments and job summaries. */
export function renderCheckMarkdown(result: CheckResult): string {
  const { functions } = result;
  const name = result.configFile ?? result.functions[0]?.function ?? '';
  const isPassed = (checked: CheckedFunction) => verdictOf(checked) === 'passed';
  return commentOf(hiddenMarker('lambda-tune-check', escapeTerminal(name)), [
    {
      items: [{ rank: 0, text: `### Lambda cost check: ${escapeMarkdown(summarySentence(result))}` }],
      between: '\n',
      noun: 'heading',
    },
    {
      lead: '| | function | | |\n|---|---|---|---|',
      items: functions.map((checked) => ({ rank: isPassed(checked) ? 3 : 1, text: verdictRow(checked) })),
      between: '\n',
      noun: 'function',
      most: mostRows,
    },
    { items: leftBehindItems(result.leftBehind, 2), between: '\n', noun: 'leftover', most: mostLeftovers },
    {
      items: functions.map((checked) => ({ rank: isPassed(checked) ? 5 : 4, text: detailsOf(checked) })),
      between: '\n\n',
      noun: 'section',
    },
  ]);
}

function verdictRow(checked: CheckedFunction): string {
  const { memoryMb, architecture } = checked;
  const where = memoryMb === undefined ? '' : `${memoryMb} MB, ${architecture}`;
  const name = escapeMarkdown(checked.function, 100);
  return `| ${sign[verdictOf(checked)]} | ${name} | ${where} | ${escapeMarkdown(functionSentence(checked), 200)} |`;
}

function detailsOf(checked: CheckedFunction): string {
  const next = nextStep(checked);
  const rows = checked.metrics.map(
    (metric) =>
      `| ${metricName(metric)} | ${[figureText(metric, metric.baseline), figureText(metric, metric.current), measuredText(metric), limitText(metric), metricVerdict(metric)].map((text) => escapeMarkdown(text)).join(' | ')} |`,
  );
  const table =
    rows.length === 0 ? [] : ['| | baseline | current | measured | limit | |\n|---|---:|---:|---|---:|---|', ...rows];
  const remarks = [
    `${comparedText(checked, (name) => markdownCode(name, 120))}; ${escapeMarkdown(samplesText(checked))}. ${escapeMarkdown(costBasis(checked))}`,
    ...checked.notes.map((note) => escapeMarkdown(note, 400)),
    ...checked.warnings.map(({ text }) => `**Warning:** ${escapeMarkdown(text, 400)}`),
    ...(checked.acceptedRegression === undefined
      ? []
      : [`**Accepted:** ${escapeMarkdown(checked.acceptedRegression, 300)}`]),
    ...(next === undefined ? [] : [`**What to do:** ${escapeMarkdown(next, 400)}`]),
  ];
  return [
    `#### ${sign[verdictOf(checked)]} ${markdownCode(checked.function, 120)}`,
    table.join('\n'),
    remarks.map((text) => `- ${text}`).join('\n'),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}
