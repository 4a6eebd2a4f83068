import { currentConfiguration, rowOf, sameConfiguration } from './marks.ts';
import type { Configuration } from './model.ts';
import type { Choice, ConfigurationResult, CostInterval, TuningResult } from './result.ts';

/** Differences in speed or cost below this share are not worth naming. */
export const worthNaming = 0.03;

/** What is compared: mean cost and mean duration of the calls that `judgedStart` names. */
export interface Figures extends Configuration {
  readonly costUsd: CostInterval;
  readonly meanMs: number;
}

export interface Recommendation {
  readonly pick: Figures;
  /** Why this one of those that are cheapest within noise. */
  readonly why: 'cheapest' | 'fastestOfTied' | 'currentIsAsGood';
}

/**
 * Of all that are tied for cheapest the fastest, since it costs the same within noise; of those about as fast the current
 * setting before the cheapest, since a change must be worth something. What looks dearer by more than twice the tolerance
 * and is tied only because too little is known of it (a race gives such sizes a glance) is not advised.
 */
export function recommend(result: TuningResult): Recommendation | undefined {
  const tied = choiceFigures(result, result.cheapest);
  const cheapest = tied[0];
  if (cheapest === undefined) return undefined;
  const limitUsd = cheapest.costUsd.mean * (1 + 2 * toleranceOf(result));
  const group = tied.filter(({ costUsd }) => costUsd.mean <= limitUsd);
  const fastestMs = Math.min(...group.map((figures) => figures.meanMs));
  const asFast = group.filter((figures) => figures.meanMs <= fastestMs * (1 + worthNaming));
  const current = currentConfiguration(result);
  const kept = current && asFast.find((figures) => sameConfiguration(figures, current));
  if (kept) return { pick: kept, why: 'currentIsAsGood' };
  if (asFast.includes(cheapest)) return { pick: cheapest, why: 'cheapest' };
  const pick = asFast.toSorted((one, other) => one.costUsd.mean - other.costUsd.mean)[0] ?? cheapest;
  return { pick, why: 'fastestOfTied' };
}

/** Saved runs from before it was recorded took 3 %. */
function toleranceOf({ options }: TuningResult): number {
  return options.tolerance ?? worthNaming;
}

/** The chosen configuration first, then those tied with it. Empty when nothing was chosen. */
export function choiceFigures(result: TuningResult, choice: Choice): readonly Figures[] {
  if (choice === null) return [];
  return [choice, ...choice.tiedWith].flatMap((configuration) => {
    const figures = figuresOf(result, configuration);
    return figures ? [figures] : [];
  });
}

/** Undefined for a row without calls to judge by, and always for a projected one. */
export function figuresOf(result: TuningResult, configuration: Configuration): Figures | undefined {
  const row = rowOf(result, configuration);
  const judged = row && judging(result)(row);
  if (row === undefined || judged === undefined) return undefined;
  const { memoryMb, architecture } = row;
  return { memoryMb, architecture, costUsd: judged.costUsd, meanMs: judged.meanMs };
}

/** What a row is compared by: the mixture that `--cold-share` asks for, else the calls that `judgedStart` names. */
export interface JudgedFigures {
  readonly costUsd: CostInterval;
  /** Of a mixture: what a caller waits for, with init. */
  readonly meanMs: number;
  readonly p95Ms: number | null;
}

/** Answers for each row of one result. Undefined for one without calls to judge by, and always for a projected one. */
export function judging(result: TuningResult): (row: ConfigurationResult) => JudgedFigures | undefined {
  const isMixed = mixedColdShare(result) !== undefined;
  const start = judgedStart(result);
  return (row) => {
    if (row.status === 'projected') return undefined;
    if (isMixed) return row.blended;
    const summary = row[start];
    return summary && { costUsd: summary.costUsd, meanMs: summary.durationMs.mean, p95Ms: summary.durationMs.p95 };
  };
}

/** Share of cold starts in the mixture that configurations are compared by; undefined where one kind of call decides. */
export function mixedColdShare({ configurations }: TuningResult): number | undefined {
  return configurations.find(({ blended }) => blended !== undefined)?.blended?.coldShare;
}

/** Warm calls decide; cold ones only where no configuration that may be chosen has a warm one (see analyze.ts). */
export function judgedStart({ configurations }: TuningResult): 'warm' | 'cold' {
  const measured = configurations.filter((row) => row.status === 'measured');
  return measured.length > 0 && measured.every((row) => row.warm === undefined) ? 'cold' : 'warm';
}
