import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative, share } from './amounts.ts';
import { answerSchema } from './answer.ts';
import { configurationSchema } from './configuration.ts';
import { intervalSchema } from './summary.ts';

/** What real traffic makes of measured calls: arrivals, and what a month of them costs. */

const quantile = z.strictObject({ share, ms: nonNegative });

/** The part of an observation (`tune observe --json`) that arrivals are made of: its key `traffic`. */
const observedTrafficSchema = z.strictObject({
  startsAt: z.iso.datetime().describe('Of the first count, UTC'),
  minutesEach: z.int().min(1).max(1440).describe('What one count covers'),
  counts: z.array(nonNegative).min(1).max(600_000).describe('Invocations, one count after another without gaps'),
  durationQuantilesMs: z
    .array(quantile)
    .max(1000)
    .optional()
    .describe("Of production's durations at its own setting: payloads are weighted by them"),
  idleLifeS: z
    .strictObject({ estimate: z.number().positive(), low: nonNegative.optional(), high: nonNegative.optional() })
    .optional()
    .describe('How long an idle environment lives'),
  logBytesPerCall: nonNegative.optional(),
});

/** What is read of an observation here; its other keys are for others. */
export const trafficOfObservationSchema = z.looseObject({
  total: z.looseObject({}),
  versions: z.array(z.unknown()),
  traffic: observedTrafficSchema.optional(),
});

const latency = z
  .strictObject({ p50: nonNegative, p95: nonNegative, p99: nonNegative })
  .describe('What a caller waits for in Lambda, with init or restore, over all calls of the replay');

const bill = z
  .strictObject({
    requests: nonNegative,
    duration: nonNegative,
    init: nonNegative.describe('Init and restore time, as far as it is billed'),
    provisioned: nonNegative.describe('Provisioned concurrency as it is configured'),
    snapStart: nonNegative.describe('Cache and restores'),
    storage: nonNegative.describe('Ephemeral storage above 512 MB'),
    total: nonNegative,
  })
  .describe('US$ per month of 30.4 days: list prices with volume tiers, without free tier');

export const monthlySchema = z.strictObject({
  requests: count,
  coldShare: z.strictObject({ estimate: share }),
  environments: z
    .strictObject({ p50: count, max: count })
    .describe('That exist, busy or idle, when a call has found its own'),
  usd: bill,
  logsUsd: nonNegative.describe('CloudWatch Logs, beside the total'),
  latencyMs: latency,
  callUsd: intervalSchema.describe(
    'US$ per invocation at this traffic, all of the bill; what configurations are compared by',
  ),
  callMs: nonNegative.describe('Mean of what a caller waits for'),
});

const scheduleStep = z.strictObject({
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .describe('Time of day, UTC'),
  environments: count,
});

const provisionedPlan = z.strictObject({
  environments: count.describe('The most that are configured at a time'),
  schedule: z.array(scheduleStep).max(6).optional().describe('Absent: as many at all times'),
  usd: bill,
  spillShare: share.describe('Calls that run on demand beside it'),
  coldShare: share,
  latencyMs: latency,
});

const provisionedSchema = z.strictObject({
  configuration: configurationSchema,
  breakEvenUse: share
    .nullable()
    .describe('Use of one environment from which it is cheaper than on demand; null: never'),
  none: provisionedPlan,
  constant: provisionedPlan.optional().describe('The cheapest number from 1 on, the same at all times'),
  scheduled: provisionedPlan
    .optional()
    .describe('By time of day; absent where it is no cheaper than a constant number'),
  latency: provisionedPlan.optional().describe('The least constant number that serves 99 % of the calls'),
  cheapest: z.enum(['none', 'constant', 'scheduled']),
  curve: z
    .array(z.strictObject({ environments: count, usd: nonNegative }))
    .describe('Monthly bill by a constant number, at the durations of warm calls'),
});

export const trafficSchema = z.strictObject({
  given: z.string().describe('As it was given: a rate, or the name of a file'),
  kind: z.enum(['rate', 'minutes', 'arrivals', 'observation']),
  requestsPerMonth: count,
  replay: z.strictObject({
    arrivals: count.describe('That were counted'),
    seconds: nonNegative.describe('That they spread over'),
    warmUpSeconds: nonNegative.describe('Replayed before each part that is counted; 0: from an empty pool'),
    seed: count,
  }),
  idleLifeS: z.number().positive(),
  idleLifeFrom: z.enum(['assumed', 'observation']),
  discount: share.optional().describe('On lines of compute alone'),
  logs: z.strictObject({
    from: z
      .enum(['observation', 'assumed'])
      .describe("assumed: Lambda's own START, END and REPORT, nothing of the function's"),
    bytes: z.strictObject({ warm: nonNegative, cold: nonNegative }),
    priceRegion: z.string(),
    infrequentAccessUsd: nonNegative.describe("Of the answered configuration's logs in the Infrequent Access class"),
    withoutSystemUsd: nonNegative
      .optional()
      .describe('At system log level WARN, where they are known to be Lambda’s own alone'),
    jsonUsd: nonNegative.optional(),
  }),
  payloadWeights: z
    .strictObject({
      weights: z.array(z.strictObject({ name: z.string(), share })),
      misfit: share.describe(
        'Largest distance between the shares of calls below a duration: production, and these payloads',
      ),
    })
    .optional()
    .describe('Found by production’s durations; absent: as they were given'),
  perCall: answerSchema.describe('What the answer is by single calls, without the traffic'),
  provisioned: z.array(provisionedSchema),
});

export type ObservedTraffic = DeepReadonly<z.infer<typeof observedTrafficSchema>>;
export type Monthly = DeepReadonly<z.infer<typeof monthlySchema>>;
export type MonthlyBill = DeepReadonly<z.infer<typeof bill>>;
export type LatencyMs = DeepReadonly<z.infer<typeof latency>>;
export type ProvisionedPlan = DeepReadonly<z.infer<typeof provisionedPlan>>;
export type ProvisionedAdvice = DeepReadonly<z.infer<typeof provisionedSchema>>;
export type TrafficRecord = DeepReadonly<z.infer<typeof trafficSchema>>;

/** Who calls a function, as far as its account tells: what counts for it follows from that. */
const trigger = z.strictObject({
  service: z.string().describe('Such as sqs or apigateway; url: a function URL; direct: another account or role'),
  kind: z
    .enum(['synchronous', 'batches', 'schedule', 'events'])
    .describe('synchronous: the caller waits; batches: of a queue or stream; events: asynchronous'),
  by: z.enum(['mapping', 'policy']).describe('Event source mapping, or resource policy'),
  batchSize: z.int().positive().optional(),
});

export const triggersSchema = z.array(trigger);

export type Triggers = DeepReadonly<z.infer<typeof triggersSchema>>;
export type Trigger = Triggers[number];
