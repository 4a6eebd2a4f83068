import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative, share } from './amounts.ts';
import { answerSchema, choiceSchema } from './answer.ts';
import { architectureSchema, configurationSchema, settingSchema } from './configuration.ts';
import { costModelSchema } from './costModel.ts';
import { emulationSchema } from './functionFacts.ts';
import { measurementSchema } from './measurement.ts';
import { leftBehindSchema } from './platform.ts';
import { variantPreflightSchema } from './preflight.ts';
import { goalSchema, searchRecordSchema } from './searchRecord.ts';
import { intervalSchema, percentileSchema, projectedCostSchema, summarySchema } from './summary.ts';
import { monthlySchema, trafficSchema, triggersSchema } from './traffic.ts';
import { variantSchema } from './variant.ts';
import { variantComparisonSchema } from './variantComparison.ts';
import { variantResponsesSchema } from './variantResponses.ts';
import { warningSchema } from './warning.ts';

/**
 * The saved run: what `--json` prints, `--report json=` writes and every reporter reads. A version only grows: new keys
 * are optional, so that older readers and older files keep working. Shares and ratios are fractions, never percent;
 * money is US$; a key that ends in Ms, Mb or Usd has that unit. Version 2 has the answer, and says of ties whether they are
 * equal; files of version 1 are still read (savedVersions.ts).
 */
export const resultSchemaVersion = 2;

const configurationResult = z.strictObject({
  ...configurationSchema.shape,
  status: z
    .enum(['measured', 'infeasible', 'disqualified', 'unmeasured', 'projected'])
    .describe(
      'measured: judged; infeasible: cannot work at this size or architecture; disqualified: too many errors; unmeasured: planned, not (fully) called; projected: price only, same duration assumed',
    ),
  reason: z.string().optional(),
  warm: summarySchema.optional(),
  cold: summarySchema.optional(),
  projected: z
    .strictObject({ durationMs: nonNegative, costUsd: projectedCostSchema })
    .optional()
    .describe(
      "Only with status projected: the other architecture's price at the duration measured here. Never a measurement, so it has no interval",
    ),
  blended: z
    .strictObject({ coldShare: share, costUsd: intervalSchema, meanMs: nonNegative, p95Ms: percentileSchema })
    .optional()
    .describe(
      'Only with --cold-share: the mixture of warm and cold calls. Its durations are what a caller waits for, with init and restore',
    ),
  latency: z
    .enum(['kept', 'broken', 'undecided'])
    .optional()
    .describe('Only with --max-p95-ms: whether the 95th percentile keeps it, each verdict with 95 % confidence'),
  monthly: monthlySchema
    .optional()
    .describe('Only with --traffic or --observation, of what was measured with warm and cold calls'),
  monthlyAt15Min: monthlySchema
    .optional()
    .describe('The same if idle environments lived 15 minutes; absent where the observation says how long they live'),
  steady: z
    .strictObject({
      reached: z.boolean().describe('false: the durations still fell when no more calls were made'),
      afterCalls: count.describe('So many first warm calls of each environment are in no figure but allWarm'),
      allWarm: z.strictObject({ count, meanMs: nonNegative, costUsdMean: nonNegative }),
    })
    .optional()
    .describe(
      'Only where the first warm calls of environments are slower than the later ones: warm then holds the later ones, and allWarm what all of them come to',
    ),
  warmUp: z
    .strictObject({ calls: count, meanMs: nonNegative, laterMeanMs: nonNegative })
    .optional()
    .describe(
      'Only where the first warm calls of an environment are clearly slower, but not in the run as a whole (see steady): these apart. They are in the figures',
    ),
  failures: z.strictObject({ functionError: count, timedOut: count, outOfMemory: count, unreported: count }),
  expectedErrors: count
    .optional()
    .describe('Function errors of the types given with --allow-error: they count as answers, not as failures'),
  measurements: z.array(measurementSchema),
});

/** As version 1 was: ties without how they tie, and no answer. */
const choiceV1 = z.strictObject({ ...settingSchema.shape, tiedWith: z.array(settingSchema) }).nullable();

const hookKind = z.enum(['function', 'command']);

const comparedBy = z.strictObject({
  start: z.enum(['warm', 'cold']).describe('cold: no configuration has a warm call'),
  coldShare: share.optional().describe('A mixture with this share of cold calls decides'),
  traffic: z.literal(true).optional().describe('Each is compared by what the traffic makes of its calls: see monthly'),
});

