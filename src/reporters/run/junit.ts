import { advise } from '../../advice/advice.ts';
import { type JudgedFigures, judgedStart, judging } from '../../analysis/savedRun/judgedFigures.ts';
import { isNothingMeasured } from '../../analysis/savedRun/marks.ts';
import { rejectionCause } from '../../analysis/savedRun/rejections.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import { formatDuration, formatNumberOf, formatUsdPerMillion } from '../../text/format.ts';
import { type JunitCase, type JunitProblem, junitXml } from '../wording/machines/junitXml.ts';
import { namerOf } from '../wording/namer.ts';
import { mixtureOfRun } from '../wording/runWording.ts';
import { causeText, wordStatement } from '../wording/wording.ts';
import { renderQuiet } from './quiet.ts';

/**
 * JUnit XML as GitLab, Jenkins and CircleCI read it: a case for the run and one for each configuration. A size that cannot
 * run is an answer of a sweep, and the exit code stays 0; so its case is skipped with the reason, not failed.
 */
export function renderJunit(result: TuningResult): string {
  const { functionName, path } = result.target;
  const classname = path ?? functionName;
  const name = namerOf(result);
  const elapsedMs = Math.max(0, Date.parse(result.finishedAt) - Date.parse(result.startedAt));
  const run: JunitCase = { classname, name: 'run', elapsedMs, ...problem(runProblem(result)) };
  const cases = result.configurations.map(
    (row): JunitCase => ({
      classname,
      name: name(row),
      elapsedMs: row[judgedStart(result)]?.durationMs.mean ?? 0,
      ...problem(rowProblem(row, result)),
    }),
  );
  const judged = judging(result);
  const mixed = mixtureOfRun(result);
  const figures = result.configurations.flatMap((row) => {
    const text = figuresText(row, judged(row), mixed);
    return text === undefined ? [] : [`${name(row)}: ${text}`];
  });
  const output = [...statementLines(result), ...figures];
  return junitXml([{ name: classname, startedAt: result.startedAt, elapsedMs, cases: [run, ...cases], output }]);
}

function problem(found: JunitProblem | undefined): Pick<JunitCase, 'problem'> {
  return found === undefined ? {} : { problem: found };
}

function statementLines(result: TuningResult): readonly string[] {
  return advise(result).statements.map((statement) => {
    const { label, sentence } = wordStatement(statement, namerOf(result));
    return `${label}: ${sentence.map((part) => (typeof part === 'string' ? part : part.quoted)).join('')}`;
  });
}

function runProblem(result: TuningResult): JunitProblem | undefined {
  if (result.leftBehind.length > 0) {
    const left = formatNumberOf(result.leftBehind.length, 'thing');
    return { kind: 'error', type: 'leftBehind', message: `${left} left behind in the account` };
  }
  switch (result.ended) {
    case 'dryRun':
      return { kind: 'skipped', type: 'dryRun', message: 'dry run: nothing was measured' };
    case 'failed':
      return { kind: 'error', type: 'failed', message: 'the run ended early' };
    case 'interrupted':
      return { kind: 'error', type: 'interrupted', message: 'the run was interrupted' };
    case 'completed':
    case 'spendCap': {
      if (!isNothingMeasured(result)) return undefined;
      return { kind: 'failure', type: 'notMeasured', message: renderQuiet(result).trim() };
    }
  }
}

function rowProblem(row: ConfigurationResult, result: TuningResult): JunitProblem | undefined {
  if (row.status !== 'measured') {
    const why = row.reason ?? (row.status === 'projected' ? 'only its price is known' : causeText[rejectionCause(row)]);
    return { kind: 'skipped', type: row.status, message: `${row.status}: ${why}` };
  }
  return row[judgedStart(result)] === undefined
    ? { kind: 'skipped', type: 'coldOnly', message: 'only cold starts succeeded' }
    : undefined;
}

function allWarmText({ steady }: ConfigurationResult): string {
  if (steady === undefined) return '';
  const { afterCalls, allWarm, reached } = steady;
  const still = reached ? '' : ', still falling';
  return `, without the first ${formatNumberOf(afterCalls, 'warm call')} of an environment${still}; all ${formatNumberOf(allWarm.count, 'warm call')}: ${formatUsdPerMillion(allWarm.costUsdMean)} per million, ${formatDuration(allWarm.meanMs)} on average`;
}

function figuresText(
  row: ConfigurationResult,
  figures: JudgedFigures | undefined,
  mixture: string | undefined,
): string | undefined {
  if (row.status !== 'measured' || figures === undefined) return undefined;
  const { costUsd, meanMs, p95: shown } = figures;
  const count = (row.warm?.count ?? 0) + (mixture === undefined && row.warm ? 0 : (row.cold?.count ?? 0));
  const p95 = shown === null ? '' : `, p95 ${shown.isLeast ? '≥ ' : ''}${formatDuration(shown.ms)}`;
  const mixed = mixture === undefined ? '' : `, ${mixture}`;
  return `${formatUsdPerMillion(costUsd.mean)} per million, ${formatDuration(meanMs)} on average${p95}, ${formatNumberOf(count, 'invocation')}${mixed}${allWarmText(row)}`;
}
