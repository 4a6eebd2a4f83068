import {
  type Configuration,
  compareConfigurations,
  keyOf,
  nameOf,
  namesOf,
  withVariant,
} from '../model/configuration.ts';
import { formatChange, formatGivenShare, formatMemory } from '../text/format.ts';
import { type Closed, curvesOf, ladderOf } from './ladder.ts';
import { latencyStandings } from './latencyLimit.ts';
import type { SearchOptions, SizeSoFar } from './options.ts';
import type { SearchAnswer, SearchFinding } from './outcome.ts';
import type { Passed } from './prior.ts';
import { type Question, questionsOf } from './question.ts';

/** A rung that was never called, and why. */
export interface NotCalled {
  readonly configuration: Configuration;
  readonly reason: 'ladderClosed' | 'prior' | 'budget';
  /** One sentence without its full stop. */
  readonly text: string;
}

/** All rungs without a call. */
export function notCalledOf(
  findings: readonly SearchFinding[],
  measured: readonly SizeSoFar[],
  options: SearchOptions,
): readonly NotCalled[] {
  const called = new Set(measured.map(({ configuration }) => keyOf(configuration)));
  const reasons = new Map<string, NotCalled>();
  for (const { question, closed } of findings) {
    for (const one of closed) {
      const text = closedText(one, question);
      for (const configuration of one.beyond) {
        if (reasons.has(keyOf(configuration))) continue;
        reasons.set(keyOf(configuration), { configuration, reason: 'ladderClosed', text });
      }
    }
  }
  for (const one of findings.flatMap(({ passed }) => passed)) {
    const { configuration } = one;
    if (reasons.has(keyOf(configuration))) continue;
    reasons.set(keyOf(configuration), { configuration, reason: 'prior', text: passedText(one) });
  }
  const rungs = questionsOf(options.goal).flatMap((question) =>
    curvesOf(options).flatMap((curve) => ladderOf(curve, question, options)),
  );
  const all = new Map([...rungs, ...options.pinned].map((configuration) => [keyOf(configuration), configuration]));
  return [...all]
    .filter(([key]) => !called.has(key))
    .map(
      ([key, configuration]): NotCalled =>
        reasons.get(key) ?? { configuration, reason: 'budget', text: 'the budget allowed no call of it' },
    )
    .sort(({ configuration: one }, { configuration: other }) => compareConfigurations(one, other));
}

function closedText({ at, best, excess, coldRatio, mostSaved, curve, beyond }: Closed, question: Question): string {
  if (mostSaved !== undefined) return floorText(best, beyond[0], mostSaved, withVariant(curve.architecture, curve));
  const where = `at ${formatMemory(at.memoryMb)} than at ${formatMemory(best.memoryMb)} on ${withVariant(at.architecture, at)}`;
  const word = { cheapest: 'dearer', fastest: 'slower', balanced: 'worse in cost × duration' }[question];
  if (excess > 0.005 && coldRatio <= 10) return `already ${formatChange(excess)} % ${word} ${where}`;
  const change =
    excess > 0 ? `${formatChange(excess)} % ${word}` : `only ${formatChange(excess)} % ${opposite[question]}`;
  return `${change} ${where}, and trying another size costs a cold start worth ${Math.round(coldRatio)} warm calls`;
}

function floorText(best: Configuration, next: Configuration | undefined, mostSaved: number, where: string): string {
  const size = next === undefined ? 'the next size' : formatMemory(next.memoryMb);
  const least = `the request and one millisecond at ${size} alone cost`;
  const than = `a call of ${formatMemory(best.memoryMb)} on ${where}`;
  if (Math.abs(mostSaved) < 0.0005) return `${least} as much as ${than}`;
  return `${least} ${mostSaved < 0 ? `${formatChange(mostSaved)} % more` : `only ${formatChange(mostSaved)} % less`} than ${than}`;
}

function passedText({ why, besideMb }: Passed): string {
  switch (why) {
    case 'tooSmall':
      return `in production it used up to ${formatMemory(besideMb)}`;
    case 'below':
      return `by its processor time in production a size below ${formatMemory(besideMb)} saves next to nothing, and nothing measured says otherwise`;
    case 'dearer':
      return `by its processor time in production it is dearer than ${formatMemory(besideMb)}`;
  }
}

const opposite = {
  cheapest: 'cheaper',
  fastest: 'faster',
  balanced: 'better in cost × duration',
} as const satisfies Record<Question, string>;

/** How the race for one answer ended: one sentence without its full stop. */
export function endedText(
  { question, best, tied, unresolved, ended, latency }: SearchAnswer,
  options: SearchOptions,
): string {
  const within = formatGivenShare(options.tolerance);
  const word = superlative[question];
  const others = (sizes: readonly Configuration[]) => namesOf(sizes).join(', ');
  const text = {
    separated: `${nameOf(best)} is ${word}; everything else that was measured is surely worse`,
    withinTolerance: `${nameOf(best)} is ${word}; ${others(tied)} cannot be told apart from it or differ by less than ${within}`,
    cap: `${nameOf(best)} is ${word} so far; ${others(unresolved)} may still be better by more than ${within}, but were called as often as this effort allows`,
    budget: `${nameOf(best)} is ${word} so far; the budget ended the search`,
  }[ended];
  return latency === 'undecided' ? `${text}; that its p95 keeps ${options.maxP95Ms} ms is not certain yet` : text;
}

/** Why nothing could be chosen: one sentence without its full stop. */
export function nothingText(measured: readonly SizeSoFar[], options: SearchOptions): string {
  if (measured.length === 0) return 'the budget allowed no call';
  const standingOf = latencyStandings(measured, options);
  if (measured.some((one) => standingOf(one) === 'broken')) {
    return `no size that was measured keeps a p95 of ${options.maxP95Ms} ms`;
  }
  return 'no size gave a successful warm call';
}

const superlative = {
  cheapest: 'the cheapest',
  fastest: 'the fastest',
  balanced: 'the best balanced',
} as const satisfies Record<Question, string>;
