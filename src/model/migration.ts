import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { settingSchema } from './configuration.ts';
import { preflightSchema } from './preflight.ts';
import { tuningResultSchema } from './run.ts';
import { verdictSchema } from './verdict.ts';

/**
 * The document of `tune migrate --json`. Version 2 only grows: new keys are optional. Ratios are arm64 ÷ x86_64, whichever
 * way the question was asked; shares are fractions; money is US$. Version 1 had no verdict, and figures of several
 * configurations: upgrade.ts judges it again.
 */
export const migrationSchemaVersion = 2;

const count = z.int().min(0);
const nonNegative = z.number().min(0).max(1e15);
const memoryMb = z.int().positive();

/** One place where two answers differ; a side that is absent has nothing there. Values are untrusted text, shortened. */
const difference = z.strictObject({
  /** JSON Pointer; empty for the document as a whole. */
  pointer: z.string(),
  x86_64: z.string().optional(),
  arm64: z.string().optional(),
  /** Both look like an id or a time, which differ by nature: `--ignore` with this pointer leaves it out. */
  looksVolatile: z.boolean(),
});

const response = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('equal') }),
  /** Equal but for what was to be ignored; `ignored`: the pointers that were needed for it. */
  z.strictObject({ kind: z.literal('equalIgnoring'), ignored: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('different'), differences: z.array(difference), differencesLeftOut: count }),
]);

const smokeError = z.strictObject({
  outcome: z.enum(['functionError', 'timedOut', 'outOfMemory', 'unreported']),
  errorType: z.string().optional(),
  errorMessage: z.string().optional(),
});

const smoke = z
  .array(
    z.strictObject({
      payload: z.string().optional(),
      response: response.optional().describe('Absent where one of the two failed'),
      errors: z.strictObject({ x86_64: smokeError.optional(), arm64: smokeError.optional() }),
    }),
  )
  .describe('One call per payload on both architectures');

/** Always arm64 ÷ x86_64, whichever way the question was asked. */
const boundedRatio = z.strictObject({ estimate: nonNegative, low: nonNegative, high: nonNegative });

const ratio = z.strictObject({
  estimate: nonNegative,
  low: nonNegative.nullable(),
  high: nonNegative.nullable(),
});

const p95Ratio = ratio.nullable().describe('null: fewer than 20 calls a side; a bound is null below 72 calls a side');

const causes = z
  .strictObject({
    /** arm64's prices for the calls that x86_64 served. */
    price: nonNegative,
    /** The size of arm64 instead of x86_64's, at that price; 1 at the same size. */
    memory: nonNegative,
    /** What is left: arm64 billed for longer or shorter. */
    duration: boundedRatio,
  })
  .describe('Their product is costRatio');

const savings = z
  .strictObject({ requestsPerMonth: nonNegative, usd: z.number(), low: z.number(), high: z.number() })
  .describe('Only where the verdict rests on the cost. Negative: it costs more');

const comparison = z.strictObject({
  memoryMb: z.strictObject({ x86_64: memoryMb, arm64: memoryMb }),
  /** Mean cost, weighted by payload, in US$ per invocation. */
  costUsd: z.strictObject({ x86_64: nonNegative, arm64: nonNegative }),
  costRatio: boundedRatio,
  p95Ratio,
  causes,
  savings: savings.optional(),
});

/** `holds`: 95 % sure that it does; `fails`: as sure that it does not. */
const decided = z.enum(['holds', 'fails', 'inconclusive']);

const required = z.strictObject({
  require: z.enum(['cheaper', 'not-slower', 'both']),
  /** By how much p95 may be higher and still count as not slower. */
  maxSlowdown: nonNegative,
  decided: decided.describe('Follows the verdict: holds with move, inconclusive with undecided, else fails'),
  /** Absent where it was not asked for. */
  cheaper: decided.optional(),
  notSlower: decided.optional(),
});

const step = z.strictObject({
  tool: z.enum(['AWS CLI', 'SAM', 'Serverless Framework', 'CDK', 'Terraform']),
  phase: z.enum(['prepare', 'rollOut', 'rollBack']),
  title: z.string(),
  /** To be pasted as they are: commands of a POSIX shell, or lines of the tool's own file. */
  lines: z.array(z.string()),
  /** Why it is done so. */
  note: z.string().optional(),
});

export const migrationResultSchema = z.strictObject({
  schemaVersion: z.literal(migrationSchemaVersion),
  verdict: verdictSchema,
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  runId: z.string(),
  function: z.string().describe('As the user named it'),
  current: settingSchema.describe('What the function has today'),
  preflight: preflightSchema,
  smoke: smoke.optional(),
  comparison: comparison.optional().describe("Of today's setting with the configuration that was judged"),
  required: required.optional(),
  projection: z
    .strictObject({ memoryMb, breakEvenSlowdown: nonNegative })
    .optional()
    .describe('Of a path target: how many times as long arm64 may take until it costs the same. Not a measurement'),
  steps: z.array(step).describe('Only with move, for the configuration that was judged'),
  run: tuningResultSchema
    .optional()
    .describe('The saved run that was measured for it. Its choices are null: the verdict is the only answer here'),
});

export type MigrationResult = DeepReadonly<z.infer<typeof migrationResultSchema>>;

/** Parts of the document, for those who make them. */
export type SmokeRow = NonNullable<MigrationResult['smoke']>[number];
export type Comparison = NonNullable<MigrationResult['comparison']>;
export type BoundedRatio = Comparison['costRatio'];
export type Savings = NonNullable<Comparison['savings']>;
export type Decision = NonNullable<MigrationResult['required']>;
