import { differenceIn } from '../analysis/choices.ts';
import { type ComparedFigures, choiceFigures, comparedFiguresOf } from '../analysis/savedRun/judgedFigures.ts';
import { currentConfiguration, rowOf } from '../analysis/savedRun/marks.ts';
import type { Choice } from '../model/answer.ts';
import { type Configuration, findMadeOf, sameConfiguration } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import { comparedRun, toleranceOf } from './comparedRun.ts';
import { shrunk } from './shrunk.ts';
import type { CurrentStanding, Statement, Ties } from './statements.ts';

/** What is said of the cheapest, the fastest and the balanced configuration, and how today's stands to the cheapest. */

export function cheapestStatement(result: TuningResult): Statement | undefined {
  const [pick] = choiceFigures(result, result.cheapest);
  return pick && { kind: 'cheapest', pick, ties: tiesOf(result, result.cheapest) };
}

export function fastestStatement(result: TuningResult): Statement | undefined {
  const [pick] = choiceFigures(result, result.fastest);
  if (pick === undefined) return undefined;
  const [cheapest] = choiceFigures(result, result.cheapest);
  const tie = result.cheapest?.tiedWith.find((one) => sameConfiguration(one, pick))?.tie;
  const extra =
    cheapest && cheapest.costUsd.mean > 0
      ? { cost: { extraShare: pick.costUsd.mean / cheapest.costUsd.mean - 1 } }
      : {};
  return {
    kind: 'fastest',
    pick,
    ties: tiesOf(result, result.fastest),
    isCheapest: cheapest !== undefined && sameConfiguration(cheapest, pick),
    ...(tie === undefined ? extra : { cost: tie }),
  };
}

function tiesOf(result: TuningResult, choice: Choice): Ties {
  const tolerance = toleranceOf(result);
  if (choice === null) return { tolerance, equal: [], notToldApart: [], calls: { least: 0, most: 0 } };
  const tiedBy = (tie: 'equal' | 'notToldApart') =>
    choice.tiedWith.filter((one) => one.tie === tie).flatMap((one) => comparedFiguresOf(result, one) ?? []);
  const undecided = choice.tiedWith.filter(({ tie }) => tie === 'notToldApart');
  const calls = [choice, ...undecided].map((one) => callsOf(result, one));
  const more = undecided.map(({ moreCalls }) => moreCalls ?? Number.POSITIVE_INFINITY);
  const most = Math.max(...more, 0);
  return {
    tolerance,
    equal: tiedBy('equal'),
    notToldApart: tiedBy('notToldApart'),
    calls: { least: Math.min(...calls), most: Math.max(...calls) },
    moreCalls: most > 0 && Number.isFinite(most) ? most : undefined,
  };
}

/** Warm ones, where any row has them. */
function callsOf(result: TuningResult, configuration: Configuration): number {
  const row = rowOf(result, configuration);
  return row?.warm?.count ?? row?.cold?.count ?? 0;
}

/** Only when it is a third answer: the table marks it in any case. */
export function balancedStatement(result: TuningResult): Statement | undefined {
  const [pick] = choiceFigures(result, result.balanced);
  if (pick === undefined) return undefined;
  const said = [result.cheapest, result.fastest].some((choice) => choice && sameConfiguration(choice, pick));
  return said ? undefined : { kind: 'balanced', pick, ties: tiesOf(result, result.balanced) };
}

export function currentStatement(result: TuningResult): Statement | undefined {
  const current = currentConfiguration(result);
  if (current === undefined) return undefined;
  const cheapest = choiceFigures(result, result.cheapest)[0];
  if (cheapest === undefined) return undefined;
  return { kind: 'current', current, standing: standingOf(result, current, cheapest) };
}

function standingOf(result: TuningResult, current: Configuration, cheapest: ComparedFigures): CurrentStanding {
  const row = rowOf(result, current);
  if (row === undefined) return { kind: 'notMeasured', status: 'notPlanned' };
  if (row.status === 'projected') return { kind: 'notMeasured', status: 'projected' };
  const figures = comparedFiguresOf(result, current);
  if (row.status !== 'measured' || figures === undefined) return { kind: 'notMeasured', status: 'rejected' };
  if (row.latency === 'broken') return { kind: 'breaksLimit', figures };
  if (sameConfiguration(current, cheapest)) return { kind: 'cheapest', figures };
  const tie = result.cheapest?.tiedWith.find((tied) => sameConfiguration(tied, current))?.tie;
  if (tie !== undefined) return { kind: 'tied', figures, tie, tolerance: toleranceOf(result) };
  const compared = comparedRun(result);
  const { measured, judgement } = compared;
  const [from, to] = [current, cheapest].map((wanted) => findMadeOf(measured, wanted));
  if (from === undefined || to === undefined) return { kind: 'notMeasured', status: 'rejected' };
  const { ratio, low, high } = shrunk(differenceIn('costs', to, from, judgement), to, from, compared);
  return {
    kind: 'dearer',
    figures,
    saving: { share: 1 - ratio, low: 1 - high, high: 1 - low },
    savingUsd: figures.costUsd.mean * (1 - ratio),
  };
}
