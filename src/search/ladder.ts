import {
  architectures,
  type Configuration,
  type Curve,
  findMadeOf,
  plain,
  sameConfiguration,
  sameCurve,
} from '../model/configuration.ts';
import type { SizeEstimate } from './estimate.ts';
import { latencyStandings } from './latencyLimit.ts';
import type { Effort, SearchOptions, SizeSoFar } from './options.ts';
import { openRungs, type Passed, passedOver } from './prior.ts';
import type { Question } from './question.ts';
import type { Wanted } from './wanted.ts';

/** Why no rung beyond `at` is called. */
export interface Closed {
  readonly curve: Curve;
  readonly at: Configuration;
  /** The best rung before it. */
  readonly best: Configuration;
  /** How much dearer (or slower) `at` is than `best`, as a fraction; below 0 it is cheaper. */
  readonly excess: number;
  readonly coldRatio: number;
  /** Set where no rung beyond can be worth it: by how much less than `best` the request and one millisecond of the next one cost, as a fraction. */
  readonly mostSaved?: number | undefined;
  /** In the order of the climb. */
  readonly beyond: readonly Configuration[];
}

export interface Climb {
  readonly next?: Wanted;
  readonly closed?: Closed;
}

/**
 * One step up one ladder (down, when the fastest size is asked for: that is where it lives). A rung is looked at when
 * all before it were; the last one looked at closes the ladder when it is dearer than the best before it by the slack.
 * Sizes that are measured anyway, further along, close nothing and are not compared with: the curve may dip before them.
 */
export function climb(
  curve: Curve,
  question: Question,
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  effort: Effort,
): Climb {
  const rungs = openRungs(ladderOf(curve, question, options), question, estimates, measured, options);
  const reached = frontierOf(rungs, measured, options);
  const standingOf = latencyStandings(measured, options);
  let best: SizeEstimate | undefined;
  for (const [index, configuration] of rungs.entries()) {
    const known = findMadeOf(measured, configuration);
    if (known === undefined) return { next: { configuration, calls: effort.glance, newEnvironment: true } };
    if (known.infeasible !== undefined) continue;
    const estimate = findMadeOf(estimates, configuration);
    if (estimate === undefined) {
      // No answer yet: asked again, but not for ever.
      if (known.measurements.length < 3 * (effort.glance + 1)) {
        return { next: { configuration, calls: effort.glance, newEnvironment: false } };
      }
      continue;
    }
    // Too slow for `maxP95Ms`: it cannot be chosen, so a dearer size may be.
    if (standingOf(known) === 'broken') continue;
    const missing = scoutsOf(estimate, effort) - estimate.count;
    if (missing > 0 && !isGivenUp(known, effort) && !isClearlyDearer(estimate, best, effort)) {
      return { next: { configuration, calls: missing, newEnvironment: false } };
    }
    const settling = callsToSettle(known, options, effort);
    if (settling > 0) return { next: { configuration, calls: settling, newEnvironment: false } };
    const before = best;
    if (best === undefined || estimate.centre < best.centre) best = estimate;
    if (index < reached) continue;
    const excess = before === undefined ? 0 : estimate.centre / before.centre - 1;
    const slack = slackOf(estimate, effort);
    const mostSaved = question === 'cheapest' ? mostSavedBeyond(rungs[index + 1], best, options) : undefined;
    // Of one rung alone it is not known how steep the curve is: there the tolerance decides, and not the price of a cold start.
    const leastWorth = before === undefined ? options.tolerance : Math.max(options.tolerance, -slack);
    const isFloor = mostSaved !== undefined && mostSaved < leastWorth;
    if (isFloor || (before !== undefined && excess > slack)) {
      return {
        closed: {
          curve,
          at: configuration,
          best: (isFloor || before === undefined ? best : before).configuration,
          excess,
          coldRatio: estimate.coldRatio,
          mostSaved: isFloor ? mostSaved : undefined,
          beyond: rungs.slice(index + 1).filter((rung) => !isMeasured(rung, measured)),
        },
      };
    }
  }
  return {};
}

/**
 * By how much less than the best a call of `rung` can cost at most: it pays for the request and one millisecond, and larger ones pay
 * more. Functions of a few milliseconds are soon within the tolerance of that: of seven recorded ones this saves two points of
 * the dollars and costs no regret (`npm run bench:search`, meex2025). Where it fails: the best was called a few times only, and its stalls are still to come.
 */
function mostSavedBeyond(
  rung: Configuration | undefined,
  best: SizeEstimate,
  { leastUsd }: Pick<SearchOptions, 'leastUsd'>,
): number | undefined {
  return rung === undefined || leastUsd === undefined ? undefined : 1 - leastUsd(rung) / best.centre;
}

/** Those that are not climbed, by what production told. */
export function passedRungs(
  curve: Curve,
  question: Question,
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
): readonly Passed[] {
  if (options.prior === undefined) return [];
  return passedOver(ladderOf(curve, question, options), question, estimates, measured, options);
}

