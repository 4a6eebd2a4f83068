import { type Candidate, differenceIn } from '../analysis/choices.ts';
import type { Compared } from '../analysis/compared.ts';
import { type Difference, kindOf } from '../analysis/difference.ts';
import type { Answer } from '../model/answer.ts';
import { findMadeOf, ofVariant, plain, sameConfiguration } from '../model/configuration.ts';
import type { Goal } from '../model/searchRecord.ts';
import type { BetterVariant } from './chosenVariant.ts';
import { gainsOf, reasonFor, recommendationOf } from './recommendation.ts';

type Change = Extract<Answer, { kind: 'change' }>;

/**
 * A variant that is surely better, at the size that is best for it. Its size is found as ever, from the size that the function
 * has today. What it gains is the variant's ratio over all sizes times that of the step to the other size; their intervals add in
 * quadrature (the step is among copies of the variant, the ratio mostly from others).
 */
export function recommendationWith(
  { variant, compared: effect }: BetterVariant,
  compared: Compared,
  current: Candidate,
  goal: Goal | undefined,
): Change {
  const today = ofVariant(current.configuration, variant);
  const standIn = findMadeOf(compared.candidates, today);
  const variantAlone = { cost: effect.cost, duration: effect.duration };
  const because = reasonOf(goal, compared, variantAlone);
  if (standIn === undefined) {
    const [pick = current] = compared.candidates.toSorted((one, other) => one.costUsd - other.costUsd);
    return { kind: 'change', configuration: plain(pick.configuration), because };
  }
  const best = recommendationOf(compared, standIn, goal).configuration;
  const found = sameConfiguration(best, today) ? undefined : findMadeOf(compared.candidates, best);
  if (found === undefined) return { kind: 'change', configuration: today, ...gainsOf(variantAlone), because };
  const { tolerance } = compared.judgement;
  const both = {
    cost: product(effect.cost, differenceIn('costs', found, standIn, compared.judgement), tolerance),
    duration: product(effect.duration, differenceIn('durations', found, standIn, compared.judgement), tolerance),
  };
  const reason = reasonFor(goal, tolerance, both);
  if (reason === undefined) return { kind: 'change', configuration: today, ...gainsOf(variantAlone), because };
  return { kind: 'change', configuration: best, ...gainsOf(both), because: reason };
}

type Effects = Parameters<typeof reasonFor>[2];

/** It was chosen for being surely less in one of both. */
function reasonOf(goal: Goal | undefined, { judgement }: Compared, effects: Effects): Change['because'] {
  return reasonFor(goal, judgement.tolerance, effects) ?? (effects.cost.kind === 'less' ? 'cheaper' : 'faster');
}

function product(one: Difference, other: Difference, tolerance: number): Difference {
  const ratio = one.ratio * other.ratio;
  const below = Math.hypot(Math.log(one.ratio / one.low), Math.log(other.ratio / other.low));
  const above = Math.hypot(Math.log(one.high / one.ratio), Math.log(other.high / other.ratio));
  const range = { ratio, low: ratio * Math.exp(-below), high: ratio * Math.exp(above) };
  return { kind: kindOf(range, tolerance), ...range };
}
