import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { observationSchema } from '../production/observation.ts';
import { keptErrorSchema } from '../warning.ts';
import { accountIdSchema, functionArnSchema, functionNameSchema, regionSchema } from './fleet.ts';

/** The document of `tune fleet verify --json`. Version 1 only grows: new keys are optional. */
export const verificationSchemaVersion = 1;

const row = z.strictObject({
  functionName: functionNameSchema,
  functionArn: functionArnSchema,
  region: regionSchema,
  accountId: accountIdSchema,
  verdict: z
    .enum(['holds', 'fails', 'inconclusive', 'unread'])
    .describe(
      'holds: it came true; inconclusive: it cannot be told yet; unread: not judged, see error (nothing was deployed in the period, for instance), or the sources of the observation',
    ),
  isDeployed: z
    .boolean()
    .nullable()
    .describe('Whether the function is as the answer has it: memory size and architecture; null: unread'),
  observation: observationSchema.nullable().describe('As tune observe --json has it'),
  error: keptErrorSchema.optional(),
});

export const verificationSchema = z.strictObject({
  schemaVersion: z.literal(verificationSchemaVersion),
  kind: z.literal('fleetVerification'),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  require: z.enum(['cheaper', 'not-slower', 'both']),
  functions: z.array(row).describe('Those whose answer was to change, in the order of the portfolio'),
  spentUsd: z.number().nonnegative().describe('What AWS charges for the reads'),
});

export type Verification = DeepReadonly<z.infer<typeof verificationSchema>>;
export type VerifiedFunction = Verification['functions'][number];
