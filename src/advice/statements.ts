import type { ComparedFigures } from '../analysis/savedRun/judgedFigures.ts';
import type { Rejection } from '../analysis/savedRun/rejections.ts';
import type { Answer, Tied } from '../model/answer.ts';
import type { Configuration } from '../model/configuration.ts';
import type { VariantPreflight } from '../model/preflight.ts';
import type { TuningResult } from '../model/run.ts';
import type { Monthly, ProvisionedAdvice, TrafficRecord } from '../model/traffic.ts';
import type { VariantComparison } from '../model/variantComparison.ts';
import type { AnswersStatement } from './answersStatement.ts';
import type { HeldBack } from './chosenVariant.ts';
import type { Hint } from './hints.ts';

/**
 * The verdict as values, in the order in which it is said; reporters/wording.ts has the words. The answer and
 * which rows tie were decided before and are only repeated here.
 */
export type Statement =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly figures: AnswerFigures }
  /** `isAnswered`: what is told apart of it is said in the answer. */
  | ({ readonly kind: 'variant'; readonly isAnswered: boolean } & ComparedVariant)
  | { readonly kind: 'preflight'; readonly preflights: readonly VariantPreflight[]; readonly isEverywhere: boolean }
  | { readonly kind: 'answers'; readonly answers: AnswersStatement }
  | { readonly kind: 'cheapest'; readonly pick: ComparedFigures; readonly ties: Ties }
  | {
      readonly kind: 'fastest';
      readonly pick: ComparedFigures;
      readonly ties: Ties;
      readonly isCheapest: boolean;
      /** Its cost beside the cheapest; absent where there is none to compare with. */
      readonly cost?: Tied['tie'] | { readonly extraShare: number };
    }
  | { readonly kind: 'balanced'; readonly pick: ComparedFigures; readonly ties: Ties }
  /** The fastest first. */
  | { readonly kind: 'pareto'; readonly picks: readonly ComparedFigures[] }
  | { readonly kind: 'current'; readonly current: Configuration; readonly standing: CurrentStanding }
  | ({ readonly kind: 'rejected' } & Rejection)
  | { readonly kind: 'projected'; readonly rows: ProjectedRows }
  | ({ readonly kind: 'traffic' } & TrafficFigures)
  | { readonly kind: 'provisioned'; readonly advice: ProvisionedAdvice; readonly coldShare: number }
  | ({ readonly kind: 'snapStart' } & SnapStartFigures)
  | { readonly kind: 'logs'; readonly logs: TrafficRecord['logs']; readonly monthly: Monthly }
  | ({ readonly kind: 'coldStarts' } & ColdStartFigures)
  | ({ readonly kind: 'stream' } & StreamedFigures)
  | { readonly kind: 'hint'; readonly hint: Hint }
  | {
      readonly kind: 'ended';
      readonly ended: Exclude<TuningResult['ended'], 'completed'>;
      readonly maxSpendUsd?: number | undefined;
      readonly unmeasured: number;
      readonly planned: number;
    }
  | {
      readonly kind: 'local';
      readonly cpu: 'cgroup' | 'modelled' | 'none' | 'unknown';
      readonly cores?: number | undefined;
      readonly priceRegion: string;
    };

export interface ComparedVariant {
  readonly compared: VariantComparison;
  /** What the function is called that it is compared with. */
  readonly asItIs: string;
}

/** What the answer is said with. */
export interface AnswerFigures {
  /** Of the configuration that the answer names. */
  readonly named?: ComparedFigures | undefined;
  readonly current?: Configuration | undefined;
  readonly isCheapest: boolean;
  readonly isFastest: boolean;
  /** One memory size was measured, as one architecture or variant or several: there is nothing to say of sizes among each other. */
  readonly isOneSize: boolean;
  /** By how much the mean cost of a size that is changed to lies above the lowest one; absent where it is that one. */
  readonly extraCostShare?: number | undefined;
  /** How much that may be, where it may be more than twice the tolerance. */
  readonly extraCostAtMost?: number | undefined;
  /** Where the answer is of a variant that is surely better. */
  readonly variant?: ComparedVariant | undefined;
  /** Variants that are surely better and not recommended all the same. */
  readonly heldBack: readonly HeldBack[];
}

