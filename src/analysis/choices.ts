import type { Choice, Tied } from '../model/answer.ts';
import { type Configuration, compareBySize, plain } from '../model/configuration.ts';
import type { Sample } from '../stats/samples.ts';
import type { Spread } from '../stats/spread.ts';
import { type Difference, differenceOf, moreCallsToTell, type Standards } from './difference.ts';
import type { Scatter } from './hosts.ts';

interface CandidateFigures {
  readonly costUsd: number;
  readonly durationMs: number;
  readonly costs: Sample;
  readonly durations: Sample;
}

/** One configuration that may be chosen, with the figures that decide. */
export interface Candidate extends CandidateFigures {
  readonly configuration: Configuration;
  /**
   * Only where two kinds of hosts were met, and it is known which of its environments ran on which: its figures are as on a
   * mixture of both, and these are what was measured.
   */
  readonly asMeasured?: CandidateFigures | undefined;
}

/** What two configurations may differ by and still count as equal, and how values scatter. */
export interface Judgement extends Standards {
  readonly costs: Scatter;
  readonly durations: Scatter;
}

/*
 * The three choices. Method: the least mean, and one interval for every statement beside it (difference.ts, stats/statistics.ts). Where it
 * fails: which is least was seen in the same data; its own mean is too low by about what it was chosen for (advice/shrunk.ts takes that
 * off what is printed as saved). `npm run bench:advice` prints how often the same list is answered alike.
 */

/** Least mean cost. `tiedWith`: what is equal to it or cannot be told apart from it yet, the fastest first. */
export function cheapestOf(candidates: readonly Candidate[], judgement: Judgement): Choice {
  const best = leastBy(candidates, byCost);
  return best === undefined ? null : choice(best, tiedIn('costs', candidates, best, judgement).toSorted(byFastest));
}

/**
 * Least mean duration; where others are told apart as equal to it, the cheapest of these: above one vCPU a single thread
 * gains nothing, and naming the largest size would only cost more. Nothing of a higher mean is named on the ground that too
 * little is known to tell. `tiedWith`: the others that are equal to what is named, or cannot be told apart from it yet, the
 * fastest first.
 */
export function fastestOf(candidates: readonly Candidate[], judgement: Judgement): Choice {
  const best = leastBy(candidates, byDuration);
  if (best === undefined) return null;
  const isEqual = (one: Candidate, other: Candidate) =>
    differenceIn('durations', one, other, judgement).kind === 'equal';
  const asFast = candidates.filter((candidate) =>
    candidates.every((faster) => !(faster.durationMs < candidate.durationMs) || isEqual(candidate, faster)),
  );
  const named = leastBy(asFast, byCost) ?? best;
  const group = new Set([
    best,
    ...asFast,
    ...tiedIn('durations', candidates, best, judgement).map((one) => one.candidate),
  ]);
  group.delete(named);
  return choice(
    named,
    [...group].map((candidate) => tieOf('durations', candidate, named, judgement)).toSorted(byFastest),
  );
}

/**
 * Least product of mean cost and mean duration: a step to another size is worth it when it saves a larger share of the
 * one than it adds to the other. Unlike a weighted sum of both divided by their largest values (AWS Lambda Power
 * Tuning's "balanced" with weight 0.5) it does not change when a size that nobody wants is measured, too. `tiedWith`:
 * products within the tolerance, or not told apart yet, the cheapest first. Equal only where both figures are.
 */
export function balancedOf(candidates: readonly Candidate[], judgement: Judgement): Choice {
  const best = leastBy(candidates, byProduct);
  if (best === undefined) return null;
  const tied = candidates
    .filter((candidate) => candidate !== best && !isWorseProduct(candidate, best, judgement))
    .toSorted(byCost)
    .map((candidate): Tie => {
      const [cost, duration] = (['costs', 'durations'] as const).map((figure) =>
        tieOf(figure, candidate, best, judgement),
      );
      return cost?.tie === 'equal' && duration?.tie === 'equal'
        ? { candidate, tie: 'equal' }
        : { candidate, tie: 'notToldApart' };
    });
  return choice(best, tied);
}

