import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative, share } from './amounts.ts';
import { architectureSchema } from './configuration.ts';
import { warningSchema } from './measurement.ts';
import { triggersSchema } from './traffic.ts';

/**
 * The document of `tune observe --json`: what production pays, read and not invoked. Only grows: new keys are optional. Money is
 * US$ at list prices of the first tier, without the free tier; a month has 30.4 days; shares are fractions; times are UTC.
 * `null` is what could not be read.
 */
export const observationSchemaVersion = 1;

const time = z.iso.datetime();
const interval = z.strictObject({ estimate: nonNegative, low: nonNegative, high: nonNegative });
const memoryMb = z.int().positive();

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

const charge = nonNegative.describe('US$ a month');

/** With the names that the bill of a run has. */
const charges = z
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

const figures = {
  invocations: nonNegative,
  invocationsAre: z.enum(['exact', 'estimated']).describe('exact: counted by CloudWatch; estimated: from the records'),
  costPerMillionUsd: interval
    .nullable()
    .describe("All of Lambda's charges, without logs; null: not known, or not called"),
  costPerMonthUsd: interval.nullable().describe('At the rate of the period that was read'),
  chargesUsdPerMonth: charges.nullable().optional(),
  durationMs: z
    .strictObject({ p50: nonNegative, p95: nonNegative, p99: nonNegative })
    .nullable()
    .describe('From the records; without any, the means of the days in CloudWatch, weighted by their calls'),
  coldShare: interval.nullable(),
  initMs: z.strictObject({ p50: nonNegative, p95: nonNegative }).nullable().describe('Init or restore of cold starts'),
  maxMemoryUsedMb: nonNegative.nullable().describe('High-water mark of all environments that were seen'),
  timedOutShare: interval.nullable(),
  outOfMemoryShare: interval.nullable(),
};

const version = z.strictObject({
  version: z.string(),
  memoryMb,
  architecture: architectureSchema.nullable().describe('null: the version is gone; priced as the function is today'),
  runtime: z.string().optional(),
  firstSeen: time,
  lastSeen: time,
  ...figures,
});

const provisioned = z.strictObject({
  qualifier: z.string().describe('Alias or version'),
  environments: count.describe('Configured today'),
  meanEnvironments: nonNegative.describe('Over the period'),
  configuredUsdPerMonth: interval
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

const ratio = interval
  .nullable()
  .describe('after ÷ before, without the effects of weekday and hour; null: cannot be told');

const change = z.strictObject({
  at: time,
  kind: z.enum(['version', 'memory', 'runtime', 'architecture', 'date', 'unknown']),
  what: z.string().describe('Such as "version 17"'),
  costRatio: ratio,
  durationRatio: ratio,
});

const decided = z.enum(['holds', 'fails', 'inconclusive']);

const sinceChange = z
  .strictObject({
    change,
    required: z
      .strictObject({
        require: z.enum(['cheaper', 'not-slower', 'both']),
        maxSlowdown: nonNegative,
        decided,
        cheaper: decided.optional(),
        notSlower: decided.optional(),
      })
      .optional(),
  })
  .describe('With --since-change: did it come true?');

const compute = z.strictObject({
  finding: z.string(),
  reasons: z.array(z.string()),
  options: z.array(
    z.strictObject({ memoryMb, savingsUsdPerMonth: nonNegative.optional(), durationRatio: interval.optional() }),
  ),
});

const worth = z
  .strictObject({
    atMostUsdPerMonth: nonNegative.nullable().describe('A bound, not a promise; null: cannot be bounded'),
    ofUsdPerMonth: nonNegative.optional().describe('What a month costs as it is set today, at the rate of the period'),
    because: z.string(),
    measuringUsd: nonNegative.nullable().describe('What a run of tune costs, about'),
    isWorthMeasuring: z.boolean().nullable(),
    shortenableShare: share
      .optional()
      .describe('With --xray: of the duration at p50, what is no call of others. No memory shortens the rest'),
    computeOptimizer: compute.optional().describe('What AWS Compute Optimizer says: its words, not ours'),
  })
  .describe('What tuning could be worth');

const downstream = z
  .strictObject({
    traces: count.describe('Calls with a trace that were read'),
    tracesAtP50: count.describe('Those of them around p50, which the shares are of'),
    p50Ms: nonNegative.describe('Of the traced calls'),
    share: share.describe('Of the duration, in calls of others; what runs side by side counts once'),
    services: z.array(z.strictObject({ service: z.string(), share })).describe('Each alone: together they may be more'),
  })
  .describe('With --xray: what of the duration at p50 more memory cannot buy');

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
    memoryMb,
    architecture: architectureSchema,
    runtime: z.string().optional(),
    timeoutS: z.int().positive(),
  }),
  triggers: triggersSchema.optional().describe('Who calls it; absent: could not be read'),
  total: z.strictObject({
    ...figures,
    errors: nonNegative.nullable(),
    throttles: nonNegative.nullable(),
    logsUsdPerMonth: nonNegative.nullable().describe('Ingested bytes at the list price of us-east-1; not in the cost'),
    provisioned: z
      .array(provisioned)
      .nullable()
      .optional()
      .describe(
        'Of each alias or version that had any; its charges are in the cost. null: could not be read; absent: none',
      ),
    peakConcurrency: nonNegative.nullable(),
  }),
  versions: z.array(version).describe('By version, memory size and architecture, as they first appear'),
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
  downstream: downstream.optional(),
  cpuMs: interval
    .optional()
    .describe('Time of the processor in a call, where Lambda Insights tells it: a race begins by it'),
  changes: z.array(change),
  sinceChange: sinceChange.optional(),
  worth,
  warnings: z.array(warningSchema),
});

export type Observation = DeepReadonly<z.infer<typeof observationSchema>>;
export type Interval = DeepReadonly<z.infer<typeof interval>>;
export type SourceName = z.infer<typeof sourceName>;
export type ObservedSource = Observation['sources'][number];
export type ObservedFigures = Pick<Observation['total'], keyof typeof figures>;
export type ObservedVersion = Observation['versions'][number];
export type Change = Observation['changes'][number];
export type SinceChange = NonNullable<Observation['sinceChange']>;
export type Charges = DeepReadonly<z.infer<typeof charges>>;
export type ObservedProvisioned = DeepReadonly<z.infer<typeof provisioned>>;
export type Worth = Observation['worth'];
export type Downstream = NonNullable<Observation['downstream']>;
export type ComputeAdvice = NonNullable<Worth['computeOptimizer']>;
