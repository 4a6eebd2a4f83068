import { type ApplySteps, applySteps } from './applySteps.ts';
import { costDifference } from './costDifference.ts';
import { hintsOf } from './hints.ts';
import { currentConfiguration, rowOf, sameConfiguration } from './marks.ts';
import type { Configuration } from './model.ts';
import {
  choiceFigures,
  type Figures,
  figuresOf,
  type Recommendation,
  recommend,
  worthNaming,
} from './recommendation.ts';
import { rejectionsOf } from './rejections.ts';
import type { Choice, TuningResult } from './result.ts';
import type { Standing, Statement } from './statements.ts';

export interface Advice {
  readonly statements: readonly Statement[];
  readonly apply?: ApplySteps;
}

export function advise(result: TuningResult): Advice {
  const recommendation = recommend(result);
  const apply = recommendation && applySteps(result, recommendation.pick);
  const statements: readonly (Statement | undefined)[] = [
    endedStatement(result),
    cheapestStatement(result),
    fastestStatement(result),
    balancedStatement(result),
    currentStatement(result),
    recommendation && recommendationStatement(result, recommendation),
    ...projectedStatements(result),
    // A dry run planned everything and called nothing: no row failed.
    ...(result.ended === 'dryRun' ? [] : rejectionsOf(result)).map((rejection) => ({
      kind: 'rejected' as const,
      ...rejection,
    })),
    ...hintsOf(result, recommendation?.pick, currentConfiguration(result)).map((hint) => ({
      kind: 'hint' as const,
      hint,
    })),
    localStatement(result),
  ];
  return {
    statements: statements.filter((statement) => statement !== undefined),
    ...(apply === undefined ? {} : { apply }),
  };
}

function cheapestStatement(result: TuningResult): Statement | undefined {
  const [pick, ...tied] = choiceFigures(result, result.cheapest);
  if (pick === undefined) return result.ended === 'dryRun' ? undefined : { kind: 'nothingMeasured' };
  const fastest = tied.toSorted((one, other) => one.meanMs - other.meanMs)[0];
  const savedTimeShare = fastest === undefined || pick.meanMs === 0 ? 0 : 1 - fastest.meanMs / pick.meanMs;
  const faster = fastest && savedTimeShare >= worthNaming ? { faster: { figures: fastest, savedTimeShare } } : {};
  return { kind: 'cheapest', pick, tied, ...faster };
}

function fastestStatement(result: TuningResult): Statement | undefined {
  const [pick, ...tied] = choiceFigures(result, result.fastest);
  if (pick === undefined) return undefined;
  const [cheapest, ...tiedForCheapest] = choiceFigures(result, result.cheapest);
  const extra =
    cheapest && cheapest.costUsd.mean > 0 ? { extraCostShare: pick.costUsd.mean / cheapest.costUsd.mean - 1 } : {};
  return {
    kind: 'fastest',
    pick,
    tied,
    isCheapest: cheapest !== undefined && sameConfiguration(cheapest, pick),
    isTiedForCheapest: tiedForCheapest.some((one) => sameConfiguration(one, pick)),
    ...extra,
  };
}

/** Only when it is a third answer: the table marks it in any case. */
function balancedStatement(result: TuningResult): Statement | undefined {
  const [pick] = choiceFigures(result, result.balanced);
  if (pick === undefined) return undefined;
  const said = [result.cheapest, result.fastest].some((choice) => choice && sameConfiguration(choice, pick));
  return said ? undefined : { kind: 'balanced', pick };
}

function currentStatement(result: TuningResult): Statement | undefined {
  const current = currentConfiguration(result);
  if (current === undefined) return undefined;
  const cheapest = choiceFigures(result, result.cheapest)[0];
  if (cheapest === undefined) return undefined;
  return { kind: 'current', current, standing: standingOf(result, current, cheapest) };
}

function standingOf(result: TuningResult, current: Configuration, cheapest: Figures): Standing {
  const row = rowOf(result, current);
  if (row === undefined) return { kind: 'notMeasured', status: 'notPlanned' };
  if (row.status === 'projected') return { kind: 'notMeasured', status: 'projected' };
  const figures = figuresOf(result, current);
  if (row.status !== 'measured' || figures === undefined) return { kind: 'notMeasured', status: 'rejected' };
  if (sameConfiguration(current, cheapest)) return { kind: 'cheapest', figures };
  const saving = costDifference(figures.costUsd, cheapest.costUsd);
  const isTied = result.cheapest?.tiedWith.some((tied) => sameConfiguration(tied, current)) ?? false;
  if (isTied || figures.costUsd.mean === 0) return { kind: 'tied', figures };
  return { kind: 'dearer', figures, saving, savingShare: saving.meanUsd / figures.costUsd.mean };
}

/** Left out where it would only repeat what is cheapest. */
function recommendationStatement(result: TuningResult, { pick, why }: Recommendation): Statement | undefined {
  const row = rowOf(result, currentConfiguration(result));
  const current = row?.status === 'measured' ? figuresOf(result, row) : undefined;
  if (why === 'currentIsAsGood') return { kind: 'recommendation', pick, why };
  if (!current || !(current.costUsd.mean > 0) || !(current.meanMs > 0)) {
    return why === 'cheapest' ? undefined : { kind: 'recommendation', pick, why };
  }
  const bothIn = (choice: Choice) =>
    [pick, current].every((one) => choiceFigures(result, choice).some((tied) => sameConfiguration(tied, one)));
  const againstCurrent = {
    ...(bothIn(result.cheapest) ? {} : { savingShare: 1 - pick.costUsd.mean / current.costUsd.mean }),
    ...(bothIn(result.fastest) ? {} : { savedTimeShare: 1 - pick.meanMs / current.meanMs }),
  };
  return { kind: 'recommendation', pick, why, againstCurrent };
}

function projectedStatements(result: TuningResult): readonly Statement[] {
  const cheapest = choiceFigures(result, result.cheapest)[0];
  return (['x86_64', 'arm64'] as const).flatMap((architecture): Statement[] => {
    const best = result.configurations
      .filter((row) => row.status === 'projected' && row.architecture === architecture)
      .flatMap(({ memoryMb, projected }) => (projected ? [{ memoryMb, ...projected }] : []))
      .toSorted((one, other) => one.costUsd.mean - other.costUsd.mean)[0];
    if (best === undefined) return [];
    const { memoryMb, durationMs, costUsd } = best;
    const extra =
      cheapest && cheapest.costUsd.mean > 0 ? { extraCostShare: costUsd.mean / cheapest.costUsd.mean - 1 } : {};
    const rows = { configuration: { memoryMb, architecture }, durationMs, costUsd, ...extra };
    return [{ kind: 'projected', architecture, rows }];
  });
}

function endedStatement(result: TuningResult): Statement | undefined {
  const { ended, options, configurations } = result;
  if (ended === 'completed') return undefined;
  return {
    kind: 'ended',
    ended,
    ...(options.maxSpendUsd === undefined ? {} : { maxSpendUsd: options.maxSpendUsd }),
    unmeasured: configurations.filter((row) => row.status === 'unmeasured').length,
    planned: configurations.filter((row) => row.status !== 'projected').length,
  };
}

function localStatement(result: TuningResult): Statement | undefined {
  if (result.backend !== 'local') return undefined;
  return {
    kind: 'local',
    cpu: result.emulation?.cpu ?? 'unknown',
    ...(result.emulation === undefined ? {} : { cores: result.emulation.cores }),
    priceRegion: result.costModel.region,
  };
}
