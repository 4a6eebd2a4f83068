import { calmOnes } from '../analysis/machine/contention.ts';
import { steadyPartsOf, withoutFirstWarm } from '../analysis/steady.ts';
import { isSucceeded, type PayloadShare, type Succeeded } from '../analysis/summarize.ts';
import type { Configuration } from '../model/configuration.ts';
import { mean, median } from '../stats/moments.ts';
import { commonVariance } from './believedScatter.ts';
import type { SearchOptions, SizeSoFar } from './options.ts';
import { figuresOfQuestion, type Question } from './question.ts';

/**
 * What the search decides by, of one size and one question. It is not what is reported: values beyond two medians are
 * clipped here, because one stall among four calls says little about the size it hit, and the report shows plain means. Scatter is
 * pooled over the sizes with a belief. Where it fails: clipping takes off what a size is truly dearer by where stalls are its own, and
 * hosts are in the error only as far as calls of several environments show them. Numbers: `npm run bench:search`.
 */
export interface SizeEstimate {
  readonly configuration: Configuration;
  /** Warm calls that succeeded. */
  readonly count: number;
  /** Of the question's value, in its unit. */
  readonly centre: number;
  /** Relative standard error of `centre`. */
  readonly error: number;
  /** US$ of a warm call. */
  readonly callUsd: number;
  /** Cost of a cold start in warm calls of the same size. */
  readonly coldRatio: number;
}

/** Estimates of all sizes that have a warm success and can be used. */
export function estimatesOf(
  measured: readonly SizeSoFar[],
  question: Question,
  { payloads = [], coldShare = 0, prior }: Pick<SearchOptions, 'payloads' | 'coldShare' | 'prior'>,
): readonly SizeEstimate[] {
  const usable = measured.filter(({ infeasible }) => infeasible === undefined).map(judgedSuccesses);
  // A mixture without cold starts is not known: as in the analysis such a size is not compared with the others.
  const isBlended = coldShare > 0 && usable.some(({ warm, cold }) => warm.length > 0 && cold.length > 0);
  const judged = usable.filter(({ warm, cold }) => warm.length > 0 && (!isBlended || cold.length > 0));
  const figures = figuresOfQuestion[question].map((figure) => {
    const looks = judged.map(({ warm, cold }) => ({
      warm: clipped(warm, figure, payloads),
      cold: coldShare > 0 && cold.length > 0 ? clipped(cold, figure, payloads) : undefined,
    }));
    const pool = commonVariance(
      looks.map(({ warm }) => warm),
      prior,
    );
    return looks.map(({ warm, cold }) => blend(standing(warm, pool), cold && standing(cold, pool), coldShare));
  });
  return judged.map(({ configuration, warm, cold }, index) => {
    const own = figures.flatMap((figure) => figure[index] ?? []);
    const warmUsd = mean(warm.map(({ costUsd }) => costUsd));
    return {
      configuration,
      count: warm.length,
      centre: own.reduce((product, { centre }) => product * centre, 1) ** (1 / own.length),
      error: mean(own.map(({ error }) => error)),
      callUsd: warmUsd,
      coldRatio: cold.length > 0 && warmUsd > 0 ? mean(cold.map(({ costUsd }) => costUsd)) / warmUsd : 1,
    };
  });
}

/** With the steady part of each, told from all of them together: a few calls of one size could not tell. */
export function withSteadyParts(
  measured: readonly SizeSoFar[],
  { payloads, compilesInUse }: Pick<SearchOptions, 'payloads' | 'compilesInUse'>,
): readonly SizeSoFar[] {
  const parts = steadyPartsOf(measured, payloads, compilesInUse);
  return measured.map((one, index) => (parts[index] === undefined ? one : { ...one, steady: parts[index] }));
}

/** Those that it is judged by. */
export function judgedMeasurements({ measurements, steady }: SizeSoFar): SizeSoFar['measurements'] {
  return withoutFirstWarm(measurements, steady?.after ?? 0);
}

export function judgedSuccesses(one: SizeSoFar): {
  readonly configuration: Configuration;
  readonly warm: readonly Succeeded[];
  readonly cold: readonly Succeeded[];
} {
  const succeeded = judgedMeasurements(one).filter(isSucceeded);
  return {
    configuration: one.configuration,
    warm: calmOnes(succeeded.filter(({ start }) => start === 'warm')),
    cold: calmOnes(succeeded.filter(({ start }) => start === 'cold')),
  };
}

/**
 * Beyond this multiple of its median a value is taken as the multiple. Two instead of three save a point of the dollars of meex2025, and
 * 1.5 another, but a size whose own calls stall would then pass for cheap: `npm run bench:search`, seeds 701 and 702, then 801 and 802 (docs/racing.md).
 */
const clipMedians = 2;

/** How many samples the run's common scatter is worth beside a size's own. */
const commonCount = 4;

interface Look {
  readonly count: number;
  readonly centre: number;
  /** Sum of squared relative residuals inside the strata. */
  readonly squares: number;
  readonly freedom: number;
  /** Variance of the mean in units of the variance of one call: 1 ÷ count without strata. */
  readonly leverage: number;
}

/** Strata are estimated apart and combined by weight; those without a call are left out until they have one. */
function clipped(
  calls: readonly Succeeded[],
  figure: (call: Succeeded) => number,
  payloads: readonly PayloadShare[],
): Look {
  const strata = payloads.length < 2 ? [{ weight: 1, own: calls }] : strataOf(calls, payloads);
  const total = strata.reduce((sum, { weight }) => sum + weight, 0);
  let centre = 0;
  let squares = 0;
  let leverage = 0;
  for (const { weight, own } of strata) {
    const values = own.map(figure);
    const limit = clipMedians * median(values);
    const kept = limit > 0 ? values.map((value) => Math.min(value, limit)) : values;
    const average = mean(kept);
    centre += (weight / total) * average;
    leverage += (weight / total) ** 2 / kept.length;
    if (average > 0) for (const value of kept) squares += (value / average - 1) ** 2;
  }
  return { count: calls.length, centre, squares, freedom: calls.length - strata.length, leverage };
}

function strataOf(calls: readonly Succeeded[], payloads: readonly PayloadShare[]) {
  const named = payloads.flatMap(({ name, weight }) => {
    const own = calls.filter(({ payload }) => payload === name);
    return own.length === 0 ? [] : [{ weight, own }];
  });
  return named.length === 0 ? [{ weight: 1, own: calls }] : named;
}

function standing({ centre, squares, freedom, leverage }: Look, pool: number): { centre: number; error: number } {
  return { centre, error: Math.sqrt(((commonCount * pool + squares) / (commonCount + freedom)) * leverage) };
}

function blend(
  warm: { centre: number; error: number },
  cold: { centre: number; error: number } | undefined,
  coldShare: number,
): { centre: number; error: number } {
  if (cold === undefined) return warm;
  const [warmPart, coldPart] = [(1 - coldShare) * warm.centre, coldShare * cold.centre];
  const centre = warmPart + coldPart;
  return { centre, error: Math.hypot(warmPart * warm.error, coldPart * cold.error) / (centre || 1) };
}
