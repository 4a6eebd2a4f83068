import { compareConfigurations, keyOf, sameConfiguration } from '../model/configuration.ts';
import type { Step } from '../model/engine/step.ts';
import { seededRandom, shuffled } from '../stats/random.ts';
import { affordableSteps } from './budget.ts';
import { checkErrors, withoutFailing } from './errorLimit.ts';
import { estimatesOf, type SizeEstimate, withSteadyParts } from './estimate.ts';
import { endedText, type NotCalled, notCalledOf, nothingText } from './explain.ts';
import { type Closed, climb, curvesOf, passedRungs, scoutPinned } from './ladder.ts';
import { checkLimit, keepingLimit } from './latencyLimit.ts';
import { type Effort, effortFor, type SearchOptions, type SizeSoFar } from './options.ts';
import { type SearchAnswer, type SearchFinding, searchAnswerOf } from './outcome.ts';
import { type Question, questionsOf } from './question.ts';
import { checkWinner, raceLap } from './race.ts';
import { refinedOf, refinement } from './refine.ts';
import { stepsOf, type Wanted } from './wanted.ts';

/**
 * Finds the cheapest memory size (or the fastest, or the best balanced) with few calls. The rule in words:
 *
 * 1. *Climb.* Sizes form a ladder per architecture and variant, smallest first (largest first when the fastest is asked for). A rung is
 *    opened with one cold call and a glance of two warm ones; unless it is clearly too dear it is then looked at fully,
 *    three to six warm calls, more where the cold start that was just paid is dear anyway.
 * 2. *Close.* A rung that is 10 % dearer than the cheapest below it on the same ladder closes the ladder: nothing above is
 *    called. Where cold starts are dear the climb ends sooner, in the end once a step saves less than 5 %. Ladders are
 *    never compared with each other here: x86_64 may dip where arm64 already climbs.
 *    It ends, too, where the request and one millisecond of the next rung cost the best one's call within the tolerance: nothing
 *    larger can be worth trying for a function of a few milliseconds.
 *    Where the first warm calls of environments are slower than the later ones (Java, .NET) a size is judged by the later
 *    ones, and called on until these no longer fall, at most as often as one that stays in the race; those that are near the best are called as often as it was.
 * 3. *Race.* Of all sizes looked at, those that may still be cheaper than the best by more than the tolerance are called
 *    again, and the best with them, round by round, until none is left or a cap is met. "May be": the improvement beyond
 *    the tolerance, averaged over what the samples leave open, is above 0.06 %; of these and the best only those are called that tell nearly as much for their dollars as the one that tells most.
 * 4. *Check.* Whoever is still racing after 32 calls, the best so far after 4, continues in a second environment, and the winner is named from one
 *    environment alone only where the cold start of another costs more than five warm calls (the run says so). If the second one dethrones it, the race goes on.
 * 5. *Answer.* The winner, everything that cannot be told apart from it, and the fastest of those.
 *
 * Nothing is remembered between rounds: every round looks at all measurements again, so a run can be replayed, continued,
 * or started from an earlier run's measurements; and the reasons given hold for the final figures, not for old ones.
 * Decisions clip rare stalls and pool the scatter of all sizes (search/estimate.ts); what is reported does neither.
 * The numbers were chosen by replaying recorded invocations: `npm run bench:search`.
 */
export function search(
  given: readonly SizeSoFar[],
  options: SearchOptions,
  /** A bench gives other numbers, to compare rules. */
  effort: Effort = effortFor(options),
): SearchRound {
  const measured = withSteadyParts(withoutFailing(given.toSorted(byConfiguration), options), options);
  const views = questionsOf(options.goal).map((question) => look(question, measured, options, effort));
  const phase =
    nonEmpty(
      'climb',
      views.flatMap(({ climbing }) => climbing),
    ) ??
    nonEmpty(
      'race',
      views.flatMap(({ finding }) => finding.race?.wanted ?? []),
    ) ??
    nonEmpty(
      'check',
      views.flatMap((view) => checks(view, measured, options, effort)),
    ) ??
    nonEmpty(
      'refine',
      views.flatMap((view) => refinements(view, measured, options, effort)),
    );
  const findings = views.map(({ finding }) => finding);
  if (phase === undefined) return stop(findings, measured, options, false);
  const random = seededRandom(options.seed + measured.reduce((sum, one) => sum + one.measurements.length, 0));
  const steps = affordableSteps(shuffled(stepsOf(phase.wanted, measured), random), measured, options.budget);
  return steps.length === 0 ? stop(findings, measured, options, true) : { kind: 'measure', phase: phase.name, steps };
}

