import type { CostModel } from '../model/costModel.ts';
import type { Observation, ObservedSource } from '../model/production/observation.ts';
import type { MetricSeries, ProvisionedConfig, VersionFacts } from '../model/production/production.ts';
import type { ComputeAdvice, Downstream } from '../model/production/worth.ts';
import type { Triggers } from '../model/traffic.ts';
import type { Warning } from '../model/warning.ts';
import type { ObservedCall, ReadWindow } from './calls.ts';
import type { Period } from './period.ts';

/** Of one alias or version with provisioned concurrency. */
export interface ProvisionedRead {
  /** All of its calls, in it or not. Empty where they are not known. */
  readonly calls: MetricSeries;
  readonly served: MetricSeries;
  /** What did not fit, and ran on demand. */
  readonly spilled: MetricSeries;
  readonly most: MetricSeries;
  readonly use: MetricSeries;
  /** Its calls by the version that answered. Empty where CloudWatch does not tell. */
  readonly byVersion: ReadonlyMap<string, MetricSeries>;
}

/** What CloudWatch counts, exactly. In steps of the period's cells where nothing else is said. */
export interface MetricsRead {
  readonly calls: MetricSeries;
  readonly errors: MetricSeries;
  readonly throttles: MetricSeries;
  readonly meanDurationMs: MetricSeries;
  /** By day. */
  readonly durationMs: { readonly p50: MetricSeries; readonly p95: MetricSeries; readonly p99: MetricSeries };
  /** By hour. */
  readonly concurrency: MetricSeries;
  readonly logBytes: MetricSeries;
  /** In the order of what is provisioned. */
  readonly provisioned: readonly ProvisionedRead[];
  /** Served by provisioned concurrency of any alias or version. Empty where one of them is observed. */
  readonly provisionedOfAll: MetricSeries;
  /** Calls of an alias by the version that answered. Empty where CloudWatch does not tell. */
  readonly byVersion: ReadonlyMap<string, MetricSeries>;
  readonly perMinute: MetricSeries;
  /** Since when minutes were asked for: one without a call is not in the series. */
  readonly minutesFromMs: number;
}

/** Everything that was read of production. */
export interface ProductionEvidence {
  readonly functionName: string;
  readonly region: string;
  readonly toolVersion: string;
  readonly seed: number;
  readonly period: Period;
  readonly current: VersionFacts;
  readonly versions: ReadonlyMap<string, VersionFacts>;
  readonly costModel: CostModel;
  /** Undefined: could not be read. */
  readonly provisioned: readonly ProvisionedConfig[] | undefined;
  readonly metrics: MetricsRead | undefined;
  readonly windows: readonly ReadWindow[];
  readonly windowsPlanned: number;
  readonly windowS: number;
  readonly isWhole: boolean;
  readonly endedBy?: Observation['sample']['endedBy'];
  /** Read without a gap, for what happens between calls. */
  readonly stretches: readonly (readonly ObservedCall[])[];
  readonly sources: readonly ObservedSource[];
  readonly spend: Observation['spend'];
  readonly computeOptimizer?: ComputeAdvice | undefined;
  readonly downstream?: Downstream | undefined;
  readonly triggers?: Triggers | undefined;
  readonly warnings?: readonly Warning[] | undefined;
}

export function sumOf(series: MetricSeries): number {
  let sum = 0;
  for (const value of series.values()) sum += value;
  return sum;
}
