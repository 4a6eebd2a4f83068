import { z } from 'zod';
import { architectureSchema, configurationSchema } from './configuration.ts';

/**
 * The saved run: what `--json` prints, `--report json=` writes and every reporter reads. A version only grows: new keys
 * are optional, so that older readers and older files keep working. Shares and ratios are fractions, never percent;
 * money is US$; a key that ends in Ms, Mb or Usd has that unit. Version 2 has the answer, and says of ties whether they are
 * equal; files of version 1 are still read (savedVersions.ts).
 */
export const resultSchemaVersion = 2;

const share = z.number().min(0).max(1);
/** Larger ones are no figure of any run, and would be shown as infinite once they are multiplied. */
const nonNegative = z.number().min(0).max(1e15);
const count = z.int().min(0);

const interval = z
  .strictObject({ mean: nonNegative, low: nonNegative, high: nonNegative })
  .describe(
    'US$ per invocation; low and high bound the mean with 95 % confidence (equal to the mean where one sample leaves it unknown: see warnings)',
  );

/** A percentile is null when there are too few samples to name it (fewer than 1/(1-p)). */
const percentile = nonNegative.nullable();

const distribution = z.strictObject({
  mean: nonNegative,
  p50: percentile,
  p90: percentile,
  p95: percentile,
  p99: percentile,
  min: nonNegative,
  max: nonNegative,
  intervals: z
    .partialRecord(
      z.enum(['p50', 'p90', 'p95', 'p99']),
      z.strictObject({ low: nonNegative.nullable(), high: nonNegative.nullable() }),
    )
    .optional()
    .describe(
      'Order statistics that bound a percentile with 95 % confidence; null where too few values bound it on that side. Not of weighted payloads',
    ),
});

const summary = z.strictObject({
  count,
  durationMs: distribution,
  billedDurationMs: z.strictObject({ mean: nonNegative }),
  rawDurationMs: z
    .strictObject({ mean: nonNegative })
    .optional()
    .describe('Only of the embedded endpoint: by the clock, other work of the machine included'),
  initDurationMs: distribution.optional(),
  restoreDurationMs: distribution.optional(),
  maxMemoryUsedMb: nonNegative,
  costUsd: interval,
  environments: count.optional(),
});

const measurementBase = {
  requestId: z.string(),
  startedAt: z.iso.datetime(),
  environment: z.string(),
  payload: z.string().optional(),
  start: z.enum(['cold', 'warm']),
};

const reported = {
  durationMs: nonNegative,
  billedDurationMs: nonNegative,
  initDurationMs: nonNegative.optional(),
  restoreDurationMs: nonNegative.optional(),
  maxMemoryUsedMb: nonNegative,
  rawDurationMs: nonNegative
    .optional()
    .describe('Only of the embedded endpoint, where durationMs is that of a free machine: what the clock said'),
  contendedShare: share
    .optional()
    .describe("Only of the embedded endpoint: share of the clock's time that was the busy machine's doing"),
  costUsd: nonNegative,
};

export const measurementSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ ...measurementBase, outcome: z.literal('succeeded'), ...reported }),
  z.strictObject({
    ...measurementBase,
    outcome: z.enum(['functionError', 'timedOut', 'outOfMemory']),
    errorType: z.string().optional(),
    errorMessage: z.string().optional(),
    ...reported,
  }),
  z.strictObject({
    ...measurementBase,
    outcome: z.literal('unreported'),
    errorType: z.string().optional(),
    errorMessage: z.string().optional(),
    reason: z.string(),
  }),
]);

