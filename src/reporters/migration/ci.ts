import type { MigrationResult } from '../../domain/migrate/result.ts';
import { escapeTerminal } from '../escape.ts';
import { type JunitCase, type JunitProblem, junitXml } from '../junitXml.ts';
import { openMetricsText } from '../openMetrics.ts';
import { annotation } from '../workflowCommand.ts';
import { answerSentence, findingText, movesTo, preflightSentence, requiredText, smokeTexts } from './wording.ts';

/** What CI reads of a migration: JUnit, GitHub's workflow commands, OpenMetrics. */

export function renderMigrationJunit(result: MigrationResult): string {
  const { run, required, preflight } = result;
  const elapsedMs = run === undefined ? 0 : Math.max(0, Date.parse(run.finishedAt) - Date.parse(run.startedAt));
  const same = (text: string) => text;
  const testCase = (name: string, problem: JunitProblem | undefined): JunitCase => ({
    classname: result.function,
    name,
    elapsedMs: 0,
    ...(problem === undefined ? {} : { problem }),
  });
  const message = answerSentence(result, same);
  const cases = [
    testCase(
      'preflight',
      preflight.verdict === 'incompatible'
        ? { kind: 'failure', type: 'incompatible', message: preflightSentence(result) }
        : undefined,
    ),
    ...(required === undefined
      ? []
      : [
          testCase(
            `require ${required.require}`,
            required.decided === 'holds'
              ? undefined
              : {
                  kind: required.decided === 'fails' ? 'failure' : 'skipped',
                  type: required.decided,
                  message: `${requiredText(result) ?? ''} ${message}`,
                },
          ),
        ]),
  ];
  const output = [
    message,
    ...smokeTexts(result, same),
    ...preflight.findings.map((finding) => findingText(finding, same)),
  ];
  const startedAt = run?.startedAt ?? '1970-01-01T00:00:00.000Z';
  return junitXml([{ name: result.function, startedAt, elapsedMs, cases, output }]);
}

export function renderMigrationGithub(result: MigrationResult): string {
  const shown = (text: string) => escapeTerminal(text, 300);
  const place = { title: `tune migrate: ${escapeTerminal(result.function, 80)}` };
  const required = requiredText(result);
  const isFailed = result.preflight.verdict === 'incompatible' || result.required?.decided === 'fails';
  const warnings = [
    ...smokeTexts(result, shown),
    ...result.preflight.findings.slice(0, 10).map((finding) => findingText(finding, shown)),
  ];
  const lines = [answerSentence(result, shown), ...(required === undefined ? [] : [required])];
  return [
    annotation(isFailed ? 'error' : 'notice', place, lines),
    ...(warnings.length === 0 ? [] : [annotation('warning', place, warnings)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export function renderMigrationGitlab(result: MigrationResult): string {
  const { comparison, best } = result;
  const labels = { function: result.function, to: movesTo(result) };
  const samples = (of: (one: { readonly costRatio: { readonly estimate: number } }) => number | undefined) =>
    [
      ['current', comparison],
      ['best', best],
    ].flatMap(([size, one]) => {
      const value = typeof one === 'object' ? of(one) : undefined;
      return value === undefined ? [] : [{ labels: { ...labels, size: String(size) }, value }];
    });
  return openMetricsText([
    {
      name: 'tune_migrate_cost_ratio',
      help: 'Cost on arm64 divided by cost on x86_64.',
      samples: samples(({ costRatio }) => costRatio.estimate),
    },
  ]);
}
