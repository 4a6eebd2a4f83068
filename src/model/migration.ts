import { z } from 'zod';
import { architectureSchema, architectures, configurationSchema } from './configuration.ts';
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

const finding = z.strictObject({
  where: z.string().describe("function package, function, image, or the layer's ARN"),
  path: z.string().describe('In that place; files of an inner archive follow !/'),
  kind: z.enum([
    'bootstrap',
    'executable',
    'sharedLibrary',
    'nodeAddon',
    'pythonExtension',
    'nodePackage',
    'pythonWheel',
    'dotnetReadyToRun',
    'archive',
    'layer',
    'runtime',
    'image',
  ]),
  architecture: z.enum([...architectures, 'i386', 'arm', 'unknown']).describe('What it is built for, or declares'),
  cure: z.string(),
  package: z.string().optional(),
  reason: z.string().optional().describe('What is wrong where it is not the architecture alone'),
  blocking: z.boolean().describe('false: it may work all the same, or could not be looked into'),
});

const preflight = z.strictObject({
  wanted: architectureSchema,
  verdict: z.enum(['compatible', 'incompatible', 'unknown']),
  findings: z.array(finding),
  findingsLeftOut: count,
  files: count,
  note: z.string(),
});

const difference = z.strictObject({
  pointer: z.string(),
  x86_64: z.string().optional(),
  arm64: z.string().optional(),
  looksVolatile: z.boolean(),
});

const response = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('equal') }),
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

const boundedRatio = z.strictObject({ estimate: nonNegative, low: nonNegative, high: nonNegative });

const ratio = z.strictObject({
  estimate: nonNegative,
  low: nonNegative.nullable(),
  high: nonNegative.nullable(),
});

const p95Ratio = ratio.nullable().describe('null: fewer than 20 calls a side; a bound is null below 72 calls a side');

const causes = z
  .strictObject({ price: nonNegative, memory: nonNegative, duration: boundedRatio })
  .describe('Their product is costRatio');

const savings = z
  .strictObject({ requestsPerMonth: nonNegative, usd: z.number(), low: z.number(), high: z.number() })
  .describe('Only where the verdict rests on the cost. Negative: it costs more');

const comparison = z.strictObject({
  memoryMb: z.strictObject({ x86_64: memoryMb, arm64: memoryMb }),
  costUsd: z.strictObject({ x86_64: nonNegative, arm64: nonNegative }),
  costRatio: boundedRatio,
  p95Ratio,
  causes,
  savings: savings.optional(),
});

const decided = z.enum(['holds', 'fails', 'inconclusive']);

const required = z.strictObject({
  require: z.enum(['cheaper', 'not-slower', 'both']),
  maxSlowdown: nonNegative,
  decided: decided.describe('Follows the verdict: holds with move, inconclusive with undecided, else fails'),
  cheaper: decided.optional(),
  notSlower: decided.optional(),
});

const step = z.strictObject({
  tool: z.enum(['AWS CLI', 'SAM', 'Serverless Framework', 'CDK', 'Terraform']),
  phase: z.enum(['prepare', 'rollOut', 'rollBack']),
  title: z.string(),
  lines: z.array(z.string()),
  note: z.string().optional(),
});

export const migrationResultSchema = z.strictObject({
  schemaVersion: z.literal(migrationSchemaVersion),
  verdict: verdictSchema,
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  runId: z.string(),
  function: z.string().describe('As the user named it'),
  current: configurationSchema.describe('What the function has today'),
  preflight,
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

export type MigrationResult = z.infer<typeof migrationResultSchema>;
