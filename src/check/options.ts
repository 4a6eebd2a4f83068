import { awsHosts } from '../analysis/hosts.ts';
import type { PayloadShare } from '../analysis/summarize.ts';
import type { SpreadPrior } from '../stats/spread.ts';

/** Shares are fractions: 0.05 is +5 %. */
export interface IncreaseLimit {
  readonly max: number;
  /** Said, not failed: the line is marked when it is surely beyond this. */
  readonly warn?: number;
}

/** In the unit of the figure. */
interface BudgetLimit {
  readonly max: number;
  readonly warn?: number;
}

/** What is judged. Absent: shown, not judged. */
export interface CheckLimits {
  /** Typical cost (trimmed mean of dollars) and, with the same limit, mean cost. */
  readonly cost: IncreaseLimit;
  readonly duration?: IncreaseLimit | undefined;
  readonly p95?: IncreaseLimit | undefined;
  readonly init?: IncreaseLimit | undefined;
  /** How much larger a share of the calls may fail than in the baseline: 0.05 is five in a hundred more. */
  readonly errors?: IncreaseLimit | undefined;
  /** Mean cost in US$. */
  readonly costUsdPerMillion?: BudgetLimit | undefined;
  readonly p95Ms?: BudgetLimit | undefined;
  readonly initMs?: BudgetLimit | undefined;
  /** Share of the memory size that must stay free. */
  readonly memoryHeadroom?: { readonly min: number; readonly warn?: number } | undefined;
}

/**
 * What is believed of hosts before the first sample (analysis/hosts.ts says why of each architecture). It keeps a handful of
 * environments that happen to agree from passing for proof that all do; a dozen outweigh it.
 */
export type HostBelief = Pick<SpreadPrior, 'betweenCv' | 'betweenDf'> & {
  /** Two kinds are known of, and were not told here: hosts may differ by as much, unseen (hosts.ts). */
  readonly mayHideKinds?: boolean;
};

export interface GateOptions {
  readonly limits: CheckLimits;
  /** Mean cost must be within its limit, too; otherwise it only must not be beyond. */
  readonly strict: boolean;
  /** Of the current side; needed for the headroom alone. */
  readonly memoryMb: number;
  /** Warm samples a side; cold calls come on top. The plan of looks depends on it: fix it before the first sample. */
  readonly maxSamples: number;
  readonly minEnvironments: number;
  readonly maxEnvironments: number;
  /** Of a side, open and not among its calls: the first of every environment are left out (steadyCalls.ts). */
  readonly hiddenEnvironments?: number;
  /** So many first warm calls of every environment are left out (steadyCalls.ts): a new one costs as many more. */
  readonly leftOut?: number;
  /** Of a side, whatever becomes of them, until as many were made as were announced (`mostCallsOf`). */
  readonly callsLeft?: number;
  /** Weighted payloads are strata. Empty or one: no strata. */
  readonly payloads: readonly PayloadShare[];
  /** Fraction of cold starts blended into cost; absent: warm cost. */
  readonly coldShare?: number | undefined;
  /** What is believed of hosts before the first sample. */
  readonly hosts: HostBelief;
  /** Hosts of two kinds may be met: not where all environments run on one machine. */
  readonly hostsMayBeOfTwoKinds: boolean;
  /** The baseline comes from files and cannot be measured any more. */
  readonly fixedBaseline?: FixedBaseline | undefined;
  /** Both sides are known to be the same code with the same settings: what lies between them is not a change's doing. */
  readonly sameCode?: boolean;
  /** That one check looks at; absent: this one alone. One error rate is over all of them. */
  readonly functions?: number | undefined;
  /** The runtime compiles code while it is used: first calls that are slower are expected. */
  readonly compilesInUse?: boolean | undefined;
  /** There is no baseline yet: budgets alone are judged, after all samples (they become the first baseline). */
  readonly alone?: boolean;
}

/** What two runs differ by though nothing changed (hour, placement): one run cannot know it of itself (runs.ts). */
export interface FixedBaseline {
  /** Relative standard deviation of a run, and what it is known with. */
  readonly runCv: number;
  readonly runDf: number;
  /** Files that were pooled. */
  readonly runs: number;
  /** Files of the same code that the figure was learnt from; absent: it is a belief alone, and is said to be. */
  readonly learntFrom?: number;
}

export const checkDefaults = {
  limits: { cost: { max: 0.05 } },
  strict: false,
  maxSamples: 100,
  minEnvironments: 4,
  maxEnvironments: 32,
  payloads: [],
  hosts: awsHosts.x86_64,
  hostsMayBeOfTwoKinds: true,
} as const satisfies Omit<GateOptions, 'memoryMb'>;

/**
 * Where a file is compared with, the calls that the other side does not cost go to the one that is measured, and half as many more: of
 * unchanged code whose calls scatter by 10 % twice as many (and a file of as many) left 12 of 100 checks open, three times
 * as many 7, for 81 instead of 67 calls a check (`npm run bench:check -- --baseline-file`).
 */
export const timesWithFile = 3;

/** Files may come from sweeps, which open two environments a size: with both sides' together the spread can be estimated. */
export const minFixedEnvironments = 2;

/** Samples a side at the first look: three in each of four environments. Code that scatters by 3 % is decided soon after (`npm run bench:check`, calls). */
export const firstLook = 12;

/** Samples of one environment: fewer are not worth a cold start, which costs about as much as three calls (sampling.ts). */
export const samplesPerNew = 3;

/**
 * Samples a side before a pass, but for the last look. What one call in five does is missed by twelve calls in one run of
 * fifteen, by sixteen in one of thirty-six (0.8 to the power of each).
 */
export const leastToPass = 16;

/**
 * Promises over all looks, all judged lines and all functions of a check together, one-sided. At its limit a function is called regressed (or
 * passed) in at most `atLimit`; an unchanged one is called regressed, and one that is dearer by twice the limit passed, in
 * at most `plain`. Two promises, because the second is what a team feels and the first is what costs samples; a verdict
 * needs both (dual criterion: Roychoudhury, Scheuer and Neuenschwander, Clinical Trials 15, 2018).
 */
export const errorRates = { atLimit: 0.1, plain: 0.02 } as const;

/**
 * Calls of a side, whatever becomes of them: unreported ones and further cold starts are not samples, but they are paid.
 * The worst case that is said before the run counts with it.
 */
export function mostCallsOf({
  maxSamples,
  maxEnvironments,
}: Pick<GateOptions, 'maxSamples' | 'maxEnvironments'>): number {
  return Math.ceil(1.25 * maxSamples) + maxEnvironments;
}
