import { canCompareSizes } from '../analysis/savedRun/besideAnswer.ts';
import {
  type ComparedFigures,
  choiceFigures,
  comparedFiguresOf,
  isAtTraffic,
  judgedStart,
} from '../analysis/savedRun/judgedFigures.ts';
import { currentConfiguration, rowOf } from '../analysis/savedRun/marks.ts';
import { type Rejection, rejectionsOf } from '../analysis/savedRun/rejections.ts';
import type { Choice } from '../model/answer.ts';
import { architectures, type Configuration, findMadeOf, plain, sameConfiguration } from '../model/configuration.ts';
import { preflightReason, type VariantPreflight } from '../model/preflight.ts';
import type { TuningResult } from '../model/run.ts';
import { streamedBytesCostUsd } from '../pricing/streamedBytesCost.ts';
import { mayCostMore } from './affordable.ts';
import { answersStatements } from './answersStatement.ts';
import { type ApplySteps, applySteps } from './applySteps.ts';
import { balancedStatement, cheapestStatement, currentStatement, fastestStatement } from './choiceStatements.ts';
import { heldBackVariants } from './chosenVariant.ts';
import { coldStartStatements } from './coldStartStatement.ts';
import { comparedRun } from './comparedRun.ts';
import { hintsOf } from './hints.ts';
import { type ProvisioningSteps, provisioningSteps } from './provisioning.ts';
import type { Statement } from './statements.ts';
import { trafficStatements } from './trafficStatements.ts';
import { paretoStatement, variantInAnswer, variantStatements } from './variantStatements.ts';

export interface Advice {
  readonly statements: readonly Statement[];
  readonly apply?: ApplySteps | undefined;
  /** Where provisioned concurrency is cheapest at the user's traffic. */
  readonly provisioning?: ProvisioningSteps | undefined;
}

/** The answer first, then what stands behind it. */
export function advise(result: TuningResult): Advice {
  const { answer } = result;
  const apply = answer.kind === 'change' ? applySteps(result, answer.configuration) : undefined;
  const statements: readonly (Statement | undefined)[] = [
    answerStatement(result),
    ...variantStatements(result),
    ...answersStatements(result).map((answers) => ({ kind: 'answers' as const, answers })),
    ...preflightStatements(result),
    endedStatement(result),
    cheapestStatement(result),
    fastestStatement(result),
    balancedStatement(result),
    paretoStatement(result),
    currentStatement(result),
    // The cheapest is named. Only prices of single calls are projected: beside bills of a month they would be another measure.
    ...(isAtTraffic(result) || !canCompareSizes(answer) ? [] : projectedStatements(result)),
    // A dry run planned everything and called nothing: no row failed.
    ...(result.ended === 'dryRun' ? [] : rejectionsOf(result).filter(isNotOfPreflight)).map((rejection) => ({
      kind: 'rejected' as const,
      ...rejection,
    })),
    ...trafficStatements(result),
    ...coldStartStatements(result),
    streamStatement(result),
    ...hintsOf(result).map((hint) => ({ kind: 'hint' as const, hint })),
    localStatement(result),
  ];
  const provisioned = statements.find((statement) => statement?.kind === 'provisioned');
  return {
    statements: statements.filter((statement) => statement !== undefined),
    apply,
    provisioning: provisioned && provisioningSteps(result, provisioned.advice),
  };
}

/** What a dry run is, its end says. */
function answerStatement(result: TuningResult): Statement | undefined {
  const { answer } = result;
  if (answer.kind === 'unanswered' && answer.because === 'dryRun') return undefined;
  const named = answer.configuration && comparedFiguresOf(result, answer.configuration);
  const current = currentConfiguration(result);
  const isNamed = (choice: Choice) =>
    choice !== null && answer.configuration !== undefined && sameConfiguration(choice, answer.configuration);
  const figures = {
    named,
    current,
    isCheapest: isNamed(result.cheapest),
    isFastest: isNamed(result.fastest),
    isOneSize: new Set(measuredOf(result).map(({ memoryMb }) => memoryMb)).size === 1,
    heldBack: heldBackVariants(result, result.variants ?? []),
    variant: variantInAnswer(result),
    extraCostShare: answer.kind === 'change' ? extraCostOf(result, named) : undefined,
    extraCostAtMost: answer.kind === 'change' ? extraCostAtMostOf(result, answer.configuration) : undefined,
  };
  return { kind: 'answer', answer, figures };
}