/** Index of the last rung that the climb reached: pinned ones are measured without it. */
function frontierOf(
  rungs: readonly Configuration[],
  measured: readonly SizeSoFar[],
  { pinned }: SearchOptions,
): number {
  return rungs.findLastIndex(
    (rung) => isMeasured(rung, measured) && !pinned.some((size) => sameConfiguration(size, rung)),
  );
}

/** Full looks at the sizes that are always measured. */
export function scoutPinned(
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  return options.pinned.flatMap((configuration): readonly Wanted[] => {
    const known = findMadeOf(measured, configuration);
    if (known === undefined) return [{ configuration, calls: effort.scoutsLeast, newEnvironment: true }];
    if (known.infeasible !== undefined || isGivenUp(known, effort)) return [];
    const estimate = findMadeOf(estimates, configuration);
    const missing = estimate === undefined ? effort.glance : scoutsOf(estimate, effort) - estimate.count;
    const calls = Math.max(missing, callsToSettle(known, options, effort));
    return calls > 0 ? [{ configuration, calls, newEnvironment: false }] : [];
  });
}

/** In fewer calls compilation is not seen for what it is. On recorded Java functions: `npm run bench:search -- --in-order`. */
const toSeeCompilation = 24;

/** More calls of a size whose warm calls still become faster: half as many as were made. */
function callsToSettle(
  { measurements, steady }: SizeSoFar,
  { compilesInUse = false }: Pick<SearchOptions, 'compilesInUse'>,
  effort: Effort,
): number {
  if (compilesInUse && measurements.length < toSeeCompilation) return toSeeCompilation - measurements.length;
  if (steady === undefined || steady.isReached || measurements.length >= effort.capOther) return 0;
  return Math.max(effort.scoutsLeast, Math.floor(measurements.length / 2));
}

/** What is climbed, each by itself. */
export function curvesOf({
  variants = [],
  leftOut = [],
}: Pick<SearchOptions, 'variants' | 'leftOut'>): readonly Curve[] {
  return architectures
    .flatMap((architecture): readonly Curve[] =>
      variants.length === 0 ? [{ architecture }] : variants.map((variant) => ({ architecture, variant })),
    )
    .filter((curve) => !leftOut.some((one) => sameCurve(one, curve)));
}

/** Rungs in the order of the climb, the pinned sizes among them. */
export function ladderOf(
  curve: Curve,
  question: Question,
  { ladders, pinned }: Pick<SearchOptions, 'ladders' | 'pinned'>,
): readonly Configuration[] {
  const rungs = ladders[curve.architecture] ?? [];
  if (rungs.length === 0) return [];
  const own = pinned.flatMap((size) => (sameCurve(size, curve) ? [size.memoryMb] : []));
  const ascending = [...new Set([...rungs, ...own])].sort((a, b) => a - b);
  const ordered = question === 'fastest' ? ascending.reverse() : ascending;
  return ordered.map((memoryMb) => plain({ ...curve, memoryMb }));
}

/** Warm calls of a full look: each costs little beside a cold start that was paid already. */
function scoutsOf({ coldRatio }: SizeEstimate, effort: Effort): number {
  const scouts = Math.round(effort.scoutsLeast + (coldRatio - 1) / 2);
  return Math.min(effort.scoutsMost, Math.max(effort.scoutsLeast, scouts));
}

/** A cold start that costs less than so many warm calls does not make a rung dear to try. */
const cheapColdRatio = 10;

/** With the dearest cold starts the last step must have saved this much to make another one worth trying. */
const leastSaving = 0.05;

/**
 * How much dearer a rung may be and the ladder still goes on. On recorded curves 10 % loses next to nothing. But trying the
 * next rung costs a cold start: where that is worth 20 warm calls the climb ends once the cost no longer falls, above 28
 * once it falls by less than 5 % (the gain of a step is rarely larger than that of the step before it).
 */
function slackOf(estimate: SizeEstimate, effort: Effort): number {
  const dearness = Math.log2(Math.max(1, estimate.coldRatio / cheapColdRatio));
  return Math.max(-leastSaving, effort.slack * (1 - dearness));
}

function isClearlyDearer(estimate: SizeEstimate, best: SizeEstimate | undefined, effort: Effort): boolean {
  return best !== undefined && estimate.centre / best.centre - 1 - estimate.error > effort.slack;
}

/** So many calls without the answers hoped for that more of them would not help. */
function isGivenUp({ measurements }: SizeSoFar, effort: Effort): boolean {
  return measurements.length >= 3 * (effort.scoutsMost + 1);
}

function isMeasured(configuration: Configuration, measured: readonly SizeSoFar[]): boolean {
  return measured.some((one) => sameConfiguration(one.configuration, configuration));
}
