import type { Compared } from '../analysis/compared.ts';
import { neverCalm } from '../analysis/machine/contention.ts';
import { slowThroughout } from '../analysis/machine/slowThroughout.ts';
import { currentConfiguration, rowOf } from '../analysis/savedRun/marks.ts';
import type { Answer } from '../model/answer.ts';
import { type Configuration, findMadeOf, plain } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Undecided } from '../model/run.ts';
import type { Goal } from '../model/searchRecord.ts';
import { currentOne } from '../model/variant.ts';
import type { VariantComparison } from '../model/variantComparison.ts';
import { type BetterVariant, betterVariant, comparedOf, withoutPreviews } from './chosenVariant.ts';
import { comparedRun } from './comparedRun.ts';
import { preferredOf, recommendationOf } from './recommendation.ts';
import { recommendationWith } from './variantAnswer.ts';
import { compareVariants } from './variantComparison.ts';

/** What was decided of a run: saved with it, and repeated by everything that is shown. */
export interface Decided {
  readonly answer: Answer;
  /** Undefined: nothing was varied. */
  readonly variants: readonly VariantComparison[] | undefined;
}

export function decide(run: Undecided): Decided {
  const nothing = unanswerable(run);
  const isVaried = run.options.variants !== undefined;
  if (nothing !== undefined) return { answer: nothing, variants: isVaried ? [] : undefined };
  if (!isVaried) return { answer: answerAmong(run, comparedRun(run), undefined), variants: undefined };
  const variants = compareVariants(run);
  const better = betterVariant(run, variants);
  const whole = comparedRun(run);
  const own = comparedOf(whole, better?.variant ?? currentOne);
  if (own.candidates.length > 0) return { answer: answerAmong(run, own, better), variants };
  // Where the function as it is cannot run at all, whatever can is looked at.
  const final = withoutPreviews(whole);
  const answer: Answer =
    final.candidates.length === 0 ? { kind: 'unanswered', because: 'onlyPreviews' } : answerAmong(run, final, better);
  return { answer, variants };
}

/**
 * The one recommendation of a run, from its measurements alone. Everything that is shown follows from it.
 *
 * 1. Of all that nothing shows to be dearer than the cheapest, the fastest; of those that nothing shows to be slower than that
 *    the current setting, else the cheapest. (`--goal fastest`: the other way round; `--goal balanced`: the least product of
 *    both.) What is dominated, as cheap and slower than another, never comes first.
 * 2. A change must be worth something for sure: the interval of a saving in cost or in time excludes 0, and its mean is beyond
 *    the tolerance. What is slower than today needs a sure saving, unless the cheapest was asked for in so many words.
 *
 * "Shows" and "sure" are one interval, that of `differenceIn`: it is as wide as the choice among all of them asks for. What is printed as
 * saving is shrunk for the choice (`shrunk`).
 */
export function answerOf(run: Undecided): Answer {
  return decide(run).answer;
}

/** Undefined: there is something to answer from. */
function unanswerable(run: Undecided): Extract<Answer, { kind: 'unanswered' }> | undefined {
  if (run.ended === 'dryRun') return { kind: 'unanswered', because: 'dryRun' };
  if (comparedRun(run).candidates.length === 0) return { kind: 'unanswered', because: 'nothingMeasured' };
  if (run.emulation?.cpu === 'none') return { kind: 'unanswered', because: 'noCpuShare' };
  const isRoughThroughout =
    run.configurations.some(({ measurements }) => isRough(measurements)) ||
    slowThroughout(run.configurations.flatMap(({ measurements }) => measurements)) !== undefined;
  return isRoughThroughout ? { kind: 'unanswered', because: 'hostNeverCalm' } : undefined;
}

function answerAmong(run: Undecided, compared: Compared, better: BetterVariant | undefined): Answer {
  const goal = askedGoal(run);
  const present = currentConfiguration(run);
  const current = present && findMadeOf(comparedRun(run).measured, present);
  const preferred = preferredOf(goal, compared, current);
  const [pick] = preferred;
  if (pick === undefined) return { kind: 'unanswered', because: 'nothingMeasured' };
  const configuration = plain(pick.configuration);
  if (present === undefined) return { kind: 'change', configuration, because: 'noCurrent' };
  if (current === undefined) return withoutCurrent(run, present, configuration);
  if (better === undefined) return recommendationOf(compared, current, goal);
  return recommendationWith(better, compared, current, goal);
}

function withoutCurrent(run: Undecided, present: Configuration, configuration: Configuration): Answer {
  const status = rowOf(run, present)?.status;
  return status === 'infeasible' || status === 'disqualified'
    ? { kind: 'change', configuration, because: 'currentCannotRun' }
    : { kind: 'unanswered', configuration, because: 'currentNotMeasured' };
}

/** The machine was busy during most of its warm calls: what is said of it is said of the machine. */
function isRough(measurements: readonly Measurement[]): boolean {
  return neverCalm(measurements.filter(({ outcome, start }) => outcome === 'succeeded' && start === 'warm'));
}

/** Of a run from before it was recorded, "cheapest" may be the default. */
function askedGoal({ options, search }: Undecided): Goal | undefined {
  return options.goal ?? (search?.goal === 'cheapest' ? undefined : search?.goal);
}
