import type { Comparison } from '../model/migration.ts';

/** 95 %. A bound is null where too few calls (72 a side) cannot bound the percentile. */
export type PercentileRatio = NonNullable<Comparison['p95Ratio']>;
