import { advise } from '../../advice/advice.ts';
import { isNothingMeasured } from '../../analysis/savedRun/marks.ts';
import type { TuningResult } from '../../model/run.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { formatNumberOf } from '../../text/format.ts';
import { namerOf } from '../wording/namer.ts';
import { wordStatement } from '../wording/wording.ts';
import { type AnnotationKind, annotation } from '../wording/workflowCommand.ts';
import { renderQuiet } from './quiet.ts';

/**
 * Workflow commands for the log of a GitHub step: at most one notice, one warning and one error, since GitHub shows ten of
 * a kind per step and drops the rest. The Markdown for the step's summary is written by the command.
 */
export function renderGithub(result: TuningResult): string {
  const name = escapeTerminal(result.target.path ?? result.target.functionName, 80);
  const lines: Readonly<Record<AnnotationKind, readonly string[]>> = {
    notice: [renderQuiet(result).trim()],
    warning: [
      ...said(result, ['rejected', 'ended', 'local']),
      ...result.warnings.map((warning) => escapeTerminal(warning.text, 400)),
    ],
    error: problemsOf(result),
  };
  return (['notice', 'warning', 'error'] as const)
    .filter((kind) => lines[kind].length > 0)
    .map((kind) => `${annotation(kind, { title: `tune: ${name}` }, lines[kind])}\n`)
    .join('');
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
  return [
    ...(left.length === 0 ? [] : [`${formatNumberOf(left.length, 'thing')} left behind in the account:`, ...left]),
    ...(isNothingMeasured(result) ? ['Nothing could be measured.'] : []),
  ];
}