/** What the traffic makes of the answer. */
export interface TrafficFigures {
  readonly traffic: TrafficRecord;
  readonly named: Configuration;
  readonly monthly: Monthly;
  readonly at15Min?: Monthly | undefined;
  /** Today's, where that is another one. */
  readonly current?: { readonly configuration: Configuration; readonly monthly: Monthly } | undefined;
  /** What single calls alone would say; absent where it is the same. */
  readonly perCall?: Answer | undefined;
}

/** What SnapStart adds to a month where it is on, or would add by its prices where it is not. */
export interface SnapStartFigures {
  readonly named: Configuration;
  readonly isOn: boolean;
  readonly cacheUsd: number;
  readonly restoresUsd: number;
}

/** How long environments of a configuration took to start. */
export interface ColdStartFigures {
  readonly named: Configuration;
  /** `later`: restores of versions that had been restored before. */
  readonly of: 'init' | 'restore' | 'later';
  readonly count: number;
  readonly meanMs: number;
  /** Of the mean. */
  readonly interval?: { readonly low: number; readonly high: number } | undefined;
  /** Beside `later`: the first ones. */
  readonly first?: { readonly count: number; readonly meanMs: number } | undefined;
  /** Of restores: how long after its version could be called the last was made, where that is known. */
  readonly lastSinceReadyMs?: number | undefined;
}

/** How the answers of a configuration arrived at the client; medians. */
export interface StreamedFigures {
  readonly named: Configuration;
  readonly start: 'warm' | 'cold';
  readonly firstByteMs?: number | undefined;
  readonly totalMs: number;
  /** By REPORT. */
  readonly durationMs: number;
  readonly bytes: { readonly min: number; readonly max: number };
  /** Where its price of what is beyond 6 MB is not known; undefined: it is in the costs. */
  readonly unpricedIn?: string | undefined;
}

/** What ties with a choice. */
export interface Ties {
  /** Within which they count as equal. */
  readonly tolerance: number;
  readonly equal: readonly ComparedFigures[];
  readonly notToldApart: readonly ComparedFigures[];
  /** Calls of each of those not told apart and of the choice: the fewest and the most. */
  readonly calls: { readonly least: number; readonly most: number };
  /** How many more of each would tell all of them; undefined: more calls alone would hardly. */
  readonly moreCalls?: number | undefined;
}

/** How the target's present setting compares with the cheapest. */
export type CurrentStanding =
  | { readonly kind: 'cheapest'; readonly figures: ComparedFigures }
  | { readonly kind: 'tied'; readonly figures: ComparedFigures; readonly tie: Tied['tie']; readonly tolerance: number }
  | {
      readonly kind: 'dearer';
      readonly figures: ComparedFigures;
      /** Of the current cost, with 95 % confidence. */
      readonly saving: { readonly share: number; readonly low: number; readonly high: number };
      readonly savingUsd: number;
    }
  /** It breaks the limit on latency, so that it is not compared. */
  | { readonly kind: 'breaksLimit'; readonly figures: ComparedFigures }
  /** Failed, skipped, projected or not among the sizes asked for. */
  | { readonly kind: 'notMeasured'; readonly status: 'rejected' | 'projected' | 'notPlanned' };

interface ProjectedRows {
  /** The cheapest projected one. */
  readonly configuration: Configuration;
  readonly durationMs: number;
  readonly costUsd: { readonly mean: number };
  /** Against the cheapest measured one, as a fraction of that; negative: cheaper. */
  readonly extraCostShare?: number;
}
