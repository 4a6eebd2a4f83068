import { toleranceOf } from '../advice/comparedRun.ts';
import { findConfiguration, otherArchitecture } from '../model/configuration.ts';
import type { Decision, Savings } from '../model/migration.ts';
import { type MigrationVerdict, requirementDecided, usualMaxSlowdown } from '../model/verdict.ts';
import { type ArchitectureComparison, breakEvenSlowdown } from './comparison.ts';
import { decideMove } from './decision.ts';
import type { MigrationEvidence } from './evidence.ts';
import { type Judged, judgedConfiguration, type MigrationWish } from './judged.ts';
import { savingsOfBills, savingsPerMonth } from './savings.ts';
import { notComparable, undecidedFor } from './unjudgeable.ts';
import { verdictOn } from './verdictOn.ts';

export interface MigrationJudgement {
  readonly verdict: MigrationVerdict;
  /** Of today's setting with the configuration that was judged. */
  readonly comparison?: ArchitectureComparison | undefined;
  /** Only where the verdict rests on the cost. */
  readonly savings?: Savings | undefined;
  readonly required?: Decision | undefined;
  readonly projection?: { readonly memoryMb: number; readonly breakEvenSlowdown: number };
}

/** From everything that is known of a migration to its one answer. Pure: a saved document is judged again with the same result. */
export function judgeMigration(evidence: MigrationEvidence): MigrationJudgement {
  const { current, run } = evidence;
  const wish = wishOf(evidence);
  const failed = notComparable(evidence);
  const judged = failed !== undefined || run === undefined ? undefined : judgedConfiguration(run, current, wish);
  const figures =
    judged &&
    decideMove(judged.comparison, current.architecture, { ...wish, require: 'both' }, run && toleranceOf(run));
  const verdict = failed ?? (judged && figures ? verdictOn(judged, figures, wish, evidence) : undecidedFor(evidence));
  const asked = figures ?? { cheaper: 'inconclusive', notSlower: 'inconclusive' };
  const saves = judged && savingsFor(judged, evidence);
  return {
    verdict,
    comparison: judged?.comparison,
    savings: saves && namesSavings(verdict) ? saves : undefined,
    required:
      evidence.require === undefined
        ? undefined
        : {
            require: evidence.require,
            maxSlowdown: wish.maxSlowdown,
            decided: requirementDecided(verdict),
            cheaper: evidence.require === 'not-slower' ? undefined : (asked.cheaper ?? 'inconclusive'),
            notSlower: evidence.require === 'cheaper' ? undefined : (asked.notSlower ?? 'inconclusive'),
          },
    ...projectionOf(evidence),
  };
}

/** At the traffic that the run was billed at, else at a number of requests; neither is ever a guess. */
function savingsFor(
  { comparison, memoryMb }: Pick<Judged, 'comparison' | 'memoryMb'>,
  { run, current, requestsPerMonth }: MigrationEvidence,
): Savings | undefined {
  const rows = run?.configurations ?? [];
  const paid = findConfiguration(rows, current)?.monthly;
  const other = findConfiguration(rows, { memoryMb, architecture: otherArchitecture(current.architecture) })?.monthly;
  if (paid !== undefined && other !== undefined)
    return savingsOfBills(comparison, current.architecture, { paid, other });
  return requestsPerMonth === undefined
    ? undefined
    : savingsPerMonth(comparison, current.architecture, requestsPerMonth);
}

/** Without `--require` a move is asked to be cheaper; whoever gives a `--max-slowdown` asks for speed, too. */
function wishOf({ require, maxSlowdown }: MigrationEvidence): MigrationWish {
  return {
    require: require ?? (maxSlowdown === undefined ? 'cheaper' : 'both'),
    maxSlowdown: maxSlowdown ?? usualMaxSlowdown,
  };
}

/** A sentence on savings is there only where the verdict rests on them. */
function namesSavings({ kind, because }: MigrationVerdict): boolean {
  return kind === 'move' || because === 'dearer';
}

/** On this machine the other architecture is only a price: how much slower it may be until it costs the same. */
function projectionOf({ run, current, preflight }: MigrationEvidence): Pick<MigrationJudgement, 'projection'> {
  const row = run && findConfiguration(run.configurations, current);
  if (run?.target.path === undefined || row?.warm === undefined || row.status !== 'measured') return {};
  const toArm = breakEvenSlowdown(current.memoryMb, row.warm.billedDurationMs.mean, run.costModel);
  return {
    projection: { memoryMb: current.memoryMb, breakEvenSlowdown: preflight.wanted === 'arm64' ? toArm : 1 / toArm },
  };
}
