import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { count, nonNegative } from '../amounts.ts';
import { settingSchema } from '../configuration.ts';
import { leftBehindSchema } from '../platform.ts';
import { keptErrorSchema } from '../warning.ts';
import { accountIdSchema, functionArnSchema, functionNameSchema, regionSchema } from './fleet.ts';
import { functionState } from './portfolio.ts';

/**
 * How far `tune fleet run` came: one file for each part of the work, in the folder of the saved runs. It is written anew whenever
 * a function begins or ends, so that what was killed can go on, and `tune fleet merge` reads it.
 */
export const fleetShardSchemaVersion = 1;

/** What a part is to measure. */
const chosen = z.strictObject({
  functionName: functionNameSchema,
  functionArn: functionArnSchema,
  region: regionSchema,
  accountId: accountIdSchema,
  profile: z.string().optional(),
  role: z.string().optional(),
  setting: settingSchema,
  monthlyUsd: nonNegative.nullable(),
  invocationsPerMonth: nonNegative.nullable(),
});

const row = z.strictObject({
  functionArn: functionArnSchema,
  state: z.enum(['started', ...functionState.options]),
  /** Of the saved run, or of the record that a run which was cut short left. */
  runId: z.string().optional(),
  /** In the folder; of a run that is worth reading. */
  runFile: z.string().optional(),
  because: z.string(),
  /** The calls of this function. */
  spentUsd: nonNegative,
  error: keptErrorSchema.optional(),
});

export const fleetShardSchema = z.strictObject({
  schemaVersion: z.literal(fleetShardSchemaVersion),
  kind: z.literal('fleetShard'),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  shard: z.strictObject({ index: z.int().positive(), of: z.int().positive() }),
  /** All functions of the work, those of the other parts, too. */
  functions: z.array(chosen),
  rows: z.array(row),
  spentBeforeUsd: nonNegative.describe('By the processes of this part before the one that wrote this'),
  spentUsd: nonNegative,
  leftBehind: z.array(leftBehindSchema),
  started: count.describe('How many processes worked on this part'),
});

export type FleetShard = DeepReadonly<z.infer<typeof fleetShardSchema>>;
export type ChosenFunction = FleetShard['functions'][number];
export type ShardRow = FleetShard['rows'][number];
export type Shard = FleetShard['shard'];
