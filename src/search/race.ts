import { findMadeOf } from '../model/configuration.ts';
import { normalCdf } from '../stats/quantiles.ts';
import { ofEqualAge } from './equalAge.ts';
import type { SizeEstimate } from './estimate.ts';
import type { Effort, SearchOptions, SizeSoFar } from './options.ts';
import type { Wanted } from './wanted.ts';

/**
 * Who is called again. Method: expected improvement (`rivalOf`). Where it fails: errors are taken as normal and independent, which a few
 * skewed calls of one host are not; hosts are met by a second environment alone (`checkWinner`). Numbers stand in options.ts, with the
 * bench that chose them.
 */
export interface Race {
  readonly best: SizeEstimate;
  /** Sizes that may still be better than the best by more than the tolerance. */
  readonly open: readonly SizeEstimate[];
  /** Their share that may be called no more often, or all of them when the best may not. */
  readonly capped: readonly SizeEstimate[];
  readonly wanted: readonly Wanted[];
}

/** One lap: of the sizes that are still open and the best of all, those whose calls tell most are called again. Undefined when nothing may be chosen. */
export function raceLap(
  estimates: readonly SizeEstimate[],
  measured: readonly SizeSoFar[],
  { tolerance, environments }: SearchOptions,
  effort: Effort,
): Race | undefined {
  const best = leastOf(estimates);
  if (best === undefined) return undefined;
  const rivals = estimates
    .filter((one) => one !== best)
    .map((one) => rivalOf(one, best, tolerance))
    .filter(({ promise }) => promise > effort.worthRacing);
  const called = (estimate: SizeEstimate) => callsOf(estimate, measured);
  const bestIsCapped = isSpent(best.count, called(best), effort.capBest);
  const isCapped = ({ estimate }: Rival) => bestIsCapped || isSpent(estimate.count, called(estimate), effort.capOther);
  const racing = rivals.filter((rival) => !isCapped(rival));
  const lap = racing.length === 0 ? [] : worthCalling(racing, best, effort);
  return {
    best,
    open: rivals.map(({ estimate }) => estimate),
    capped: rivals.filter(isCapped).map(({ estimate }) => estimate),
    wanted: [
      ...lap.map(({ configuration, count, coldRatio }) => ({
        configuration,
        // An eighth more each time: fewer, longer rounds where one call decides little.
        calls: Math.max(1, Math.floor(count / 8)),
        newEnvironment:
          count >= (configuration === best.configuration ? effort.leaderEnvironmentAfter : effort.environmentAfter) &&
          coldRatio <= effort.dearestSecond &&
          openedOf(configuration, measured) < environments,
      })),
      ...ofEqualAge(best, estimates, measured, effort),
    ],
  };
}

/**
 * The winner is not believed from fewer environments than asked for: one lucky host must not decide. The new one gets an
 * eighth of the calls made so far: a winner that was raced for long has met it already. But where its cold start costs as much as many warm calls, what a
 * second host tells is dearer than what it may save.
 */
export function checkWinner(
  best: SizeEstimate,
  measured: readonly SizeSoFar[],
  { environments }: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  // Where every call is a cold start, no number of environments ever answers warm.
  const isGivenUp = callsOf(best, measured) >= 2 * effort.capBest;
  // It has first calls of its own, which tell nothing of the later ones.
  const known = findMadeOf(measured, best.configuration);
  // Its interval then assumes how much hosts differ, and the run says so.
  const isTooDear = best.coldRatio > effort.dearestSecond && openedOf(best.configuration, measured) > 0;
  return openedOf(best.configuration, measured) < environments && !isGivenUp && !isTooDear
    ? [
        {
          configuration: best.configuration,
          calls: Math.max(effort.checkCalls, Math.floor(best.count / 8)) + (known?.steady?.after ?? 0),
          newEnvironment: true,
        },
      ]
    : [];
}

/**
 * What a dollar on one size tells: by how much it takes the promises down. A promise changes with the variance of the difference as the normal
 * density at it ÷ (2 × error), and a call of a size takes the variance of its mean ÷ count off it. The best counts for all that are
 * compared with it. The idea is the knowledge gradient's (Frazier, Powell and Dayanik 2008), to first order. Called are those that tell at
 * least `leastTold` of what the one tells that tells most.
 */
function worthCalling(racing: readonly Rival[], best: SizeEstimate, { leastTold }: Effort): readonly SizeEstimate[] {
  const tells = ({ error, density }: Rival, called: SizeEstimate) =>
    (density * called.error ** 2) / (error * called.count * called.callUsd);
  const told = racing.map((rival) => ({ one: rival.estimate, told: tells(rival, rival.estimate) }));
  const ofBest = racing.reduce((sum, rival) => sum + tells(rival, best), 0);
  const least = leastTold * Math.max(ofBest, ...told.map(({ told: own }) => own));
  const others = told.filter(({ told: own }) => own >= least).map(({ one }) => one);
  return ofBest >= least ? [...others, best] : others;
}

function leastOf(estimates: readonly SizeEstimate[]): SizeEstimate | undefined {
  return estimates.reduce<SizeEstimate | undefined>(
    (least, one) => (least === undefined || one.centre < least.centre ? one : least),
    undefined,
  );
}

/** A size beside the best, from where it would be better by the tolerance. */
interface Rival {
  readonly estimate: SizeEstimate;
  /** Standard error of their ratio, as a fraction. */
  readonly error: number;
  /** Standard normal density at that distance. */
  readonly density: number;
  /** By how much it is better than the best beyond the tolerance, as a fraction, averaged over what the samples leave open. */
  readonly promise: number;
}

/**
 * Its promise is the expected improvement of Bayesian optimization (Mockus 1975; Jones, Schonlau and Welch 1998) of a normal
 * difference. Unlike a fixed number of standard errors it asks for more certainty where a mistake would be dear.
 */
function rivalOf(estimate: SizeEstimate, best: SizeEstimate, tolerance: number): Rival {
  const error = Math.hypot(estimate.error, best.error);
  const distance = (estimate.centre / best.centre - 1 + tolerance) / error;
  const density = Math.exp(-(distance ** 2) / 2) / Math.sqrt(2 * Math.PI);
  return {
    estimate,
    error,
    density,
    promise: error === 0 ? 0 : error * (density - distance * normalCdf(-distance)),
  };
}

/** Calls that bring no answers count, too, so that every race ends. */
function isSpent(count: number, calls: number, cap: number): boolean {
  return count >= cap || calls >= 2 * cap;
}

function callsOf({ configuration }: SizeEstimate, measured: readonly SizeSoFar[]): number {
  return findMadeOf(measured, configuration)?.measurements.length ?? 0;
}

/** Environments that contribute: those of cold starts that were made on purpose have no warm call. */
function openedOf(configuration: SizeEstimate['configuration'], measured: readonly SizeSoFar[]): number {
  const known = findMadeOf(measured, configuration);
  if (known === undefined) return 0;
  const warm = known.measurements.filter(({ start }) => start === 'warm').map(({ environment }) => environment);
  return Math.min(known.environments, new Set(warm).size);
}
