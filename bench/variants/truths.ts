import { decide } from '../../src/advice/answer.ts';
import { compareVariants } from '../../src/advice/variantComparison.ts';
import { type Configuration, variantOf } from '../../src/model/configuration.ts';
import { currentOne } from '../../src/model/variant.ts';
import type { VariantComparison } from '../../src/model/variantComparison.ts';
import { simulatedRun, type Truth } from '../../test/advice/simulatedRun.ts';

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

/** Shares of the runs. */
export interface VariantsFound {
  /** The right one is said to cost least. */
  readonly named: number;
  /** That, or nothing said of it tells it apart from the one that is. */
  readonly orTied: number;
  /** The answer is of the right one. */
  readonly answered: number;
  /** Any variant is said to cost less or take less time than the function as it is. */
  readonly better: number;
  readonly worse: number;
}

export function variantsFound(truth: Truth, right: string, runs: number, firstSeed = 1): VariantsFound {
  const found = { named: 0, orTied: 0, answered: 0, better: 0, worse: 0 };
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const run = simulatedRun(truth, seed);
    const compared = compareVariants(run);
    const said = (kind: 'less' | 'more') =>
      compared.some(({ cost, duration }) => cost.kind === kind || duration.kind === kind);
    if (said('less')) found.better += 1;
    if (said('more')) found.worse += 1;
    const named = bestOf(compared);
    if (named === right) found.named += 1;
    if (named === right || isTied(compared, right, named)) found.orTied += 1;
    const { configuration } = decide(run).answer;
    if (configuration !== undefined && variantOf(configuration) === right) found.answered += 1;
  }
  return {
    named: found.named / runs,
    orTied: found.orTied / runs,
    answered: found.answered / runs,
    better: found.better / runs,
    worse: found.worse / runs,
  };
}

/** By their cost beside the function as it is: one of both is not told apart from the other. */
function isTied(compared: readonly VariantComparison[], right: string, named: string): boolean {
  const costOf = (name: string) => compared.find(({ variant }) => variant === name)?.cost;
  const [ofRight, ofNamed] = [costOf(right), costOf(named)];
  if (ofRight === undefined || ofNamed === undefined) {
    const kind = (ofRight ?? ofNamed)?.kind;
    return kind === 'notToldApart' || kind === 'equal';
  }
  return ofRight.low <= ofNamed.high && ofNamed.low <= ofRight.high;
}

/** Shares of the runs. */
export interface InitsFound {
  /** The init of any variant is said to take less time. */
  readonly better: number;
  /** Less or more. */
  readonly any: number;
  readonly v2Faster: number;
}

export interface Starts {
  /** Of each configuration, each in an environment of its own. */
  readonly count: number;
  /** How single ones scatter, on a logarithmic scale. */
  readonly cv: number;
}

/** At two of the five sizes: cold starts do not depend on the others. `ofV2`: how long init takes with `v2` beside the others. */
export function initsFound(
  ofV2: number,
  runs: number,
  { count, cv }: Starts = { count: 10, cv: 0.12 },
  firstSeed = 1,
): InitsFound {
  const truth: Truth = {
    ...variedTruth([1, 1, 1, 1, 1]),
    memoryMb: [512, 1769],
    calls: 4,
    coldStarts: { count, cv, initMs: (one) => 300 * (variantOf(one) === 'v2' ? ofV2 : 1) },
  };
  let [better, any, v2Faster] = [0, 0, 0];
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const compared = compareVariants(simulatedRun(truth, seed));
    const kinds = compared.map(({ init }) => init?.kind);
    if (kinds.includes('less')) better += 1;
    if (kinds.includes('less') || kinds.includes('more')) any += 1;
    if (compared.some(({ variant, init }) => variant === 'v2' && init?.kind === 'less')) v2Faster += 1;
  }
  return { better: better / runs, any: any / runs, v2Faster: v2Faster / runs };
}

/** The one that costs least of those said to cost less; else the function as it is. */
function bestOf(compared: readonly VariantComparison[]): string {
  const [best] = compared
    .filter(({ cost }) => cost.kind === 'less')
    .toSorted((one, other) => one.cost.ratio - other.cost.ratio);
  return best?.variant ?? 'current';
}
