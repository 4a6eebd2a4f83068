import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { escapeTerminal } from '../../text/escape.ts';
import { type AnnotationKind, annotation } from '../wording/workflowCommand.ts';
import { functionSentence, limitText, measuredText, metricName, nextStep, verdictOf } from './wording.ts';

/**
 * Workflow commands for the log of a GitHub step: at most one error or warning and one notice a function, at the line of
 * the config file that names it.
 */
export function renderCheckGithub(result: CheckResult): string {
  return result.functions
    .flatMap((checked) => annotationsOf(checked, result.configFile))
    .concat(leftBehindOf(result))
    .map((line) => `${line}\n`)
    .join('');
}

const kindOf = {
  passed: 'notice',
  regressed: 'error',
  inconclusive: 'warning',
  notMeasured: 'error',
} as const satisfies Record<ReturnType<typeof verdictOf>, AnnotationKind>;

function annotationsOf(checked: CheckedFunction, configFile: string | undefined): readonly string[] {
  const { configLine } = checked;
  const place = {
    title: `tune check: ${escapeTerminal(checked.function, 80)}`,
    file: configFile === undefined ? undefined : escapeTerminal(configFile, 300),
    line: configFile === undefined || configLine === undefined ? undefined : configLine,
  };
  const next = nextStep(checked);
  const main = annotation(kindOf[verdictOf(checked)], place, [
    escapeTerminal(functionSentence(checked), 800),
    ...(next === undefined ? [] : [escapeTerminal(next, 400)]),
  ]);
  const warnings = [
    ...checked.metrics
      .filter(({ warned, verdict }) => warned && verdict !== 'regressed')
      .map(
        (metric) => `${metricName(metric)} ${measuredText(metric)}, above its warn level; limit ${limitText(metric)}`,
      ),
    ...checked.warnings.map(({ text }) => escapeTerminal(text, 400)),
  ];
  // One warning a function: an inconclusive verdict is one already.
  return warnings.length === 0 || checked.verdict === 'inconclusive'
    ? [main]
    : [main, annotation('warning', place, warnings)];
}

function leftBehindOf({ leftBehind }: CheckResult): readonly string[] {
  if (leftBehind.length === 0) return [];
  const lines = leftBehind.map(
    ({ name, command }) => `${escapeTerminal(name, 200)}. Remove it with: ${escapeTerminal(command, 600)}`,
  );
  return [annotation('error', { title: 'tune check: left behind in the account' }, lines)];
}
