import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { count, nonNegative, share } from '../amounts.ts';
import { architectureSchema } from '../configuration.ts';
import { triggersSchema } from '../traffic.ts';
import { warningSchema } from '../warning.ts';
import { observedChangeSchema, sinceChangeSchema } from './observedChange.ts';
import {
  intervalSchema,
  observedFigures,
  observedProvisionedSchema,
  observedVersionSchema,
} from './observedFigures.ts';
import { downstreamSchema, worthSchema } from './worth.ts';

/**
 * The document of `tune observe --json`: what production pays, read and not invoked. Only grows: new keys are optional. Money is
 * US$ at list prices of the first tier, without the free tier; a month has 30.4 days; shares are fractions; times are UTC.
 * `null` is what could not be read.
 */
export const observationSchemaVersion = 1;

const time = z.iso.datetime();

const sourceName = z.enum(['metrics', 'insights', 'events', 'lambdaInsights', 'computeOptimizer', 'xray']);

const source = z.strictObject({
  source: sourceName,
  status: z
    .enum(['read', 'partly', 'denied', 'unusable', 'notNeeded'])
    .describe('partly: the cap, an interrupt or a failure ended it early; what was read counts'),
  costUsd: nonNegative.describe('What AWS charges for these reads'),
  /** Why it is not whole, or not there. */
  note: z.string().optional(),
});

const day = z.strictObject({
  day: z.iso.date(),
  invocations: nonNegative,
  errors: nonNegative,
  throttles: nonNegative,
  costUsd: nonNegative.nullable(),
  durationMs: z.strictObject({ p50: nonNegative, p95: nonNegative, p99: nonNegative }).nullable(),
});

export const observationSchema = z.strictObject({
  schemaVersion: z.literal(observationSchemaVersion),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  function: z.string().describe('As the user named it'),
  region: z.string(),
  since: time,
  until: time,
  /** Which minutes were read follows from it. */
  seed: count,
  sources: z.array(source),
  sample: z.strictObject({
    windows: count.describe('Stretches of time whose records were read'),
    windowsPlanned: count,
    secondsPerWindow: count,
    records: count,
    isWhole: z.boolean().describe('Every record of the period was read: no sampling error'),
    endedBy: z.enum(['cap', 'interrupt', 'failure']).optional(),
  }),
  spend: z.strictObject({ estimatedUsd: nonNegative, spentUsd: nonNegative, capUsd: nonNegative }),
  current: z.strictObject({
    version: z.string(),
    memoryMb: z.int().positive(),
    architecture: architectureSchema,
    runtime: z.string().optional(),
    timeoutS: z.int().positive(),
  }),
  triggers: triggersSchema.optional().describe('Who calls it; absent: could not be read'),
  total: z.strictObject({
    ...observedFigures,
    errors: nonNegative.nullable(),
    throttles: nonNegative.nullable(),
    logsUsdPerMonth: nonNegative.nullable().describe('Ingested bytes at the list price of us-east-1; not in the cost'),
    provisioned: z
      .array(observedProvisionedSchema)
      .nullable()
      .optional()
      .describe(
        'Of each alias or version that had any; its charges are in the cost. null: could not be read; absent: none',
      ),
    peakConcurrency: nonNegative.nullable(),
  }),
  versions: z.array(observedVersionSchema).describe('By version, memory size and architecture, as they first appear'),
  environments: z.strictObject({
    seen: count,
    highWaterMb: z.strictObject({ p50: nonNegative, p95: nonNegative, max: nonNegative }).nullable(),
    headroomShare: share.nullable().describe('Of the current memory size, above the highest mark of it'),
    idleLifeS: z
      .strictObject({ estimate: nonNegative, low: nonNegative, high: nonNegative.nullable() })
      .nullable()
      .describe('How long idle environments live. low: the longest pause that one survived'),
  }),
  days: z.array(day),
  concurrency: z
    .array(z.array(nonNegative.nullable()).length(24))
    .length(7)
    .nullable()
    .describe('Peak by weekday (Monday first) and hour'),
  traffic: z
    .strictObject({
      startsAt: time.describe('Of the first count'),
      minutesEach: z.int().min(1).max(1440).describe('What one count covers'),
      counts: z
        .array(nonNegative)
        .min(1)
        .describe('Calls, one count after another without gaps; of the last 15 days at most'),
      durationQuantilesMs: z.array(z.strictObject({ share, ms: nonNegative })).optional(),
      idleLifeS: z
        .strictObject({ estimate: z.number().positive(), low: nonNegative.optional(), high: nonNegative.optional() })
        .optional(),
      logBytesPerCall: nonNegative.optional(),
    })
    .optional()
    .describe('What bills at this traffic are made of: tune --observation reads it'),
  downstream: downstreamSchema.optional(),
  cpuMs: intervalSchema
    .optional()
    .describe('Time of the processor in a call, where Lambda Insights tells it: a race begins by it'),
  changes: z.array(observedChangeSchema),
  sinceChange: sinceChangeSchema.optional(),
  worth: worthSchema,
  warnings: z.array(warningSchema),
});

export type Observation = DeepReadonly<z.infer<typeof observationSchema>>;
export type SourceName = z.infer<typeof sourceName>;
export type ObservedSource = Observation['sources'][number];