/**
 * Costs are durations times a price, so that both err together: the distances of their intervals add, and not in quadrature.
 */
function isWorseProduct(candidate: Candidate, best: Candidate, judgement: Judgement): boolean {
  if (product(candidate) <= product(best) * (1 + judgement.tolerance)) return false;
  const [cost, duration] = (['costs', 'durations'] as const).map((figure) =>
    differenceIn(figure, candidate, best, judgement),
  );
  return cost !== undefined && duration !== undefined && cost.low * duration.low > 1;
}

type Figure = 'costs' | 'durations';

interface Tie {
  readonly candidate: Candidate;
  readonly tie: Tied['tie'];
  readonly moreCalls?: number | undefined;
}

export function differenceIn(
  figure: Figure,
  candidate: Candidate,
  reference: Candidate,
  judgement: Judgement,
): Difference {
  const [spread, ofReference] = spreadsOf(candidate, reference, judgement[figure]);
  return differenceOf(candidate[figure], reference[figure], spread, judgement, ofReference);
}

/** Of one architecture, both with known kinds of hosts: then what lies between the kinds is in neither. */
export function spreadsOf(one: Candidate, other: Candidate, { hosts, ofOneKind }: Scatter): readonly [Spread, Spread] {
  const [architecture, another] = [one.configuration.architecture, other.configuration.architecture];
  const known = one.asMeasured && other.asMeasured && architecture === another ? ofOneKind?.[architecture] : undefined;
  return known === undefined ? [hosts[architecture], hosts[another]] : [known, known];
}

/** Within the tolerance of the best, or the interval of their ratio contains 1. */
export function isTied(figure: Figure, candidate: Candidate, best: Candidate, judgement: Judgement): boolean {
  const mean = figure === 'costs' ? ('costUsd' as const) : ('durationMs' as const);
  if (candidate[mean] <= best[mean] * (1 + judgement.tolerance)) return true;
  return differenceIn(figure, candidate, best, judgement).kind !== 'more';
}

function tiedIn(
  figure: Figure,
  candidates: readonly Candidate[],
  best: Candidate,
  judgement: Judgement,
): readonly Tie[] {
  return candidates
    .filter((candidate) => candidate !== best && isTied(figure, candidate, best, judgement))
    .map((candidate) => tieOf(figure, candidate, best, judgement));
}

function tieOf(figure: Figure, candidate: Candidate, best: Candidate, judgement: Judgement): Tie {
  if (differenceIn(figure, candidate, best, judgement).kind === 'equal') return { candidate, tie: 'equal' };
  const [spread, ofBest] = spreadsOf(candidate, best, judgement[figure]);
  const moreCalls = moreCallsToTell(candidate[figure], best[figure], spread, judgement, ofBest);
  return { candidate, tie: 'notToldApart', moreCalls };
}

type Order = (one: Candidate, other: Candidate) => number;

const bySize: Order = (one, other) => compareBySize(one.configuration, other.configuration);
export const byCost: Order = (one, other) =>
  one.costUsd - other.costUsd || one.durationMs - other.durationMs || bySize(one, other);
export const byDuration: Order = (one, other) =>
  one.durationMs - other.durationMs || one.costUsd - other.costUsd || bySize(one, other);
const byProduct: Order = (one, other) => product(one) - product(other) || byCost(one, other);
const byFastest = (one: Tie, other: Tie) => byDuration(one.candidate, other.candidate);

export function product({ costUsd, durationMs }: Candidate): number {
  return costUsd * durationMs;
}

function leastBy(candidates: readonly Candidate[], order: Order): Candidate | undefined {
  return candidates.toSorted(order)[0];
}

function choice(named: Candidate, tied: readonly Tie[]): NonNullable<Choice> {
  return {
    ...plain(named.configuration),
    tiedWith: tied.map(({ candidate, ...tie }) => ({ ...plain(candidate.configuration), ...tie })),
  };
}
