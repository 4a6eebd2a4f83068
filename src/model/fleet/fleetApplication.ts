import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { applicationSchema } from '../application.ts';
import { keptErrorSchema } from '../warning.ts';
import { functionArnSchema, functionNameSchema } from './fleet.ts';

/** The document of `tune fleet apply --json`. Version 1 only grows: new keys are optional. */
export const fleetApplicationSchemaVersion = 1;

const row = z.strictObject({
  functionName: functionNameSchema,
  functionArn: functionArnSchema,
  application: applicationSchema.nullable().describe('As tune apply --json has it; null: see error'),
  error: keptErrorSchema.optional(),
});

export const fleetApplicationSchema = z.strictObject({
  schemaVersion: z.literal(fleetApplicationSchemaVersion),
  kind: z.literal('fleetApplication'),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  functions: z.array(row).describe('Those whose answer is to change, in the order of the portfolio'),
});

export type FleetApplication = DeepReadonly<z.infer<typeof fleetApplicationSchema>>;
export type AppliedFunction = FleetApplication['functions'][number];
