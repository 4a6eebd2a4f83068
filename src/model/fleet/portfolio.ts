import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { count, nonNegative, share } from '../amounts.ts';
import { answerSchema } from '../answer.ts';
import { settingSchema } from '../configuration.ts';
import { leftBehindSchema } from '../platform.ts';
import { keptErrorSchema } from '../warning.ts';
import { accountIdSchema, functionArnSchema, functionNameSchema, regionSchema } from './fleet.ts';

/**
 * The document of `tune fleet merge --json`: what measuring many functions came to. Only grows: new keys are optional. Money is
 * US$, a month has 30.4 days.
 */
export const portfolioSchemaVersion = 1;

const time = z.iso.datetime();

const saving = z
  .strictObject({ estimate: z.number(), low: z.number(), high: z.number() })
  .describe('In a month, with 95 % confidence; negative: it costs more');

/** How far a function came. */
export const functionState = z
  .enum(['measured', 'needsPayload', 'failed', 'notReached'])
  .describe(
    'measured: answer is set; needsPayload: nothing says what to send it; failed: see error; notReached: the cap, an interrupt or a missing shard came before it',
  );

const portfolioFunction = z.strictObject({
  functionName: functionNameSchema,
  functionArn: functionArnSchema,
  region: regionSchema,
  accountId: accountIdSchema,
  state: functionState,
  answer: answerSchema.nullable().describe('As its saved run has it; null: not measured'),
  current: settingSchema.nullable(),
  monthlyUsd: nonNegative.nullable().describe('As it was ranked'),
  invocationsPerMonth: nonNegative.nullable(),
  savesUsdPerMonth: saving.nullable().describe('Of an answer that changes something and surely saves; null: no such'),
  because: z.string().describe('The answer in a sentence, or why there is none'),
  runId: z.string().nullable(),
  runFile: z.string().nullable().describe('Its saved run, in the folder that was merged'),
  spentUsd: nonNegative,
  profile: z.string().optional(),
  role: z.string().optional(),
  error: keptErrorSchema.optional(),
});

export const portfolioSchema = z.strictObject({
  schemaVersion: z.literal(portfolioSchemaVersion),
  kind: z.literal('portfolio'),
  tool: z.strictObject({ name: z.literal('lambda-tune'), version: z.string() }),
  mergedAt: time,
  folders: z.array(z.string()),
  shards: z
    .strictObject({ of: count, found: z.array(count), missing: z.array(count) })
    .describe('Of one machine: 1 of 1'),
  total: z.strictObject({
    functions: count,
    measured: count,
    change: count,
    stay: count,
    unanswered: count,
    needsPayload: count,
    failed: count,
    notReached: count,
    monthlyUsd: nonNegative.nullable(),
    savesUsdPerMonth: saving.nullable().describe('Of all answers that surely save, with the interval of their sum'),
    savesShare: share.nullable().describe('Of what the functions cost together, as ranked'),
    spentUsd: nonNegative,
  }),
  functions: z.array(portfolioFunction).describe('What saves most first: the order to change them in'),
  leftBehind: z.array(leftBehindSchema),
});

export type Portfolio = DeepReadonly<z.infer<typeof portfolioSchema>>;
export type PortfolioFunction = Portfolio['functions'][number];
export type SavesUsdPerMonth = NonNullable<PortfolioFunction['savesUsdPerMonth']>;
