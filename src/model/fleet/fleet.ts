import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { count, nonNegative, share } from '../amounts.ts';
import { architectureSchema } from '../configuration.ts';
import { warningSchema } from '../warning.ts';

/**
 * The document of `tune fleet rank --json`: what the functions of one or several accounts and regions cost, and what tuning
 * them could be worth; read, and nothing invoked. Only grows: new keys are optional. Money is US$ at list prices of the first
 * tier, a month has 30.4 days, times are UTC. `null` is what could not be read.
 */
export const fleetSchemaVersion = 1;

const time = z.iso.datetime();

/** Names become names of files, so they are what Lambda allows, and nothing else. */
export const functionNameSchema = z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/);
export const accountIdSchema = z.string().regex(/^\d{12}$/);
export const regionSchema = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/);
export const functionArnSchema = z
  .string()
  .regex(/^arn:[a-z-]{3,20}:lambda:[a-z0-9-]{5,30}:\d{12}:function:[a-zA-Z0-9-_]{1,64}$/);

/** How an account and region was reached: what the measuring needs to reach it again. */
const reach = {
  accountId: z.string().describe('Twelve digits; empty where not even that could be read'),
  region: z.string(),
  profile: z.string().optional(),
  role: z.string().optional().describe('ARN of the role that the account was reached through'),
};

const place = z.strictObject({
  ...reach,
  status: z
    .enum(['read', 'partly', 'denied', 'unreachable'])
    .describe('partly: a source was denied or failed, see notes; denied, unreachable: nothing of it is in functions'),
  functions: count,
  monthlyUsd: nonNegative.nullable().describe('Sum of those whose spend is known'),
  notes: z.array(z.string()),
});

const rankedFunction = z.strictObject({
  functionName: functionNameSchema,
  functionArn: functionArnSchema,
  ...reach,
  accountId: accountIdSchema,
  region: regionSchema,
  memoryMb: z.int().positive(),
  architecture: architectureSchema,
  runtime: z.string().optional(),
  packageType: z.enum(['Zip', 'Image']),
  timeoutS: z.int().positive(),
  invocationsPerMonth: nonNegative.nullable(),
  meanDurationMs: nonNegative.nullable(),
  monthlyUsd: nonNegative.nullable().describe("Lambda's charges at the rate of the period; without logs"),
  share: share.nullable().describe('Of the bill of all functions whose spend is known'),
  atMostSavesUsd: nonNegative.nullable().describe('In a month; a bound, not a promise'),
  because: z.string().describe('What bounds it, or why it cannot be bounded'),
  costToMeasureUsd: nonNegative.nullable().describe('What a run of tune costs, about'),
  paybackDays: nonNegative.nullable().describe('Cost to measure ÷ what could be saved in a day, at best'),
  isWorthMeasuring: z.boolean().nullable(),
  basis: z
    .enum(['records', 'metrics', 'none'])
    .describe('records: observed (its REPORT lines were read); metrics: counts and mean durations alone'),
  risk: z.strictObject({
    level: z
      .enum(['low', 'some', 'high'])
      .describe('Of invoking copies of it: a copy has the side effects of the function'),
    reasons: z.array(z.string()),
  }),
  eventSources: z
    .array(z.string())
    .describe('Services whose events it is called with, by account-wide event source mappings'),
  owner: z.string().nullable().describe('By its tags: owner, team, …'),
  cannotTune: z.string().optional().describe('Why tune would refuse it'),
  notes: z.array(z.string()).describe('What could not be read of it'),
});

export const fleetSchema = z.strictObject({
  schemaVersion: z.literal(fleetSchemaVersion),
  kind: z.literal('fleet'),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  rankedAt: time,
  since: time,
  until: time,
  places: z.array(place).describe('Each account and region'),
  total: z.strictObject({
    functions: count,
    observed: count,
    worthMeasuring: count,
    monthlyUsd: nonNegative.nullable(),
    atMostSavesUsd: nonNegative.nullable(),
  }),
  spend: z.strictObject({ estimatedUsd: nonNegative, spentUsd: nonNegative, capUsd: nonNegative }),
  functions: z.array(rankedFunction).describe('What tuning could save most first'),
  endedBy: z.enum(['cap', 'interrupt']).optional(),
  warnings: z.array(warningSchema),
});

export type Fleet = DeepReadonly<z.infer<typeof fleetSchema>>;
export type FleetPlace = Fleet['places'][number];
export type RankedFunction = Fleet['functions'][number];
