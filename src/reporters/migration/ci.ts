import type { MigrationResult } from '../../model/migration.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { type JunitCase, type JunitProblem, junitXml } from '../wording/machines/junitXml.ts';
import { openMetricsText } from '../wording/machines/openMetrics.ts';
import { annotation } from '../wording/workflowCommand.ts';
import {
  findingText,
  longestReason,
  migrationAnswerSentence,
  migrationPreflightSentence,
  movesTo,
  requiredText,
  smokeTexts,
} from './wording.ts';

/** What CI reads of a migration: JUnit, GitHub's workflow commands, OpenMetrics. */

export function renderMigrationJunit(result: MigrationResult): string {
  const { run, required, preflight, verdict } = result;
  const elapsedMs = run === undefined ? 0 : Math.max(0, Date.parse(run.finishedAt) - Date.parse(run.startedAt));
  const same = (text: string) => text;
  const testCase = (name: string, problem: JunitProblem | undefined): JunitCase => ({
    classname: result.function,
    name,
    elapsedMs: 0,
    problem,
  });
  const message = migrationAnswerSentence(result, same);
  const cases = [
    testCase(`verdict: ${verdict.kind}`, verdictProblem(verdict, message)),
    ...(required === undefined
      ? []
      : [
          testCase(
            `require ${required.require}`,
            required.decided === 'holds'
              ? undefined
              : {
                  kind: required.decided === 'fails' ? 'failure' : 'skipped',
                  type: verdict.kind,
                  message: `${requiredText(result) ?? ''} ${message}`,
                },
          ),
        ]),
  ];
  const output = [
    message,
    ...smokeTexts(result, same),
    migrationPreflightSentence(result),
    ...preflight.findings.map((finding) => findingText(finding, same)),
  ];
  const startedAt = run?.startedAt ?? '1970-01-01T00:00:00.000Z';
  return junitXml([{ name: result.function, startedAt, elapsedMs, cases, output }]);
}

/** *Stay* is an answer as good as *move*; what could not be answered is skipped, and fails where nothing could be measured. */
function verdictProblem({ kind, because }: MigrationResult['verdict'], message: string): JunitProblem | undefined {
  if (kind === 'move' || kind === 'stay') return undefined;
  return { kind: because === 'ownSideFails' ? 'failure' : 'skipped', type: kind, message };
}

export function renderMigrationGithub(result: MigrationResult): string {
  const shown = (text: string) => escapeTerminal(text, 300);
  const place = { title: `tune migrate: ${escapeTerminal(result.function, 80)}` };
  const required = requiredText(result);
  const isFailed = result.verdict.because === 'ownSideFails' || result.required?.decided === 'fails';
  const level = isFailed ? 'error' : result.required?.decided === 'inconclusive' ? 'warning' : 'notice';
  const warnings = [
    ...smokeTexts(result, shown),
    ...result.preflight.findings.slice(0, 10).map((finding) => findingText(finding, shown)),
  ];
  const lines = [migrationAnswerSentence(result, (text) => escapeTerminal(text, longestReason)), required].filter(
    (line) => line !== undefined,
  );
  return [annotation(level, place, lines), ...(warnings.length === 0 ? [] : [annotation('warning', place, warnings)])]
    .map((line) => `${line}\n`)
    .join('');
}

export function renderMigrationGitlab(result: MigrationResult): string {
  const { comparison, verdict } = result;
  const labels = { function: result.function, to: movesTo(result) };
  const memoryMb = verdict.configuration && { memory_mb: String(verdict.configuration.memoryMb) };
  return openMetricsText([
    {
      name: 'tune_migrate_verdict',
      help: 'The one verdict: move, stay, cannot or undecided, with its cause.',
      samples: [{ labels: { ...labels, verdict: verdict.kind, because: verdict.because, ...memoryMb }, value: 1 }],
    },
    {
      name: 'tune_migrate_cost_ratio',
      help: 'Cost on arm64 divided by cost on x86_64.',
      samples:
        comparison === undefined ? [] : [{ labels: { ...labels, ...memoryMb }, value: comparison.costRatio.estimate }],
    },
  ]);
}
