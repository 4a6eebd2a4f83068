import { advise } from '../domain/advice.ts';
import type { TuningResult } from '../domain/result.ts';
import { escapeTerminal } from './escape.ts';
import { formatNumberOf } from './format.ts';
import { renderQuiet } from './quiet.ts';
import { namerOf, wordStatement } from './wording.ts';

/**
 * Workflow commands for the log of a GitHub step: at most one notice, one warning and one error, since GitHub shows ten of
 * a kind per step and drops the rest. The Markdown for the step's summary is written by the command.
 */
export function renderGithub(result: TuningResult): string {
  const name = escapeTerminal(result.target.path ?? result.target.functionName, 80);
  const problems = problemsOf(result);
  const annotations = [
    annotation('notice', `tune: ${name}`, [renderQuiet(result).trim(), ...said(result, ['recommendation'])]),
    annotation('warning', `tune: ${name}`, [
      ...said(result, ['rejected', 'ended', 'local']),
      ...result.warnings.map((warning) => escapeTerminal(warning.text, 400)),
    ]),
    annotation('error', `tune: ${name}`, problems),
  ];
  return annotations.flatMap((line) => (line === undefined ? [] : [`${line}\n`])).join('');
}

/** More lines than a reader looks at; the summary has them all. */
const mostLines = 12;

function annotation(kind: 'notice' | 'warning' | 'error', title: string, lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const shown =
    lines.length > mostLines ? [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more`] : lines;
  return `::${kind} title=${property(title)}::${message(shown.join('\n'))}`;
}

function said(result: TuningResult, kinds: readonly string[]): readonly string[] {
  const name = namerOf(result);
  return advise(result)
    .statements.filter((statement) => kinds.includes(statement.kind))
    .map((statement) => {
      const { label, sentence } = wordStatement(statement, name);
      return `${label}: ${sentence.map((part) => (typeof part === 'string' ? part : escapeTerminal(part.quoted))).join('')}`;
    });
}

function problemsOf(result: TuningResult): readonly string[] {
  const left = result.leftBehind.map(
    ({ name, region, command }) =>
      `${escapeTerminal(name, 200)} in ${escapeTerminal(region, 60)}. Remove it with: ${escapeTerminal(command, 600)}`,
  );
  const isAnswered = result.ended === 'dryRun' || result.configurations.some((row) => row.status === 'measured');
  return [
    ...(left.length === 0 ? [] : [`${formatNumberOf(left.length, 'thing')} left behind in the account:`, ...left]),
    ...(isAnswered ? [] : ['Nothing could be measured.']),
  ];
}

/** As actions/toolkit escapes the text of a command (packages/core/src/command.ts). */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
