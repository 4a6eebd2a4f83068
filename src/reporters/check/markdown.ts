import type { CheckedFunction, CheckResult } from '../../domain/check/result.ts';
import { escapeMarkdown, escapeTerminal, markdownCode } from '../escape.ts';
import { leftBehindKind } from '../verdictText.ts';
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

/** GitHub refuses comments of more than 65,536 characters. */
const mostCharacters = 65_000;

const sign = { passed: '✅', regressed: '❌', inconclusive: '⚠️', notMeasured: '⚠️' } as const;

/** For comments and job summaries. The first line is a hidden marker by which any comment action finds the last one. */
export function renderCheckMarkdown(result: CheckResult): string {
  const head = [
    `<!-- lambda-tune-check: ${markerOf(result)} -->`,
    `### Lambda cost check: ${escapeMarkdown(summarySentence(result))}`,
    verdictTable(result.functions),
    ...leftBehindLines(result),
  ];
  const details: string[] = [];
  let room = mostCharacters - head.join('\n\n').length - 200;
  let left = 0;
  // Failures first: when there is no room for all, those are the ones to read.
  for (const checked of result.functions.toSorted((one, other) => rank(one) - rank(other))) {
    const text = detailsOf(checked);
    room -= text.length + 2;
    if (room >= 0) details.push(text);
    else left += 1;
  }
  const note = left === 0 ? [] : [`${left} more are left out for want of room; the JSON report has them all.`];
  return `${[...head, ...details, ...note].join('\n\n')}\n`;
}

function markerOf({ functions, configFile }: CheckResult): string {
  const name = configFile ?? functions[0]?.function ?? '';
  return encodeURIComponent(escapeTerminal(name)).replaceAll('--', '%2D%2D');
}

function rank(checked: CheckedFunction): number {
  return (['regressed', 'notMeasured', 'inconclusive', 'passed'] as const).indexOf(verdictOf(checked));
}

/** Verdicts stay whatever is cut, so of very many functions only the worst have a row. */
const mostRows = 150;

function verdictTable(functions: readonly CheckedFunction[]): string {
  const rows = functions
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, mostRows)
    .map((checked) => {
      const { memoryMb, architecture } = checked;
      const where = memoryMb === undefined ? '' : `${memoryMb} MB, ${architecture}`;
      const name = escapeMarkdown(checked.function, 100);
      return `| ${sign[verdictOf(checked)]} | ${name} | ${where} | ${escapeMarkdown(functionSentence(checked), 200)} |`;
    });
  const more = functions.length - rows.length;
  return ['| | function | | |', '|---|---|---|---|', ...rows, ...(more > 0 ? [`| | and ${more} more | | |`] : [])].join(
    '\n',
  );
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

function leftBehindLines({ leftBehind }: CheckResult): readonly string[] {
  return leftBehind
    .slice(0, 30)
    .map(
      (left) =>
        `- **Left behind:** ${leftBehindKind[left.kind]} ${markdownCode(left.name, 300)}. Remove it with ${markdownCode(left.command, 1000)}`,
    );
}