const configurationResult = z.strictObject({
  ...configurationSchema.shape,
  status: z
    .enum(['measured', 'infeasible', 'disqualified', 'unmeasured', 'projected'])
    .describe(
      'measured: judged; infeasible: cannot work at this size or architecture; disqualified: too many errors; unmeasured: planned, not (fully) called; projected: price only, same duration assumed',
    ),
  reason: z.string().optional(),
  warm: summary.optional(),
  cold: summary.optional(),
  projected: z
    .strictObject({ durationMs: nonNegative, costUsd: interval })
    .optional()
    .describe(
      "Only with status projected: the other architecture's price at the duration measured here. Never a measurement.",
    ),
  blended: z
    .strictObject({ coldShare: share, costUsd: interval, meanMs: nonNegative, p95Ms: percentile })
    .optional()
    .describe(
      'Only with --cold-share: the mixture of warm and cold calls. Its durations are what a caller waits for, with init and restore',
    ),
  latency: z
    .enum(['kept', 'broken', 'undecided'])
    .optional()
    .describe('Only with --max-p95-ms: whether the 95th percentile keeps it, each verdict with 95 % confidence'),
  warmUp: z
    .strictObject({ calls: count, meanMs: nonNegative, laterMeanMs: nonNegative })
    .optional()
    .describe(
      'Only where the first warm calls of an environment are clearly slower: these apart. They are in the figures',
    ),
  failures: z.strictObject({ functionError: count, timedOut: count, outOfMemory: count, unreported: count }),
  expectedErrors: count
    .optional()
    .describe('Function errors of the types given with --allow-error: they count as answers, not as failures'),
  measurements: z.array(measurementSchema),
});

const tied = z.strictObject({
  ...configurationSchema.shape,
  tie: z
    .enum(['equal', 'notToldApart'])
    .describe('equal: the interval of the difference lies inside the tolerance; notToldApart: too little is known'),
  moreCalls: count
    .optional()
    .describe('Of notToldApart: about so many calls more would tell. Absent where more calls alone would hardly'),
});

const choice = z
  .strictObject({ ...configurationSchema.shape, tiedWith: z.array(tied) })
  .nullable()
  .describe('null: no configuration was measured, or a race was not asked for it');

const shareOfCurrent = z
  .strictObject({ share: z.number().max(1), low: z.number().max(1), high: z.number().max(1) })
  .describe('Of the current figure, with 95 % confidence; negative: more instead of less. Absent: not told apart');

/** What to do, decided once (answer/answer.ts); everything that is shown follows from it. */
const answer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('change'),
    configuration: configurationSchema,
    saves: shareOfCurrent.optional(),
    faster: shareOfCurrent.optional(),
    because: z
      .enum([
        'cheaper',
        'faster',
        'cheaperAndFaster',
        'cheaperThoughSlower',
        'cheapestAsked',
        'better',
        'currentCannotRun',
        'currentBreaksLimit',
        'noCurrent',
      ])
      .describe(
        'cheaper, faster: surely, at about the same speed or cost; cheapestAsked: not surely cheaper, but asked for with --goal cheapest; better: in cost × duration (--goal balanced); noCurrent: nothing is deployed to compare with',
      ),
  }),
  z.strictObject({
    kind: z.literal('stay'),
    configuration: configurationSchema,
    because: z
      .enum(['currentIsBest', 'nothingSurelyBetter', 'cheaperIsSlower'])
      .describe('cheaperIsSlower: and what is about as cheap and faster than that does not surely save'),
  }),
  z.strictObject({
    kind: z.literal('unanswered'),
    configuration: configurationSchema.optional().describe('The best of what was measured'),
    because: z
      .enum(['dryRun', 'nothingMeasured', 'currentNotMeasured', 'noCpuShare', 'hostNeverCalm', 'partOfMigration'])
      .describe(
        'noCpuShare: of a local run without CPU shares, whose sizes do not differ as on AWS; hostNeverCalm: of a local run on a machine that was busy throughout; partOfMigration: the verdict of the migration is the answer',
      ),
  }),
]);

const goal = z.enum(['cheapest', 'fastest', 'balanced', 'all']);

