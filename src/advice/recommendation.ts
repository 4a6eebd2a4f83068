import { byCost, byDuration, type Candidate, differenceIn, type Judgement, product } from '../analysis/choices.ts';
import type { Compared } from '../analysis/compared.ts';
import type { Difference } from '../analysis/difference.ts';
import type { Answer } from '../model/answer.ts';
import { plain, sameVariant } from '../model/configuration.ts';
import type { Goal } from '../model/searchRecord.ts';
import { affordable } from './affordable.ts';
import { asGood } from './asGood.ts';
import { shrunk } from './shrunk.ts';

/** Change or stay, where both the current setting and others were measured. */
export function recommendationOf(
  compared: Compared,
  current: Candidate,
  goal: Goal | undefined,
): Extract<Answer, { kind: 'change' | 'stay' }> {
  const preferred = preferredOf(goal, compared, current);
  const pick = preferred[0] ?? current;
  const configuration = plain(pick.configuration);
  const against = (one: Candidate) => comparison(one, current, compared.judgement);
  const printed = (one: Candidate) => {
    const found = against(one);
    return { ...found, cost: shrunk(found.cost, one, current, compared) };
  };
  if (!compared.candidates.includes(current)) {
    return { kind: 'change', configuration, ...gainsOf(printed(pick)), because: 'currentBreaksLimit' };
  }
  if (pick === current) return { kind: 'stay', configuration, because: 'currentIsBest' };
  const worthIt = [...preferred, ...alsoCheap(goal, compared)].filter((one) => one !== current);
  for (const one of worthIt) {
    const found = against(one);
    const because = reasonFor(goal, compared.judgement.tolerance, found);
    const isSlower = !preferred.includes(one) && found.duration.ratio > 1;
    if (because && !isSlower) {
      return { kind: 'change', configuration: plain(one.configuration), ...gainsOf(printed(one)), because };
    }
  }
  const cheaper = goal === 'fastest' || goal === 'balanced' ? [] : compared.candidates.map(against);
  return {
    kind: 'stay',
    configuration: plain(current.configuration),
    because: cheaper.some(({ cost }) => cost.kind === 'less') ? 'cheaperIsSlower' : 'nothingSurelyBetter',
  };
}

/**
 * Where what comes first does not surely save: what surely does, is no slower than today, and is beaten in both figures by
 * nothing. The fastest first.
 */
function alsoCheap(goal: Goal | undefined, { candidates, judgement }: Compared): readonly Candidate[] {
  if (goal === 'fastest' || goal === 'balanced') return [];
  return asGood('costs', candidates, judgement)
    .filter((one) => !candidates.some((other) => other.costUsd <= one.costUsd && other.durationMs < one.durationMs))
    .toSorted(byDuration);
}

/** The best first; none of them is as good in what decides and worse in the other figure than one before it. */
export function preferredOf(
  goal: Goal | undefined,
  compared: Compared,
  current: Candidate | undefined,
): readonly Candidate[] {
  const { candidates, judgement } = compared;
  // Of what is as good, what changes least.
  const kept = (one: Candidate) => (one === current ? 0 : sameVariant(one.configuration, {}) ? 1 : 2);
  const inOrder = (group: readonly Candidate[], order: (one: Candidate, other: Candidate) => number) =>
    group.toSorted((one, other) => kept(one) - kept(other) || order(one, other));
  switch (goal) {
    case 'fastest':
      return inOrder(asGood('costs', asGood('durations', candidates, judgement), judgement), byCost);
    case 'balanced': {
      const least = Math.min(...candidates.map(product));
      const near = candidates.filter((one) => product(one) <= least * (1 + judgement.tolerance));
      return inOrder(near, (one, other) => product(one) - product(other) || byCost(one, other));
    }
    case 'cheapest':
    case 'all':
    case undefined:
      return inOrder(asGood('durations', affordable(compared), judgement), byCost);
  }
}

export interface CostAndDuration {
  readonly cost: Difference;
  readonly duration: Difference;
}

function comparison(one: Candidate, current: Candidate, judgement: Judgement): CostAndDuration {
  return {
    cost: differenceIn('costs', one, current, judgement),
    duration: differenceIn('durations', one, current, judgement),
  };
}

type Reason = Extract<Answer, { readonly kind: 'change' }>['because'];

/** Why a change from the current setting is worth it; undefined: it is not. */
export function reasonFor(
  goal: Goal | undefined,
  tolerance: number,
  { cost, duration }: CostAndDuration,
): Reason | undefined {
  if (goal === 'balanced') {
    const isGain = cost.kind === 'less' || duration.kind === 'less';
    return isGain && cost.ratio * duration.ratio < 1 ? 'better' : undefined;
  }
  if (cost.kind === 'less' && duration.kind === 'less') return 'cheaperAndFaster';
  if (goal === 'fastest') {
    if (duration.kind === 'less') return 'faster';
    return cost.kind === 'less' && duration.ratio <= 1 ? 'cheaper' : undefined;
  }
  if (cost.kind === 'less' && duration.kind !== 'more') return 'cheaper';
  if (cost.kind === 'less' && cost.high < 1 / (1 + tolerance)) return 'cheaperThoughSlower';
  if (duration.kind === 'less' && cost.kind !== 'more') return 'faster';
  return goal === 'cheapest' && cost.ratio < 1 && cost.kind !== 'equal' ? 'cheapestAsked' : undefined;
}

export function gainsOf({
  cost,
  duration,
}: CostAndDuration): Pick<Extract<Answer, { kind: 'change' }>, 'saves' | 'faster'> {
  const [saves, faster] = [savingOf(cost), savingOf(duration)];
  return { saves, faster };
}

/** Undefined where the two are equal or not told apart: then nothing is claimed. */
function savingOf(difference: Difference) {
  if (difference.kind === 'equal' || difference.kind === 'notToldApart') return undefined;
  if (difference.low === 1 && difference.high === 1) return undefined;
  return { share: 1 - difference.ratio, low: 1 - difference.high, high: 1 - difference.low };
}
