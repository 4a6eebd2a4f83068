import { decide } from '../../src/advice/answer.ts';
import { compareVariants } from '../../src/advice/variantComparison.ts';
import { type Configuration, variantOf } from '../../src/model/configuration.ts';
import { currentOne } from '../../src/model/variant.ts';
import type { VariantComparison } from '../../src/model/variantComparison.ts';
import { simulatedRun, type Truth } from './simulatedRun.ts';

/**
 * Six variants × five sizes × two architectures of a function with one thread of work, two environments of ten calls each;
 * hosts differ by 4 %, calls by 5 %. `factors`: how long each variant takes beside the function as it is.
 */
export function variedTruth(factors: readonly [number, number, number, number, number]): Truth {
  const variants = [currentOne, ...factors.map((_, index) => ({ name: `v${index + 1}`, changes: {} }))];
  const factorOf = (one: Configuration) => factors[Number(variantOf(one).slice(1)) - 1] ?? 1;
  return {
    meanMs: (one) => (factorOf(one) * (100 * 1769)) / Math.min(one.memoryMb, 1769),
    memoryMb: [256, 512, 1024, 1769, 3008],
    architectures: ['x86_64', 'arm64'],
    variants,
    calls: 20,
    betweenCv: 0.04,
    current: { memoryMb: 1024, architecture: 'x86_64' },
  };
}

export interface VariantsFound {
  /** Runs in which the right one is said to cost least. */
  readonly named: number;
  /** Runs whose answer is of the right one. */
  readonly answered: number;
  /** Runs in which any variant is said to cost less or take less time. */
  readonly better: number;
  readonly worse: number;
}

export function variantsFound(truth: Truth, right: string, runs: number): VariantsFound {
  let [named, answered, better, worse] = [0, 0, 0, 0];
  for (let seed = 1; seed <= runs; seed += 1) {
    const run = simulatedRun(truth, seed);
    const compared = compareVariants(run);
    const said = (kind: 'less' | 'more') =>
      compared.filter(({ cost, duration }) => cost.kind === kind || duration.kind === kind);
    if (said('less').length > 0) better += 1;
    if (said('more').length > 0) worse += 1;
    if (bestOf(compared) === right) named += 1;
    const { configuration } = decide(run).answer;
    if (configuration !== undefined && variantOf(configuration) === right) answered += 1;
  }
  return { named: named / runs, answered: answered / runs, better: better / runs, worse: worse / runs };
}

/** In how many runs the init of any variant, and of `v2`, is said to take less or more time. Ten cold starts each that scatter by 12 %. */
export function initsFound(ofV2: number, runs: number): { readonly any: number; readonly v2Faster: number } {
  const truth: Truth = {
    ...variedTruth([1, 1, 1, 1, 1]),
    memoryMb: [512, 1769],
    calls: 4,
    coldStarts: { count: 10, cv: 0.12, initMs: (one) => 300 * (variantOf(one) === 'v2' ? ofV2 : 1) },
  };
  let [any, v2Faster] = [0, 0];
  for (let seed = 1; seed <= runs; seed += 1) {
    const compared = compareVariants(simulatedRun(truth, seed));
    const said = compared.filter(({ init }) => init?.kind === 'less' || init?.kind === 'more');
    if (said.length > 0) any += 1;
    if (said.some(({ variant, init }) => variant === 'v2' && init?.kind === 'less')) v2Faster += 1;
  }
  return { any: any / runs, v2Faster: v2Faster / runs };
}

/** The one that costs least of those said to cost less; else the function as it is. */
function bestOf(compared: readonly VariantComparison[]): string {
  const [best] = compared
    .filter(({ cost }) => cost.kind === 'less')
    .toSorted((one, other) => one.cost.ratio - other.cost.ratio);
  return best?.variant ?? 'current';
}
