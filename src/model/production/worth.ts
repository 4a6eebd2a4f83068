import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { count, nonNegative, share } from '../amounts.ts';
import { intervalSchema } from './observedFigures.ts';

/** What tuning could be worth, and what bounds it. US$ a month; shares are fractions. */

const computeAdviceSchema = z.strictObject({
  finding: z.string(),
  reasons: z.array(z.string()),
  options: z.array(
    z.strictObject({
      memoryMb: z.int().positive(),
      savingsUsdPerMonth: nonNegative.optional(),
      durationRatio: intervalSchema.optional(),
    }),
  ),
});

export const worthSchema = z
  .strictObject({
    atMostUsdPerMonth: nonNegative.nullable().describe('A bound, not a promise; null: cannot be bounded'),
    ofUsdPerMonth: nonNegative.optional().describe('What a month costs as it is set today, at the rate of the period'),
    because: z.string(),
    measuringUsd: nonNegative.nullable().describe('What a run of tune costs, about'),
    isWorthMeasuring: z.boolean().nullable(),
    shortenableShare: share
      .optional()
      .describe('With --xray: of the duration at p50, what is no call of others. No memory shortens the rest'),
    computeOptimizer: computeAdviceSchema.optional().describe('What AWS Compute Optimizer says: its words, not ours'),
  })
  .describe('What tuning could be worth');

export const downstreamSchema = z
  .strictObject({
    traces: count.describe('Calls with a trace that were read'),
    tracesAtP50: count.describe('Those of them around p50, which the shares are of'),
    p50Ms: nonNegative.describe('Of the traced calls'),
    share: share.describe('Of the duration, in calls of others; what runs side by side counts once'),
    services: z.array(z.strictObject({ service: z.string(), share })).describe('Each alone: together they may be more'),
  })
  .describe('With --xray: what of the duration at p50 more memory cannot buy');

export type ObservedWorth = DeepReadonly<z.infer<typeof worthSchema>>;
export type Downstream = DeepReadonly<z.infer<typeof downstreamSchema>>;
export type ComputeAdvice = DeepReadonly<z.infer<typeof computeAdviceSchema>>;
