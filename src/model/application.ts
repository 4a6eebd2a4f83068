import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { configurationSchema } from './configuration.ts';

/** The document of `tune apply --json`. Version 1 only grows: new keys are optional. */
export const applicationSchemaVersion = 1;

const property = z.enum(['memoryMb', 'architecture', 'runtime', 'snapStart', 'logLevel', 'provisionedConcurrency']);

const byHand = z.strictObject({
  property: property.optional().describe('Absent: more than one literal'),
  file: z.string(),
  line: z.int().positive(),
  expression: z.string().describe('As the file writes it; empty where it writes nothing'),
  because: z.string(),
  comesFrom: z.string().optional(),
  write: z.string().describe('What to write there by hand'),
});

const candidate = z.strictObject({
  file: z.string().describe('Relative to the repository'),
  line: z.int().positive(),
  format: z.string(),
  select: z.string().describe('What --select takes'),
});

export const applicationSchema = z.strictObject({
  schemaVersion: z.literal(applicationSchemaVersion),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  outcome: z
    .enum(['differs', 'written', 'present', 'stay', 'refused', 'several', 'notFound'])
    .describe(
      'differs: the file does not have the answer yet; written: now it has; present: it has it already; stay: the answer changes nothing; refused: not all of it can be edited, so nothing was; several, notFound: no one definition of the function',
    ),
  functionName: z.string(),
  to: configurationSchema.describe('The answer'),
  definition: candidate.optional(),
  candidates: z.array(candidate).optional().describe('With several and notFound'),
  edits: z.array(
    z.strictObject({
      property,
      file: z.string(),
      line: z.int().positive(),
      before: z.string().optional().describe('Absent: it was not written there'),
      after: z.string(),
      notes: z.array(z.string()),
    }),
  ),
  diff: z.string().optional().describe('Unified, as git apply takes it'),
  refusals: z.array(byHand),
  besides: z
    .array(byHand)
    .optional()
    .describe(
      'To write by hand beside the edits, which do not wait for it: provisioned concurrency that has no place yet',
    ),
  mustFollow: z.array(z.string()).describe('Of a new architecture: builds, layers and images'),
  notes: z.array(z.string()),
  next: z.strictObject({ rollOut: z.array(z.string()), rollBack: z.array(z.string()), verify: z.string() }).optional(),
});

export type Application = DeepReadonly<z.infer<typeof applicationSchema>>;
