import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { architectureSchema } from './configuration.ts';
import { leftBehindSchema } from './platform.ts';
import { variantPreflightSchema } from './preflight.ts';
import { monthlySchema } from './traffic.ts';
import { variantResponsesSchema } from './variantResponses.ts';
import { keptErrorSchema, warningSchema } from './warning.ts';

/** What `tune check --json` prints and every check reporter reads. Version 1 only grows. Shares and ratios are fractions. */
export const checkSchemaVersion = 1;

const verdict = z.enum(['passed', 'regressed', 'inconclusive']);

const bounds = { low: z.number().nullable(), high: z.number().nullable() };

const metric = z.strictObject({
  name: z.enum(['cost', 'meanCost', 'duration', 'p95', 'init', 'memory', 'errors']),
  kind: z
    .enum(['increase', 'budget', 'difference'])
    .describe(
      'increase: limit on current ÷ baseline − 1; budget: on the current figure; difference: on current − baseline',
    ),
  limit: z.number().nullable().describe('null: shown, not judged'),
  baseline: z.number().nullable().describe('US$ per invocation, ms, MB or a share'),
  current: z.number().nullable(),
  ratio: z.strictObject({ estimate: z.number(), ...bounds }).nullable(),
  interval: z
    .strictObject({ estimate: z.number(), low: z.number(), high: z.number().nullable() })
    .optional()
    .describe('What is compared with the limit where that is not the ratio'),
  verdict: verdict.nullable(),
  warned: z.boolean(),
  required: z.boolean(),
});

const checkedFunctionSchema = z.strictObject({
  /** As the user named it. */
  function: z.string(),
  runId: z.string(),
  verdict: verdict.nullable().describe('null: not measured, see error'),
  undecided: z
    .enum(['fewEnvironments', 'fewSamples', 'maxSamples', 'ended', 'outOfReach', 'contended', 'sameCode'])
    .optional()
    .describe('Why the verdict is inconclusive'),
  comparison: z.enum(['against', 'baseline', 'none']),
  /** What it is compared with: a function, or the baseline files. */
  comparedWith: z.array(z.string()),
  memoryMb: z.int().positive().optional(),
  architecture: architectureSchema.optional(),
  coldShare: z.number().min(0).max(1).optional().describe('Absent: costs are warm costs'),
  metrics: z.array(metric),
  samples: z.strictObject({ baseline: z.int().min(0), current: z.int().min(0) }),
  environments: z.strictObject({ baseline: z.int().min(0), current: z.int().min(0) }),
  spend: z.strictObject({ invocations: z.int().min(0), actualUsd: z.number().min(0) }),
  identical: z
    .literal(true)
    .optional()
    .describe('Both sides are the same code (by its hash) with the same settings, as far as both are known'),
  suggestions: z
    .array(
      z.strictObject({
        kind: z.enum(['limits', 'limitsWithMore', 'samples', 'sideBySide']),
        options: z.array(z.string()),
      }),
    )
    .optional()
    .describe(
      'What would have changed the verdict, tried with the same rule on these calls (limitsWithMore, samples, sideBySide: on more that behave like them); options as they are typed, each entry together',
    ),
  monthly: z
    .strictObject({ current: monthlySchema.optional(), baseline: monthlySchema.optional() })
    .optional()
    .describe('Only with --traffic or --observation: bills of a month, which change no verdict'),
  preflight: variantPreflightSchema
    .optional()
    .describe(
      'Only with --against-variant, of one with other code, layers or another runtime; incompatible: not measured',
    ),
  responses: variantResponsesSchema
    .optional()
    .describe(
      'Only with --against-variant: its answers beside those of the function as it is, which change no verdict',
    ),
  notes: z.array(z.string()).describe('What was adjusted or differs, in sentences'),
  warnings: z.array(warningSchema),
  error: keptErrorSchema.optional(),
  acceptedRegression: z.string().optional().describe('The reason given with --accept-regression'),
  /** Line of the function in the config file, where it came from one. */
  configLine: z.int().positive().optional(),
});

export const checkResultSchema = z.strictObject({
  schemaVersion: z.literal(checkSchemaVersion),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  assumedRole: z.string().optional().describe('The role through which the account was reached'),
  runId: z.string().describe('What `tune cleanup --run` takes; each measured side has a part of it'),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  backend: z.enum(['aws', 'local']),
  verdict: verdict.describe('The worst of all functions; one that could not be measured counts as inconclusive'),
  configFile: z.string().optional(),
  functions: z.array(checkedFunctionSchema),
  leftBehind: z.array(leftBehindSchema),
});

export type CheckResult = DeepReadonly<z.infer<typeof checkResultSchema>>;
export type CheckedFunction = DeepReadonly<z.infer<typeof checkedFunctionSchema>>;
