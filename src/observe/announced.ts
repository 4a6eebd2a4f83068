import type { RecordSource } from '../model/production/production.ts';
import type { SamplingPlan } from './samplingPlan.ts';

/** What is about to be read, and what AWS charges for it. */
export type Announced =
  | { readonly kind: 'counts'; readonly metrics: number; readonly usd: number }
  | {
      readonly kind: 'records';
      readonly source: RecordSource;
      readonly plan: SamplingPlan;
      readonly usd: number;
      readonly capUsd: number;
    }
  | { readonly kind: 'cpuTime'; readonly usd: number }
  | { readonly kind: 'traces'; readonly usd: number };