export const tuningResultSchema = z.strictObject({
  schemaVersion: z.literal(resultSchemaVersion),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  runId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** How the run ended; anything but completed leaves configurations unmeasured. */
  ended: z.enum(['completed', 'spendCap', 'interrupted', 'failed', 'dryRun']),
  backend: z.enum(['aws', 'local']),
  emulation: emulationSchema
    .optional()
    .describe('Only with backend local. modelled: durations were computed from measured CPU time, not enforced'),
  target: z.strictObject({
    functionName: z.string(),
    functionArn: z.string(),
    qualifier: z.string(),
    version: z.string().optional(),
    runtime: z.string().optional(),
    packageType: z.enum(['Zip', 'Image']),
    codeSha256: z.string(),
    ...settingSchema.shape,
    timeoutS: z.int().positive().optional(),
    ephemeralStorageMb: z.int().positive().optional(),
    reservedConcurrency: count.optional(),
    unreservedConcurrency: count.optional().describe('Of the account in the region'),
    region: z.string().optional(),
    triggers: triggersSchema.optional().describe('Who calls it, where that could be read'),
    path: z.string().optional().describe('Of a path target: what the user gave'),
    definition: z
      .strictObject({
        stackName: z.string().optional(),
        logicalId: z.string().optional(),
        handler: z.string().optional(),
      })
      .optional()
      .describe('What finds it in the repository that deploys it: of its CloudFormation tags'),
    template: z
      .strictObject({ file: z.string(), function: z.string(), architecture: architectureSchema })
      .optional()
      .describe('Of a path target that a template defines: which function of which file, and for which architecture'),
  }),
  costModel: costModelSchema,
  options: z.strictObject({
    memoryMb: z.array(z.int().positive()),
    architectures: z.array(architectureSchema),
    variants: z.array(variantSchema).optional().describe('What was varied, `current` among it'),
    invocations: z.int().positive(),
    concurrency: z.int().positive(),
    maxInFlight: z.int().positive(),
    maxErrorShare: share,
    tolerance: share.optional().describe('Within it of the best counts as tied'),
    goal: goalSchema.optional().describe('As asked for with --goal or --strategy; absent: neither was given'),
    coldStarts: z.int().positive().optional(),
    coldShare: share.optional().describe('Configurations are compared by this mixture of cold and warm calls'),
    maxP95Ms: z.number().positive().optional(),
    allowErrors: z.array(z.string()).optional().describe('Function errors of these types count as answers'),
    maxSpendUsd: nonNegative.optional(),
    payloadTemplate: z.boolean(),
    payloads: z.array(
      z.strictObject({
        name: z.string(),
        sha256: z.string(),
        bytes: count,
        weight: z.number().positive(),
        lines: count.optional().describe('Of JSON Lines: so many events, sent in turn; hash and bytes are of all'),
      }),
    ),
    /** Names only: values never leave memory. */
    envNames: z.array(z.string()),
    hooks: z
      .strictObject({
        before: hookKind.optional(),
        after: hookKind.optional(),
        beforeRun: hookKind.optional(),
        afterRun: hookKind.optional(),
      })
      .optional()
      .describe('What was called before and after each call, and the run: their time is in no figure'),
    pauseMs: z.number().positive().optional().describe('Between two calls of an environment'),
    maxRatePerS: z.number().positive().optional().describe('Calls a second at most'),
    stream: z
      .enum(['url', 'asked'])
      .optional()
      .describe('Answers were read while they were written: the URL of the function streams, or --stream was given'),
    assumedRole: z.string().optional().describe('The role through which the account was reached'),
  }),
  continued: z
    .strictObject({ runId: z.string(), startedAt: z.iso.datetime(), finishedAt: z.iso.datetime(), measurements: count })
    .optional()
    .describe('The earlier run whose measurements are among these (--continue); costs are worked out anew'),
  acceptedRegression: z
    .string()
    .optional()
    .describe('Of a baseline of `tune check` that was updated although it had regressed: the reason given'),
  configurations: z.array(configurationResult),
  comparedBy: comparedBy
    .optional()
    .describe(
      'By which calls configurations are compared. Absent: nothing was measured, or a run from before it was saved',
    ),
  search: searchRecordSchema.optional(),
  variants: z
    .array(variantComparisonSchema)
    .optional()
    .describe('Each beside the function as it is, over all sizes; what was varied stands in options.variants'),
  responses: z
    .array(variantResponsesSchema)
    .optional()
    .describe('Of variants whose answers could be compared with those of the function as it is'),
  preflights: z
    .array(variantPreflightSchema)
    .optional()
    .describe('Of variants with other code, layers or another runtime, on each architecture'),
  traffic: trafficSchema
    .optional()
    .describe('Only with --traffic or --observation: the traffic that the answer and the choices are made at'),
  answer: answerSchema.describe('What to do; every format and exit code follows it'),
  cheapest: choiceSchema,
  fastest: choiceSchema,
  balanced: choiceSchema,
  spend: z.strictObject({
    invocations: count,
    estimatedUsd: nonNegative,
    worstCaseUsd: nonNegative.optional(),
    actualUsd: nonNegative,
    throttles: count.optional(),
  }),
  warnings: z.array(warningSchema),
  leftBehind: z.array(leftBehindSchema),
});

export const resultSchemaV1 = tuningResultSchema
  .omit({ answer: true })
  .extend({ schemaVersion: z.literal(1), cheapest: choiceV1, fastest: choiceV1, balanced: choiceV1 });

/** A run before anything was decided by it. */
export type Undecided = Omit<
  TuningResult,
  'schemaVersion' | 'variants' | 'answer' | 'cheapest' | 'fastest' | 'balanced'
>;

export type TuningResult = DeepReadonly<z.infer<typeof tuningResultSchema>>;
export type ConfigurationBasis = DeepReadonly<z.infer<typeof comparedBy>>;
export type ConfigurationResult = DeepReadonly<z.infer<typeof configurationResult>>;
