import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { type JunitCase, type JunitProblem, junitXml } from '../wording/machines/junitXml.ts';
import { type CheckMetric, functionSentence, limitText, measuredText, metricName, nextStep } from './wording.ts';

/** A suite for each function: a case for its verdict and one for each judged line. */
export function renderCheckJunit(result: CheckResult): string {
  const elapsedMs = Math.max(0, Date.parse(result.finishedAt) - Date.parse(result.startedAt));
  return junitXml(
    result.functions.map((checked) => {
      const judged = checked.metrics.filter(({ verdict }) => verdict !== null);
      const next = nextStep(checked);
      return {
        name: checked.function,
        startedAt: result.startedAt,
        elapsedMs,
        cases: [
          testCase(checked, 'check', elapsedMs, functionProblem(checked)),
          ...judged.map((metric) => testCase(checked, metricName(metric), 0, metricProblem(metric))),
        ],
        output: [
          functionSentence(checked),
          ...(next === undefined ? [] : [next]),
          ...checked.metrics.map(
            (metric) => `${metricName(metric)}: ${measuredText(metric)}, limit ${limitText(metric)}`,
          ),
          ...checked.notes,
          ...checked.warnings.map(({ text }) => `Warning: ${text}`),
        ],
      };
    }),
  );
}

function testCase(
  checked: CheckedFunction,
  name: string,
  elapsedMs: number,
  problem: JunitProblem | undefined,
): JunitCase {
  return { classname: checked.function, name, elapsedMs, problem };
}

function functionProblem(checked: CheckedFunction): JunitProblem | undefined {
  const message = functionSentence(checked);
  switch (checked.verdict) {
    case 'passed':
      return undefined;
    case 'regressed':
      return { kind: 'failure', type: 'regressed', message };
    case 'inconclusive':
      return { kind: 'skipped', type: 'inconclusive', message };
    case null:
      return { kind: 'error', type: 'notMeasured', message };
  }
}

function metricProblem(metric: CheckMetric): JunitProblem | undefined {
  const message = `${metricName(metric)} ${measuredText(metric)}, limit ${limitText(metric)}`;
  if (metric.verdict === 'regressed') return { kind: 'failure', type: 'regressed', message };
  // A line that is not asked for may stay undecided without keeping the verdict open.
  if (metric.verdict === 'inconclusive') return { kind: 'skipped', type: 'inconclusive', message };
  return undefined;
}
