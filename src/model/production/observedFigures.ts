import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { count, nonNegative, share } from '../amounts.ts';
import { architectureSchema } from '../configuration.ts';

/** What production pays and takes, as an observation tells it. Its units are those of observation.ts. */

/** `low` and `high` hold the estimate with 95 % confidence. */
export const intervalSchema = z.strictObject({ estimate: nonNegative, low: nonNegative, high: nonNegative });

const charge = nonNegative.describe('US$ a month');

/** With the names that the bill of a run has. */
const chargesSchema = z
  .strictObject({
    requests: charge,
    duration: charge.describe('On demand, and of calls in provisioned concurrency at its own price; without init'),
    init: charge.describe('Init and restores, as far as they are billed as time'),
    provisioned: charge.nullable().describe('What is configured, used or not; null: not known and not in the total'),
    snapStart: charge.describe('Restores'),
    storage: charge.describe('Above 512 MB of /tmp'),
    total: charge.describe('Their sum, the estimate of costPerMonthUsd'),
  })
  .describe("Lambda's charges of a month at the rate of the period");

/** Of the whole period, and of each version in it. */
export const observedFigures = {
  invocations: nonNegative,
  invocationsAre: z.enum(['exact', 'estimated']).describe('exact: counted by CloudWatch; estimated: from the records'),
  costPerMillionUsd: intervalSchema
    .nullable()
    .describe("All of Lambda's charges, without logs; null: not known, or not called"),
  costPerMonthUsd: intervalSchema.nullable().describe('At the rate of the period that was read'),
  chargesUsdPerMonth: chargesSchema.nullable().optional(),
  durationMs: z
    .strictObject({ p50: nonNegative, p95: nonNegative, p99: nonNegative })
    .nullable()
    .describe('From the records; without any, the means of the days in CloudWatch, weighted by their calls'),
  coldShare: intervalSchema.nullable(),
  initMs: z.strictObject({ p50: nonNegative, p95: nonNegative }).nullable().describe('Init or restore of cold starts'),
  maxMemoryUsedMb: nonNegative.nullable().describe('High-water mark of all environments that were seen'),
  timedOutShare: intervalSchema.nullable(),
  outOfMemoryShare: intervalSchema.nullable(),
};

export const observedVersionSchema = z.strictObject({
  version: z.string(),
  memoryMb: z.int().positive(),
  architecture: architectureSchema.nullable().describe('null: the version is gone; priced as the function is today'),
  runtime: z.string().optional(),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
  ...observedFigures,
});

export const observedProvisionedSchema = z.strictObject({
  qualifier: z.string().describe('Alias or version'),
  environments: count.describe('Configured today'),
  meanEnvironments: nonNegative.describe('Over the period'),
  configuredUsdPerMonth: intervalSchema
    .nullable()
    .describe(
      'Its price, used or not. The interval is of the times for which CloudWatch does not tell how many there were',
    ),
  durationUsdPerMonth: nonNegative.nullable().describe('Of the calls in it, at its own price'),
  invocations: nonNegative.nullable().describe('Calls of the period that ran in it'),
  spilledInvocations: nonNegative.nullable().describe('Calls that did not fit, and ran on demand'),
  use: nonNegative.nullable().describe('Share of its time in which it ran calls'),
  breakEvenUse: share.nullable().describe('Above it, it costs less than on demand; null: never, or not known'),
});

export type Interval = DeepReadonly<z.infer<typeof intervalSchema>>;
export type Charges = DeepReadonly<z.infer<typeof chargesSchema>>;
export type ObservedFigures = DeepReadonly<z.infer<z.ZodObject<typeof observedFigures>>>;
export type ObservedVersion = DeepReadonly<z.infer<typeof observedVersionSchema>>;
export type ObservedProvisioned = DeepReadonly<z.infer<typeof observedProvisionedSchema>>;
