import { type Candidate, spreadsOf } from '../analysis/choices.ts';
import { coldStartsOf } from '../analysis/coldStarts.ts';
import { kindOf, roundedUp } from '../analysis/difference.ts';
import { findMadeOf, ofVariant, plain, sameVariant, variantOf } from '../model/configuration.ts';
import type { ConfigurationResult, Undecided } from '../model/run.ts';
import type { InitEffect, VariantComparison, VariantEffect } from '../model/variantComparison.ts';
import { mean, squaredDeviations } from '../stats/moments.ts';
import { pooledRatio, type RatioInterval } from '../stats/pooledRatio.ts';
import { studentTQuantile } from '../stats/quantiles.ts';
import { countOf } from '../stats/samples.ts';
import { ratioEstimate } from '../stats/statistics.ts';
import { comparedRun } from './comparedRun.ts';

/**
 * Each variant beside the function as it is: the ratios at all sizes and architectures where both were measured, pooled. All
 * statements hold together with 95 % confidence (Bonferroni over variants and figures: their errors are hardly related, since
 * each has copies of its own). Empty: nothing was varied, or nothing of it can be compared.
 */
export function compareVariants(run: Undecided): readonly VariantComparison[] {
  const variants = (run.options.variants ?? []).filter((variant) => !sameVariant({ variant }, {}));
  if (variants.length === 0) return [];
  const { measured, judgement } = comparedRun(run);
  const confidence = 1 - 0.05 / (figuresCompared * variants.length);
  return variants.flatMap((variant): readonly VariantComparison[] => {
    const pairs = measured
      .filter(({ configuration }) => sameVariant(configuration, { variant }))
      .flatMap((one): readonly Pair[] => {
        const asItIs = findMadeOf(measured, ofVariant(one.configuration));
        return asItIs === undefined ? [] : [{ one, asItIs }];
      });
    if (pairs.length === 0) return [];
    const effectIn = (figure: 'costs' | 'durations') =>
      effectOf(
        pairs.flatMap(({ one, asItIs }) => {
          const [spread, ofAsItIs] = spreadsOf(one, asItIs, judgement[figure]);
          return ratioEstimate(one[figure], asItIs[figure], spread, 0.95, ofAsItIs) ?? [];
        }),
        { confidence, tolerance: judgement.tolerance, calls: fewestCalls(pairs, figure) },
      );
    const [cost, duration] = [effectIn('costs'), effectIn('durations')];
    if (cost === undefined || duration === undefined) return [];
    const init = initEffect(initPlaces(run, variant.name), { confidence, tolerance: judgement.tolerance });
    return [{ variant: variant.name, places: pairs.length, cost, duration, init }];
  });
}

/** Cost, duration and init. */
const figuresCompared = 3;

interface Pair {
  readonly one: Candidate;
  readonly asItIs: Candidate;
}

function fewestCalls(pairs: readonly Pair[], figure: 'costs' | 'durations'): number {
  return Math.min(...pairs.flatMap(({ one, asItIs }) => [countOf(one[figure]), countOf(asItIs[figure])]));
}

interface Standards {
  readonly confidence: number;
  readonly tolerance: number;
  /** Of each configuration, at least; undefined: they are not what is counted. */
  readonly calls: number | undefined;
}

function effectOf(
  places: readonly RatioInterval[],
  { confidence, tolerance, calls }: Standards,
): VariantEffect | undefined {
  if (places.length === 0) return undefined;
  const pooled = pooledRatio(places, confidence);
  const kind = calls === 1 ? 'notToldApart' : kindOf(pooled, tolerance);
  const side = Math.sign(Math.log(pooled.ratio));
  return {
    kind,
    ...pooled,
    everywhere: places.every(({ ratio }) => Math.sign(Math.log(ratio)) === side),
    moreCalls: kind === 'notToldApart' && calls !== undefined ? moreCalls(pooled, tolerance, calls) : undefined,
  };
}

/** More than anybody would make. */
const mostCalls = 1000;

/** The interval shrinks with the root of the calls; it has to leave out what the ratio is not. */
function moreCalls({ ratio, low, high }: RatioInterval, tolerance: number, calls: number): number | undefined {
  const half = Math.log(high / low) / 2;
  const distance = Math.abs(Math.log(ratio));
  const limit = Math.log1p(tolerance);
  const wanted = distance > limit ? distance : limit - distance;
  const more = calls * ((half / wanted) ** 2 - 1);
  return more > 0 && more <= mostCalls ? roundedUp(more) : undefined;
}

/** Cold starts of one configuration at least that tell how they scatter: one has no deviation. */
const leastStarts = 2;

interface InitPlace {
  readonly ratio: RatioInterval;
  /** Cold starts, of both and of the one with fewer. */
  readonly starts: number;
  readonly fewest: number;
}

/** What would tell is said in cold starts: further warm calls would not. */
function initEffect(places: readonly InitPlace[], standards: Omit<Standards, 'calls'>): InitEffect | undefined {
  const fewest = Math.min(...places.map((place) => place.fewest));
  const ratios = places.map(({ ratio }) => ratio);
  const found = effectOf(ratios, { ...standards, calls: undefined });
  if (found === undefined) return undefined;
  return {
    ...found,
    starts: places.reduce((sum, { starts }) => sum + starts, 0),
    moreColdStarts: found.kind === 'notToldApart' ? moreCalls(found, standards.tolerance, fewest) : undefined,
  };
}

/** Of mean init (or restore) durations, by place; how single ones scatter is pooled over all places, on the log scale. */
function initPlaces(run: Undecided, name: string): readonly InitPlace[] {
  const rows = run.configurations.map((row) => ({ configuration: plain(row), inits: initsOf(row) }));
  const known = rows.filter(({ inits }) => inits.length >= leastStarts);
  const degrees = known.reduce((sum, { inits }) => sum + inits.length - 1, 0);
  if (degrees < 3) return [];
  const variance = known.reduce((sum, { inits }) => sum + squaredDeviations(inits), 0) / degrees;
  const t = studentTQuantile(0.975, degrees);
  return rows
    .filter(({ configuration, inits }) => variantOf(configuration) === name && inits.length > 0)
    .flatMap(({ configuration, inits }): readonly InitPlace[] => {
      const asItIs = findMadeOf(rows, ofVariant(configuration))?.inits ?? [];
      if (asItIs.length === 0) return [];
      const ratio = Math.exp(mean(inits) - mean(asItIs));
      const half = t * Math.sqrt(variance * (1 / inits.length + 1 / asItIs.length));
      return [
        {
          ratio: { ratio, low: ratio * Math.exp(-half), high: ratio * Math.exp(half) },
          starts: inits.length + asItIs.length,
          fewest: Math.min(inits.length, asItIs.length),
        },
      ];
    });
}

/** Logarithms. */
function initsOf({ measurements }: ConfigurationResult): readonly number[] {
  return (coldStartsOf(measurements)?.ms ?? []).filter((ms) => ms > 0).map(Math.log);
}
