import { mean, squaredDeviations } from '../../src/stats/moments.ts';
import type { RecordedFunction } from './records.ts';
import type { Answer } from './rule.ts';

/** One replayed run of one rule on one function, judged by the records' truth. */
export interface Outcome {
  readonly spentUsd: number;
  readonly invocations: number;
  /** True cost of the pick ÷ that of the truly best recorded size − 1. */
  readonly regret: number;
  /** The same of the search's own pick, where the answer may name another. */
  readonly pickRegret?: number;
  readonly tieHit: boolean;
  readonly tieSize: number;
  readonly covered?: boolean;
  /** US$ by what they were spent on, where the rule tells it. */
  readonly partsUsd: ReadonlyMap<string, number>;
}

/** All runs of one rule on one function. */
export type Outcomes = readonly Outcome[];

/** One row of the table. Shares, ratios and regrets are fractions. */
export interface Score {
  readonly x50: number;
  readonly invocations: number;
  readonly regretMean: number;
  /** Standard error of `regretMean`, of these functions: only the runs are drawn. */
  readonly regretError: number;
  readonly regretP95: number;
  readonly regretP99: number;
  readonly regretMax: number;
  readonly over5: number;
  /** Null for a rule whose answer is its pick. */
  readonly pickRegretMean: number | null;
  readonly tieHit: number;
  readonly tieSize: number;
  /** Null for a rule that states no interval. */
  readonly coverage: number | null;
  /** How `regretMean` differs from that of the first rule in the same runs, with its standard error; null where that was not asked for. */
  readonly moreThanFirst: { readonly regret: number; readonly error: number } | null;
  /** `x50`, by what it was spent on; empty for a rule that does not tell. */
  readonly parts: Readonly<Record<string, number>>;
}

export function judge(
  recorded: RecordedFunction,
  answer: Answer,
  paid: Pick<Outcome, 'spentUsd' | 'invocations' | 'partsUsd'>,
): Outcome {
  const bestUsd = Math.min(...recorded.configurations.map(({ costUsd }) => costUsd));
  return {
    spentUsd: paid.spentUsd,
    invocations: paid.invocations,
    partsUsd: paid.partsUsd,
    // A size between the recorded ones may be cheaper than all of them: no loss.
    regret: Math.max(0, answer.trueCostUsd / bestUsd - 1),
    ...(answer.pickUsd !== undefined && { pickRegret: Math.max(0, answer.pickUsd / bestUsd - 1) }),
    tieHit: answer.tied.some(({ costUsd }) => costUsd === bestUsd),
    tieSize: answer.tied.length,
    ...(answer.covered !== undefined && { covered: answer.covered }),
  };
}

/** Regrets of all functions pooled; dollars as the mean over functions of the ratio to `reference` (ALPT N=50). */
export function score(
  perFunction: readonly Outcomes[],
  reference: readonly Outcomes[],
  first: readonly Outcomes[] | undefined = undefined,
): Score {
  const all = perFunction.flat();
  const regrets = Float64Array.from(all, ({ regret }) => regret).sort();
  const quantile = (p: number) => regrets[Math.max(0, Math.ceil(p * regrets.length) - 1)] ?? Number.NaN;
  const picks = all.flatMap(({ pickRegret }) => (pickRegret === undefined ? [] : [pickRegret]));
  const covered = all.flatMap(({ covered }) => (covered === undefined ? [] : [covered ? 1 : 0]));
  return {
    x50: mean(perFunction.map((outcomes, index) => spent(outcomes) / spent(reference[index] ?? []))),
    invocations: mean(all.map(({ invocations }) => invocations)),
    regretMean: mean([...regrets]),
    regretError: errorOf(perFunction.map(regretsOf)),
    regretP95: quantile(0.95),
    regretP99: quantile(0.99),
    regretMax: regrets.at(-1) ?? Number.NaN,
    over5: mean(all.map(({ regret }) => (regret > 0.05 ? 1 : 0))),
    pickRegretMean: picks.length === 0 ? null : mean(picks),
    tieHit: mean(all.map(({ tieHit }) => (tieHit ? 1 : 0))),
    tieSize: mean(all.map(({ tieSize }) => tieSize)),
    coverage: covered.length === 0 ? null : mean(covered),
    moreThanFirst: first === undefined ? null : differenceOf(perFunction, first),
    parts: partsOf(perFunction, reference),
  };
}

function regretsOf(outcomes: Outcomes): readonly number[] {
  return outcomes.map(({ regret }) => regret);
}

/** Run by run: both rules met the same calls. */
function differenceOf(perFunction: readonly Outcomes[], first: readonly Outcomes[]): Score['moreThanFirst'] {
  const differences = perFunction.map((outcomes, index) =>
    outcomes.map(({ regret }, run) => regret - (first[index]?.[run]?.regret ?? Number.NaN)),
  );
  return { regret: mean(differences.flat()), error: errorOf(differences) };
}

/** Standard error of the mean of all, where the functions are given and the runs of each are drawn. */
function errorOf(perFunction: readonly (readonly number[])[]): number {
  const variances = perFunction.map((own) =>
    own.length < 2 ? 0 : squaredDeviations(own) / (own.length - 1) / own.length,
  );
  return Math.sqrt(mean(variances) / variances.length);
}

function partsOf(perFunction: readonly Outcomes[], reference: readonly Outcomes[]): Score['parts'] {
  const names = new Set(perFunction.flat().flatMap(({ partsUsd }) => [...partsUsd.keys()]));
  const shareOf = (name: string) =>
    mean(
      perFunction.map(
        (outcomes, index) =>
          mean(outcomes.map(({ partsUsd }) => partsUsd.get(name) ?? 0)) / spent(reference[index] ?? []),
      ),
    );
  return Object.fromEntries([...names].map((name) => [name, shareOf(name)]));
}

function spent(outcomes: Outcomes): number {
  return mean(outcomes.map(({ spentUsd }) => spentUsd));
}
