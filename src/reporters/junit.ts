import { advise } from '../domain/advice.ts';
import { judgedStart } from '../domain/recommendation.ts';
import { rejectionCause } from '../domain/rejections.ts';
import type { ConfigurationResult, TuningResult } from '../domain/result.ts';
import { escapeHtml } from './escape.ts';
import { formatDuration, formatNumberOf, formatUsdPerMillion } from './format.ts';
import { renderQuiet } from './quiet.ts';
import { causeText, namerOf, wordStatement } from './wording.ts';

/**
 * JUnit XML as GitLab, Jenkins and CircleCI read it: a case for the run and one for each configuration. A size that cannot
 * run is an answer of a sweep, and the exit code stays 0; so its case is skipped with the reason, not failed.
 */
export function renderJunit(result: TuningResult): string {
  const { functionName, path } = result.target;
  const suite = escapeHtml(path ?? functionName, 200);
  const name = namerOf(result);
  const cases = [
    { name: 'run', seconds: elapsedSeconds(result), content: runContent(result) },
    ...result.configurations.map((row) => ({
      name: name(row),
      seconds: (row[judgedStart(result)]?.durationMs.mean ?? 0) / 1000,
      content: caseContent(row, result),
    })),
  ];
  const count = (start: string) => cases.filter(({ content }) => content.startsWith(start)).length;
  const counts = `tests="${cases.length}" failures="${count('<failure')}" errors="${count('<error')}" skipped="${count('<skipped')}"`;
  const time = elapsedSeconds(result).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lambda-tune" ${counts} time="${time}">`,
    `  <testsuite name="${suite}" ${counts} time="${time}" timestamp="${escapeHtml(result.startedAt)}">`,
    ...cases.map(
      ({ name: title, seconds, content }) =>
        `    <testcase classname="lambda-tune.${suite}" name="${escapeHtml(title)}" time="${seconds.toFixed(6)}">${content}</testcase>`,
    ),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function runContent(result: TuningResult): string {
  const said = advise(result)
    .statements.map((statement) => {
      const { label, sentence } = wordStatement(statement, namerOf(result));
      const parts = sentence.map((part) => (typeof part === 'string' ? part : part.quoted));
      return escapeHtml(`${label}: ${parts.join('')}`, 1000);
    })
    .join('\n');
  return `${runProblem(result)}<system-out>${said}</system-out>`;
}

function runProblem(result: TuningResult): string {
  const element = (kind: 'error' | 'failure' | 'skipped', text: string) =>
    `<${kind} message="${escapeHtml(text, 600)}"/>`;
  if (result.leftBehind.length > 0) {
    return element('error', `${formatNumberOf(result.leftBehind.length, 'thing')} left behind in the account`);
  }
  if (result.ended === 'dryRun') return element('skipped', 'dry run: nothing was measured');
  if (result.ended === 'failed' || result.ended === 'interrupted') {
    return element('error', result.ended === 'failed' ? 'the run ended early' : 'the run was interrupted');
  }
  const isMeasured = result.configurations.some((row) => row.status === 'measured');
  return isMeasured ? '' : element('failure', renderQuiet(result).trim());
}

function caseContent(row: ConfigurationResult, result: TuningResult): string {
  if (row.status !== 'measured') {
    const why = row.reason ?? (row.status === 'projected' ? 'only its price is known' : causeText[rejectionCause(row)]);
    return `<skipped message="${escapeHtml(`${row.status}: ${why}`, 600)}"/>`;
  }
  const summary = row[judgedStart(result)];
  if (summary === undefined) return '<skipped message="only cold starts succeeded"/>';
  const { durationMs, costUsd, count } = summary;
  const p95 = durationMs.p95 === null ? '' : `, p95 ${formatDuration(durationMs.p95)}`;
  const figures = `${formatUsdPerMillion(costUsd.mean)} per million, ${formatDuration(durationMs.mean)} on average${p95}, ${formatNumberOf(count, 'invocation')}`;
  return `<system-out>${escapeHtml(figures)}</system-out>`;
}

function elapsedSeconds(result: TuningResult): number {
  return Math.max(0, Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000;
}
