import type { Configuration } from './model.ts';
import type { Choice } from './result.ts';
import type { Sample } from './samples.ts';
import type { Spread } from './spread.ts';
import { ratioEstimate } from './statistics.ts';

/** One configuration that may be chosen, with the figures that decide. */
export interface Candidate {
  readonly configuration: Configuration;
  readonly costUsd: number;
  readonly durationMs: number;
  readonly costs: Sample;
  readonly durations: Sample;
}

/** What two configurations may differ by and still count as equal, and how values scatter. */
export interface Judgement {
  /** A fraction of the better one. */
  readonly tolerance: number;
  readonly costs: Spread;
  readonly durations: Spread;
}

/** Least mean cost. `tiedWith`: what cannot be told apart from it, the fastest first. */
export function cheapestOf(candidates: readonly Candidate[], judgement: Judgement): Choice {
  const best = leastBy(candidates, byCost);
  if (best === undefined) return null;
  const tied = candidates.filter((candidate) => candidate !== best && isTiedInCost(candidate, best, judgement));
  return choice(best, tied.toSorted(byDuration));
}

/**
 * Of those that cannot be told apart from the least mean duration, the one of least mean cost: above one vCPU a single
 * thread gains nothing, and naming the largest size would only cost more. `tiedWith`: the others, the fastest first.
 */
export function fastestOf(candidates: readonly Candidate[], judgement: Judgement): Choice {
  const best = leastBy(candidates, byDuration);
  if (best === undefined) return null;
  const group = candidates.filter((candidate) => candidate === best || isTiedInDuration(candidate, best, judgement));
  const named = leastBy(group, byCost) ?? best;
  return choice(named, group.filter((candidate) => candidate !== named).toSorted(byDuration));
}

/**
 * Least product of mean cost and mean duration: a step to another size is worth it when it saves a larger share of the
 * one than it adds to the other. Unlike a weighted sum of both divided by their largest values (AWS Lambda Power
 * Tuning's "balanced" with weight 0.5) it does not change when a size that nobody wants is measured, too. `tiedWith`:
 * products within the tolerance, the cheapest first.
 */
export function balancedOf(candidates: readonly Candidate[], judgement: Judgement): Choice {
  const best = leastBy(candidates, byProduct);
  if (best === undefined) return null;
  const limit = product(best) * (1 + judgement.tolerance);
  const tied = candidates.filter((candidate) => candidate !== best && product(candidate) <= limit);
  return choice(best, tied.toSorted(byCost));
}

/** Within the tolerance of the best, or the interval of their ratio contains 1. */
function isTiedInCost(candidate: Candidate, best: Candidate, { tolerance, costs }: Judgement): boolean {
  if (candidate.costUsd <= best.costUsd * (1 + tolerance)) return true;
  return !isSurelyMore(candidate.costs, best.costs, costs);
}

function isTiedInDuration(candidate: Candidate, best: Candidate, { tolerance, durations }: Judgement): boolean {
  if (candidate.durationMs <= best.durationMs * (1 + tolerance)) return true;
  return !isSurelyMore(candidate.durations, best.durations, durations);
}

function isSurelyMore(sample: Sample, least: Sample, spread: Spread): boolean {
  const ratio = ratioEstimate(sample, least, spread);
  // Without a ratio the least is 0 and the other is not.
  return ratio === undefined || ratio.low > 1;
}

type Order = (one: Candidate, other: Candidate) => number;

const bySize: Order = (one, other) =>
  one.configuration.memoryMb - other.configuration.memoryMb ||
  one.configuration.architecture.localeCompare(other.configuration.architecture, 'en');
const byCost: Order = (one, other) =>
  one.costUsd - other.costUsd || one.durationMs - other.durationMs || bySize(one, other);
const byDuration: Order = (one, other) =>
  one.durationMs - other.durationMs || one.costUsd - other.costUsd || bySize(one, other);
const byProduct: Order = (one, other) => product(one) - product(other) || byCost(one, other);

function product({ costUsd, durationMs }: Candidate): number {
  return costUsd * durationMs;
}

function leastBy(candidates: readonly Candidate[], order: Order): Candidate | undefined {
  return candidates.toSorted(order)[0];
}

function choice(named: Candidate, tied: readonly Candidate[]): Choice {
  return { ...plain(named), tiedWith: tied.map(plain) };
}

function plain({ configuration: { memoryMb, architecture } }: Candidate): Configuration {
  return { memoryMb, architecture };
}
