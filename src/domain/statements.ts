import type { CostDifference } from './costDifference.ts';
import type { Hint } from './hints.ts';
import type { Configuration } from './model.ts';
import type { Figures, Recommendation } from './recommendation.ts';
import type { Rejection } from './rejections.ts';
import type { CostInterval, TuningResult } from './result.ts';

/**
 * The verdict as values, in the order in which it is said; reporters/wording.ts has the words. Which rows tie is the
 * analysis's decision and is only repeated here.
 */
export type Statement =
  | { readonly kind: 'nothingMeasured' }
  | {
      readonly kind: 'cheapest';
      readonly pick: Figures;
      readonly tied: readonly Figures[];
      /** The fastest of those tied, when it is clearly faster than the pick. */
      readonly faster?: { readonly figures: Figures; readonly savedTimeShare: number };
    }
  | {
      readonly kind: 'fastest';
      /** The cheapest of those equally fast. */
      readonly pick: Figures;
      readonly tied: readonly Figures[];
      readonly isCheapest: boolean;
      readonly isTiedForCheapest: boolean;
      /** More than the cheapest, as a fraction of it. */
      readonly extraCostShare?: number;
    }
  | { readonly kind: 'balanced'; readonly pick: Figures }
  | { readonly kind: 'current'; readonly current: Configuration; readonly standing: Standing }
  | {
      readonly kind: 'recommendation';
      readonly pick: Figures;
      readonly why: Recommendation['why'];
      /** Of the current setting's cost and duration; negative: dearer, slower; undefined: the two are tied. */
      readonly againstCurrent?: { readonly savingShare?: number; readonly savedTimeShare?: number };
    }
  | ({ readonly kind: 'rejected' } & Rejection)
  | { readonly kind: 'projected'; readonly architecture: Configuration['architecture']; readonly rows: ProjectedRows }
  | { readonly kind: 'hint'; readonly hint: Hint }
  | {
      readonly kind: 'ended';
      readonly ended: Exclude<TuningResult['ended'], 'completed'>;
      readonly maxSpendUsd?: number;
      readonly unmeasured: number;
      readonly planned: number;
    }
  | {
      readonly kind: 'local';
      readonly cpu: 'cgroup' | 'modelled' | 'none' | 'unknown';
      readonly cores?: number;
      readonly priceRegion: string;
    };

/** How the target's present setting compares with the cheapest. */
export type Standing =
  | { readonly kind: 'cheapest'; readonly figures: Figures }
  /** Within the tolerance or within noise. */
  | { readonly kind: 'tied'; readonly figures: Figures }
  | {
      readonly kind: 'dearer';
      readonly figures: Figures;
      readonly saving: CostDifference;
      /** Of the current cost. */
      readonly savingShare: number;
    }
  /** Failed, skipped, projected or not among the sizes asked for. */
  | { readonly kind: 'notMeasured'; readonly status: 'rejected' | 'projected' | 'notPlanned' };

interface ProjectedRows {
  /** The cheapest projected one. */
  readonly configuration: Configuration;
  readonly durationMs: number;
  readonly costUsd: CostInterval;
  /** Against the cheapest measured one, as a fraction of that; negative: cheaper. */
  readonly extraCostShare?: number;
}
