import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative } from './amounts.ts';

export const intervalSchema = z
  .strictObject({ mean: nonNegative, low: nonNegative, high: nonNegative })
  .describe(
    'US$ per invocation; low and high bound the mean with 95 % confidence (equal to the mean where one sample leaves it unknown: see warnings)',
  );

/** How far durations differ on the other architecture is not known, and that would be most of the error. */
export const projectedCostSchema = z
  .strictObject({ mean: nonNegative, low: nonNegative.optional(), high: nonNegative.optional() })
  .describe('US$ per invocation; low and high only in files of earlier versions, and not to be used');

/** A percentile is null when there are too few samples to name it (fewer than 1/(1-p)). */
export const percentileSchema = nonNegative.nullable();

const distribution = z.strictObject({
  mean: nonNegative,
  p50: percentileSchema,
  p90: percentileSchema,
  p95: percentileSchema,
  p99: percentileSchema,
  min: nonNegative,
  max: nonNegative,
  meanInterval: z
    .strictObject({ low: nonNegative, high: nonNegative })
    .optional()
    .describe('Bounds of the mean with 95 % confidence: of init, restores and streamed answers; absent with one value'),
  intervals: z
    .partialRecord(
      z.enum(['p50', 'p90', 'p95', 'p99']),
      z.strictObject({ low: nonNegative.nullable(), high: nonNegative.nullable() }),
    )
    .optional()
    .describe(
      'Bounds of a percentile with 95 % confidence, environments counted as clusters; null where too few values bound it on that side',
    ),
});

const restoresSchema = z.strictObject({
  count,
  durationMs: distribution,
  lastSinceReadyMs: nonNegative.describe('How long after its version could be called the last of them was made'),
});

export const summarySchema = z.strictObject({
  count,
  durationMs: distribution,
  billedDurationMs: z.strictObject({ mean: nonNegative }),
  rawDurationMs: z
    .strictObject({ mean: nonNegative })
    .optional()
    .describe('Only of the embedded endpoint: by the clock, other work of the machine included'),
  initDurationMs: distribution.optional(),
  restoreDurationMs: distribution.optional(),
  restores: z
    .strictObject({ first: restoresSchema.optional(), later: restoresSchema.optional() })
    .optional()
    .describe(
      'restoreDurationMs apart by whether the version had been restored before: in the first minutes after publishing restores are slower',
    ),
  stream: z
    .strictObject({
      firstByteMs: distribution.optional(),
      totalMs: distribution,
      bytes: z.strictObject({ mean: nonNegative, min: count, max: count }),
    })
    .optional()
    .describe("Only of answers that were streamed: by the client's clock, from sending the call, with the network"),
  maxMemoryUsedMb: nonNegative,
  costUsd: intervalSchema,
  environments: count.optional(),
});

export type CostInterval = DeepReadonly<z.infer<typeof intervalSchema>>;
export type Distribution = DeepReadonly<z.infer<typeof distribution>>;
export type Summary = DeepReadonly<z.infer<typeof summarySchema>>;
