import type { HostPriors } from '../analysis/hosts.ts';
import type { PayloadShare } from '../analysis/summarize.ts';
import type { Architecture, Configuration, Curve } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Prior } from '../model/production/prior.ts';
import type { Goal } from '../model/searchRecord.ts';
import type { Variant } from '../model/variant.ts';
import type { SteadyPart } from '../stats/steadyState.ts';

export type EffortName = 'quick' | 'default' | 'careful';

export interface SearchOptions {
  /** Sizes in MB that may be called, per architecture; each is climbed on its own. Empty where only `pinned` ones are. */
  readonly ladders: Readonly<Partial<Record<Architecture, readonly number[]>>>;
  /** Each is climbed on its own, on every architecture. Empty: the function as it is. */
  readonly variants?: readonly Variant[] | undefined;
  /** Not climbed: what cannot run. */
  readonly leftOut?: readonly Curve[] | undefined;
  /** Always measured: the target's current setting, or every size of a list that is raced. */
  readonly pinned: readonly Configuration[];
  readonly goal: Goal;
  readonly effort: EffortName;
  /** Fraction within which two sizes count as equal. */
  readonly tolerance: number;
  /** Environments that the answer, and whatever stays in the race for long, is measured in: 2 where hosts differ. */
  readonly environments: number;
  /** What is believed of the scatter before the first sample (the same as the analysis takes). */
  readonly priors: HostPriors;
  /** What production told, where it was read: fewer sizes are called. */
  readonly prior?: Prior | undefined;
  /** The runtime is known to compile while it is used: sizes are called often enough to see when that is over. */
  readonly compilesInUse?: boolean | undefined;
  /** US$ of a call of one millisecond, the least that is billed. Without it the climb does not know when to stop for that reason. */
  readonly leastUsd?: ((configuration: Configuration) => number) | undefined;
  /** Orders the steps of a round. */
  readonly seed: number;
  /** Weighted payloads are strata. Empty or one: no strata. */
  readonly payloads?: readonly PayloadShare[];
  /** Fraction of cold starts that is blended into cost and duration; without it warm calls alone are compared. */
  readonly coldShare?: number | undefined;
  /** Sizes whose 95th percentile of duration is surely above it are not chosen. */
  readonly maxP95Ms?: number | undefined;
  /** Fraction of failed calls above which a size may not be chosen; without it failures do not matter. */
  readonly maxErrorShare?: number | undefined;
  /** Also try a size between two rungs where the curve promises a gain. */
  readonly refine?: boolean | undefined;
  readonly budget?: Budget | undefined;
}

/** All money is US$. */
export interface Budget {
  readonly leftUsd: number;
  /** Of one call that runs into the timeout, request price included, per GB of memory. */
  readonly worstCaseUsdPerGb: number;
}

/** Everything known of one configuration. One that is not listed was not called. */
export interface SizeSoFar {
  readonly configuration: Configuration;
  /** In any order. */
  readonly measurements: readonly Measurement[];
  /** Environment chains that steps have opened so far: ordinals 0 … environments − 1. */
  readonly environments: number;
  /** Set when it cannot be used (out of memory, timeout, too many errors): it is not called again and never chosen. */
  readonly infeasible?: string | undefined;
  /** Where the first warm calls of the run's environments are slower: what this one is judged by. See `settled`. */
  readonly steady?: SteadyPart | undefined;
}

/** How much is spent on being sure. Counts are warm calls. */
export interface Effort {
  /** First look at a size; enough when it is clearly too dear. */
  readonly glance: number;
  /** Full look: the more a cold start costs beside a warm call, the less a few more of these matter. */
  readonly scoutsLeast: number;
  readonly scoutsMost: number;
  /** A ladder is closed by a rung this much dearer than the cheapest below it. */
  readonly slack: number;
  /** The race goes on while some size promises to be cheaper by more than the tolerance plus this, on average. */
  readonly worthRacing: number;
  /** A lap calls those sizes that tell, for their dollars, at least this fraction of what the one tells that tells most; 0: all of them. */
  readonly leastTold: number;
  readonly capOther: number;
  readonly capBest: number;
  /** Still racing after so many: a further environment is opened. */
  readonly environmentAfter: number;
  /** The same of the best so far: it will be checked in one anyway, and what it is called there counts. */
  readonly leaderEnvironmentAfter: number;
  /** A cold start that costs more warm calls than this is not paid for a second environment, neither in the race nor to check the winner. */
  readonly dearestSecond: number;
  /** At least so many calls in an environment that is opened only to check the winner. */
  readonly checkCalls: number;
}

/**
 * Chosen by `npm run bench:search -- --rule tune` on seeds 11, 101, 202, 303, 701, 702 and 801, and looked at on 1, 2 and 3: docs/racing.md has the
 * figures, and those of another seed. `quick` and `careful` have no bench of their own. Two calls a look, looks only where they decide the climb, and more calls of the best per lap were tried: they lie on
 * the same line of dollars against regret as another `worthRacing`.
 */
export const efforts = {
  quick: {
    glance: 2,
    scoutsLeast: 3,
    scoutsMost: 4,
    slack: 0.08,
    worthRacing: 0.003,
    leastTold: 0.5,
    capOther: 20,
    capBest: 40,
    environmentAfter: 16,
    leaderEnvironmentAfter: 8,
    dearestSecond: 5,
    checkCalls: 2,
  },
  default: {
    glance: 2,
    scoutsLeast: 3,
    scoutsMost: 6,
    slack: 0.1,
    worthRacing: 0.0006,
    leastTold: 0.95,
    capOther: 60,
    capBest: 120,
    environmentAfter: 32,
    leaderEnvironmentAfter: 4,
    dearestSecond: 5,
    checkCalls: 2,
  },
  careful: {
    glance: 4,
    scoutsLeast: 6,
    scoutsMost: 10,
    slack: 0.12,
    worthRacing: 0.0003,
    leastTold: 0.5,
    capOther: 100,
    capBest: 200,
    environmentAfter: 20,
    leaderEnvironmentAfter: 8,
    dearestSecond: Number.POSITIVE_INFINITY,
    checkCalls: 6,
  },
} as const satisfies Record<EffortName, Effort>;

/** With weighted payloads a look takes each of them at least once: two mixes of work have two prices. */
export function effortFor({ effort, payloads = [] }: Pick<SearchOptions, 'effort' | 'payloads'>): Effort {
  const chosen = efforts[effort];
  if (payloads.length < 2) return chosen;
  const glance = Math.max(chosen.glance, payloads.length);
  const scoutsLeast = Math.max(chosen.scoutsLeast, glance);
  return {
    ...chosen,
    glance,
    scoutsLeast,
    scoutsMost: Math.max(chosen.scoutsMost, scoutsLeast),
    capOther: Math.max(chosen.capOther, 4 * glance),
    capBest: Math.max(chosen.capBest, 8 * glance),
    checkCalls: Math.max(chosen.checkCalls, glance),
  };
}
