import { blendedFigures, blendedSample, canBlend } from '../analysis/blend.ts';
import { balancedOf, type Candidate, cheapestOf, fastestOf, type Judgement } from '../analysis/choices.ts';
import { surenessAmong } from '../analysis/difference.ts';
import { spreadByArchitecture } from '../analysis/hosts.ts';
import type { LatencyStanding } from '../analysis/latencyStanding.ts';
import { type Succeeded, sampleBy } from '../analysis/summarize.ts';
import { type Configuration, findMadeOf, keyOf, plain, sameConfiguration } from '../model/configuration.ts';
import { estimatesOf, judgedSuccesses, type SizeEstimate } from './estimate.ts';
import type { Closed } from './ladder.ts';
import { latencyStandings } from './latencyLimit.ts';
import type { SearchOptions, SizeSoFar } from './options.ts';
import type { Passed } from './prior.ts';
import type { Question } from './question.ts';
import type { Race } from './race.ts';

/** Why a race ended. */
type Ended =
  /** Nothing else can be told apart from the best, or could be: all others are surely worse. */
  | 'separated'
  /** Some are as good within the tolerance, or cannot be told apart; none promises to be better by more than it. */
  | 'withinTolerance'
  /** Some may still be better; they were called as often as the effort allows. */
  | 'cap'
  /** Some may still be better, or were never called; the budget allows no further call. */
  | 'budget';

/** The answer to one question. */
export interface SearchAnswer {
  readonly question: Question;
  readonly best: Configuration;
  /** Cannot be told apart from `best`, without it. */
  readonly tied: readonly Configuration[];
  /** Of `best` and `tied`, the one with the least mean duration, when that is not `best`. */
  readonly fastestOfTied?: { readonly configuration: Configuration; readonly timesAsFast: number } | undefined;
  readonly ended: Ended;
  /** May still be better than `best` by more than the tolerance: only where a cap or the budget ended the race. */
  readonly unresolved: readonly Configuration[];
  /** Whether `best` keeps `maxP95Ms`; absent where no limit was asked for. */
  readonly latency?: LatencyStanding | undefined;
}

export interface SearchFinding {
  readonly question: Question;
  readonly race: Race | undefined;
  readonly closed: readonly Closed[];
  /** Rungs that production speaks against. */
  readonly passed: readonly Passed[];
}

/** Undefined when nothing could be chosen. */
export function searchAnswerOf(
  { question, race }: SearchFinding,
  measured: readonly SizeSoFar[],
  options: SearchOptions,
  budgetIsUsedUp: boolean,
): SearchAnswer | undefined {
  if (race === undefined) return undefined;
  const standingIn = latencyStandings(measured, options);
  const candidates = candidatesOf(measured, options).filter(({ configuration }) => {
    const known = findMadeOf(measured, configuration);
    return known === undefined || standingIn(known) !== 'broken';
  });
  const choice = chooseBy[question](
    candidates.map(({ candidate }) => candidate),
    judgementOf(candidates, options),
  );
  const best = race.best.configuration;
  if (choice === null) return undefined;
  // The named one may differ where the race judged by another figure than the choice (the cheapest of the fastest).
  const group = [choice, ...choice.tiedWith].map(plain);
  const named = question === 'cheapest' ? best : plain(choice);
  const tied = group.filter((one) => !sameConfiguration(one, named));
  const fastestOfTied = fasterThan(named, tied, candidates);
  const unresolved = (budgetIsUsedUp ? race.open : race.capped).map(({ configuration }) => configuration);
  const known = findMadeOf(measured, named);
  return {
    question,
    best: named,
    tied,
    fastestOfTied,
    ended: budgetIsUsedUp
      ? 'budget'
      : unresolved.length > 0
        ? 'cap'
        : tied.length > 0
          ? 'withinTolerance'
          : 'separated',
    unresolved,
    latency: options.maxP95Ms !== undefined && known ? standingIn(known) : undefined,
  };
}

const chooseBy = { cheapest: cheapestOf, fastest: fastestOf, balanced: balancedOf } as const;

interface Judged {
  readonly configuration: Configuration;
  readonly candidate: Candidate;
}

/** As the analysis has them, but ordered by what the search decides by: one stall among a few calls names no winner. */
function candidatesOf(measured: readonly SizeSoFar[], options: SearchOptions): readonly Judged[] {
  const costs = byKey(estimatesOf(measured, 'cheapest', options));
  const durations = byKey(estimatesOf(measured, 'fastest', options));
  return measured.flatMap((one) => {
    const [cost, duration] = [costs.get(keyOf(one.configuration)), durations.get(keyOf(one.configuration))];
    if (cost === undefined || duration === undefined) return [];
    const { warm, cold } = judgedSuccesses(one);
    const { coldShare, payloads = [] } = options;
    const sample = (figure: (call: Succeeded) => number, blended: (call: Succeeded) => number) =>
      coldShare === undefined || !canBlend({ warm, cold }, coldShare)
        ? sampleBy(warm, figure, payloads)
        : blendedSample({ warm, cold }, blended, payloads, coldShare);
    return [
      {
        configuration: one.configuration,
        candidate: {
          configuration: one.configuration,
          costUsd: cost.centre,
          durationMs: duration.centre,
          costs: sample(({ costUsd }) => costUsd, blendedFigures.cost),
          durations: sample(({ durationMs }) => durationMs, blendedFigures.duration),
        },
      },
    ];
  });
}

function judgementOf(judged: readonly Judged[], { tolerance, priors }: SearchOptions): Judgement {
  const scatterOf = (figure: 'costs' | 'durations') => ({
    hosts: spreadByArchitecture(
      judged.map(({ configuration, candidate }) => ({
        architecture: configuration.architecture,
        sample: candidate[figure],
      })),
      priors,
    ),
  });
  return {
    tolerance,
    confidence: surenessAmong(judged.length),
    costs: scatterOf('costs'),
    durations: scatterOf('durations'),
  };
}

function fasterThan(
  named: Configuration,
  tied: readonly Configuration[],
  judged: readonly Judged[],
): SearchAnswer['fastestOfTied'] {
  const msOf = (one: Configuration) => findMadeOf(judged, one)?.candidate.durationMs ?? Number.NaN;
  const fastest = tied.reduce((least, one) => (msOf(one) < msOf(least) ? one : least), named);
  if (sameConfiguration(fastest, named)) return undefined;
  return { configuration: fastest, timesAsFast: msOf(named) / msOf(fastest) };
}

function byKey(estimates: readonly SizeEstimate[]): ReadonlyMap<string, SizeEstimate> {
  return new Map(estimates.map((estimate) => [keyOf(estimate.configuration), estimate]));
}
