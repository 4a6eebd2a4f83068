/** 95 %. A bound is null where too few calls (72 a side) cannot bound the percentile. */
export interface Ratio {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}