const searchRecord = z
  .strictObject({
    goal,
    effort: z.enum(['quick', 'default', 'careful']),
    tolerance: share,
    seed: z.int(),
    maxP95Ms: z.number().positive().optional(),
    coldShare: share.optional(),
    reason: z.enum(['answered', 'budget', 'nothingMeasured', 'unfinished']),
    texts: z.array(z.string()).describe('How each race ended, in words'),
    answers: z.array(
      z.strictObject({
        question: z.enum(['cheapest', 'fastest', 'balanced']),
        best: configurationSchema,
        tied: z.array(configurationSchema),
        ended: z.enum(['separated', 'withinTolerance', 'cap', 'budget']),
        unresolved: z.array(configurationSchema),
        fastestOfTied: z.strictObject({ ...configurationSchema.shape, timesAsFast: z.number().positive() }).optional(),
        latency: z.enum(['kept', 'broken', 'undecided']).optional(),
      }),
    ),
    refined: z.array(configurationSchema),
  })
  .describe('Only of a race: what was asked and how it ended. Sizes that were not called are unmeasured rows');

/** As version 1 was: ties without how they tie, and no answer. */
const choiceV1 = z.strictObject({ ...configurationSchema.shape, tiedWith: z.array(configurationSchema) }).nullable();

const warningSchema = z.strictObject({ code: z.string(), text: z.string() });

const leftBehindSchema = z.strictObject({
  kind: z.enum(['function', 'logGroup', 'stagedObject']),
  name: z.string(),
  region: z.string(),
  reason: z.string(),
  command: z.string(),
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
  emulation: z
    .strictObject({
      architectures: z.array(architectureSchema),
      cpu: z.enum(['cgroup', 'modelled', 'none']),
      cores: z.number().positive(),
    })
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
    ...configurationSchema.shape,
    timeoutS: z.int().positive().optional(),
    ephemeralStorageMb: z.int().positive().optional(),
    region: z.string().optional(),
    path: z.string().optional().describe('Of a path target: what the user gave'),
  }),
  costModel: z.strictObject({
    region: z.string(),
    gbSecondUsd: z.strictObject({ x86_64: nonNegative, arm64: nonNegative }),
    requestUsd: z.strictObject({ x86_64: nonNegative, arm64: nonNegative }),
    ephemeralStorageGbSecondUsd: z.strictObject({ x86_64: nonNegative, arm64: nonNegative }).optional(),
    snapStart: z
      .strictObject({ cacheGbSecondUsd: nonNegative, restoreGbUsd: nonNegative, minCacheHours: nonNegative })
      .optional(),
    source: z.enum(['table', 'option']),
    asOf: z.string(),
    confidence: z.enum(['published', 'partial', 'inferred', 'given']),
  }),
  options: z.strictObject({
    memoryMb: z.array(z.int().positive()),
    architectures: z.array(architectureSchema),
    invocations: z.int().positive(),
    concurrency: z.int().positive(),
    maxInFlight: z.int().positive(),
    maxErrorShare: share,
    tolerance: share.optional().describe('Within it of the best counts as tied'),
    goal: goal.optional().describe('As asked for with --goal or --strategy; absent: neither was given'),
    coldStarts: z.int().positive().optional(),
    coldShare: share.optional().describe('Configurations are compared by this mixture of cold and warm calls'),
    maxP95Ms: z.number().positive().optional(),
    allowErrors: z.array(z.string()).optional().describe('Function errors of these types count as answers'),
    maxSpendUsd: nonNegative.optional(),
    payloadTemplate: z.boolean(),
    payloads: z.array(
      z.strictObject({ name: z.string(), sha256: z.string(), bytes: count, weight: z.number().positive() }),
    ),
    /** Names only: values never leave memory. */
    envNames: z.array(z.string()),
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
  search: searchRecord.optional(),
  answer: answer.describe('What to do; every format and exit code follows it'),
  cheapest: choice,
  fastest: choice,
  balanced: choice,
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
export type Undecided = Omit<TuningResult, 'schemaVersion' | 'answer' | 'cheapest' | 'fastest' | 'balanced'>;

export type TuningResult = z.infer<typeof tuningResultSchema>;
export type ConfigurationResult = z.infer<typeof configurationResult>;
export type Summary = z.infer<typeof summary>;
export type Distribution = z.infer<typeof distribution>;
export type Choice = z.infer<typeof choice>;
export type Tied = z.infer<typeof tied>;
export type Answer = z.infer<typeof answer>;
export type CostInterval = z.infer<typeof interval>;