function measuredOf({ configurations }: TuningResult): TuningResult['configurations'] {
  return configurations.filter(({ status }) => status === 'measured');
}

function extraCostOf(result: TuningResult, named: ComparedFigures | undefined): number | undefined {
  const cheapest = result.cheapest === null ? undefined : comparedFiguresOf(result, result.cheapest);
  const leastUsd = cheapest?.costUsd.mean ?? 0;
  return named !== undefined && leastUsd > 0 ? named.costUsd.mean / leastUsd - 1 : undefined;
}

function extraCostAtMostOf(result: TuningResult, advised: Configuration): number | undefined {
  const { candidates, judgement } = comparedRun(result);
  const { cheapest, options } = result;
  // Who asks for the fastest has asked for what it costs.
  if (options.goal === 'fastest' || options.goal === 'balanced') return undefined;
  if (cheapest === null || sameConfiguration(cheapest, advised)) return undefined;
  const [one, best] = [advised, cheapest].map((wanted) => findMadeOf(candidates, wanted));
  return one && best && mayCostMore(one, best, judgement);
}

/** What its preflight says. */
function isNotOfPreflight({ reason = '' }: Rejection): boolean {
  return !reason.startsWith(preflightReason);
}

/** Where all architectures of a variant are told the same, it is told once. */
export function preflightStatements({
  preflights = [],
}: Pick<TuningResult, 'preflights'>): readonly Extract<Statement, { kind: 'preflight' }>[] {
  const groups = new Map<string, VariantPreflight[]>();
  for (const one of preflights) {
    const findings = one.findings.map(({ where, path, kind, reason }) => [where, path, kind, reason]);
    const key = JSON.stringify([one.variant, one.verdict, findings]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((told) => ({
    kind: 'preflight',
    preflights: told,
    isEverywhere: told.length === preflights.filter(({ variant }) => variant === told[0]?.variant).length,
  }));
}

function projectedStatements(result: TuningResult): readonly Statement[] {
  const cheapest = choiceFigures(result, result.cheapest)[0];
  return architectures.flatMap((architecture): Statement[] => {
    const best = result.configurations
      .filter((row) => row.status === 'projected' && row.architecture === architecture)
      .flatMap(({ projected, ...row }) => (projected ? [{ configuration: plain(row), ...projected }] : []))
      .toSorted((one, other) => one.costUsd.mean - other.costUsd.mean)[0];
    if (best === undefined) return [];
    const { configuration, durationMs, costUsd } = best;
    const extra =
      cheapest && cheapest.costUsd.mean > 0 ? { extraCostShare: costUsd.mean / cheapest.costUsd.mean - 1 } : {};
    const rows = { configuration, durationMs, costUsd, ...extra };
    return [{ kind: 'projected', rows }];
  });
}

function endedStatement(result: TuningResult): Statement | undefined {
  const { ended, options, configurations } = result;
  if (ended === 'completed') return undefined;
  return {
    kind: 'ended',
    ended,
    maxSpendUsd: options.maxSpendUsd,
    unmeasured: configurations.filter((row) => row.status === 'unmeasured').length,
    planned: configurations.filter((row) => row.status !== 'projected').length,
  };
}

/** Of the configuration that the answer names; else of today's, or of the first that was measured. */
function streamStatement(result: TuningResult): Statement | undefined {
  const start = judgedStart(result);
  const named = rowOf(result, result.answer.configuration) ?? rowOf(result, currentConfiguration(result));
  const row = [...(named === undefined ? [] : [named]), ...result.configurations].find((one) => one[start]?.stream);
  const summary = row?.[start];
  if (row === undefined || summary?.stream === undefined) return undefined;
  const { firstByteMs, totalMs, bytes } = summary.stream;
  return {
    kind: 'stream',
    named: plain(row),
    start,
    firstByteMs: firstByteMs && (firstByteMs.p50 ?? firstByteMs.mean),
    totalMs: totalMs.p50 ?? totalMs.mean,
    durationMs: summary.durationMs.p50 ?? summary.durationMs.mean,
    bytes,
    unpricedIn:
      streamedBytesCostUsd(bytes.max, result.costModel.region) === undefined ? result.costModel.region : undefined,
  };
}

function localStatement(result: TuningResult): Statement | undefined {
  if (result.backend !== 'local' || result.ended === 'dryRun') return undefined;
  return {
    kind: 'local',
    cpu: result.emulation?.cpu ?? 'unknown',
    cores: result.emulation?.cores,
    priceRegion: result.costModel.region,
  };
}