type Phase = 'climb' | 'race' | 'check' | 'refine';

export type SearchRound =
  /** The steps of one round: independent of each other, in the order in which they are to be started. */
  | { readonly kind: 'measure'; readonly phase: Phase; readonly steps: readonly Step[] }
  | ({ readonly kind: 'stop' } & SearchOutcome);

export interface SearchOutcome {
  readonly reason: 'answered' | 'budget' | 'nothingMeasured';
  /** Sentences without full stop: how each race ended, or why there is no answer. */
  readonly texts: readonly string[];
  /** One per question that could be answered. */
  readonly answers: readonly SearchAnswer[];
  readonly notCalled: readonly NotCalled[];
  /** Sizes between rungs that were tried. */
  readonly refined: readonly SizeSoFar['configuration'][];
}

/** What one question makes of everything measured. */
interface View {
  readonly estimates: readonly SizeEstimate[];
  readonly climbing: readonly Wanted[];
  readonly finding: SearchFinding;
}

function look(question: Question, measured: readonly SizeSoFar[], options: SearchOptions, effort: Effort): View {
  const all = estimatesOf(measured, question, options);
  const climbs = curvesOf(options).map((curve) => climb(curve, question, all, measured, options, effort));
  const estimates = keepingLimit(all, measured, options);
  return {
    estimates,
    climbing: [
      ...scoutPinned(all, measured, options, effort),
      ...climbs.flatMap(({ next }): readonly Wanted[] => (next === undefined ? [] : [next])),
    ],
    finding: {
      question,
      race: raceLap(estimates, measured, options, effort),
      closed: climbs.flatMap(({ closed }): readonly Closed[] => (closed === undefined ? [] : [closed])),
      passed: curvesOf(options).flatMap((curve) => passedRungs(curve, question, all, measured, options)),
    },
  };
}

/** One order whatever the caller's, so that equal inputs give equal rounds; of equals the smallest wins. */
function byConfiguration({ configuration: one }: SizeSoFar, { configuration: other }: SizeSoFar): number {
  return compareConfigurations(one, other);
}

/** What is still to be made sure of before the answer is given: its environments, and the limit on p95. */
function checks(
  { finding, estimates }: View,
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  effort: Effort,
): readonly Wanted[] {
  if (finding.race === undefined) return [];
  const advised = finding.question === 'cheapest' ? undefined : advisedOf(finding, measured, options);
  const winners = estimates.filter(
    (one) => one === finding.race?.best || (advised && sameConfiguration(one.configuration, advised)),
  );
  return winners.flatMap((winner) => [
    ...checkWinner(winner, measured, options, effort),
    ...checkLimit(winner, measured, options, effort),
    ...checkErrors(winner, measured, options),
  ]);
}

/** What the answer names, where that may not be the race's best: the fastest of all may have company that is cheaper. */
function advisedOf(
  finding: SearchFinding,
  measured: readonly SizeSoFar[],
  options: SearchOptions,
): SizeSoFar['configuration'] | undefined {
  const answer = searchAnswerOf(finding, measured, options, false);
  if (finding.question !== 'fastest') return answer?.best;
  const group = answer === undefined ? [] : [answer.best, ...answer.tied].map(keyOf);
  return estimatesOf(measured, 'cheapest', options)
    .filter(({ configuration }) => group.includes(keyOf(configuration)))
    .toSorted((one, other) => one.centre - other.centre)[0]?.configuration;
}

function refinements(
  { finding, estimates }: View,
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  effort: Effort,
) {
  return finding.race === undefined ? [] : refinement(finding.race.best, estimates, measured, options, effort);
}

function nonEmpty(name: Phase, wanted: readonly Wanted[]) {
  return wanted.length === 0 ? undefined : { name, wanted };
}

function stop(
  findings: readonly SearchFinding[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  budgetIsUsedUp: boolean,
): SearchRound {
  const answers = findings.flatMap((finding) => searchAnswerOf(finding, measured, options, budgetIsUsedUp) ?? []);
  return {
    kind: 'stop',
    reason: answers.length === 0 ? 'nothingMeasured' : budgetIsUsedUp ? 'budget' : 'answered',
    texts:
      answers.length === 0 ? [nothingText(measured, options)] : answers.map((answer) => endedText(answer, options)),
    answers,
    notCalled: notCalledOf(findings, measured, options),
    refined: refinedOf(measured, options),
  };
}
