import { z } from 'zod';
import { amount, share, strings, wholeNumber, writtenAs } from './types.ts';

/** The options of `tune check`. In a fleet each function may have its own of the first group. */

const comparable = ['payloads', 'memory', 'architecture', 'runtime', 'region'] as const;

export const fleetEntryKeys = {
  against: z.string().min(1).optional().describe('A second function, version or ./directory, measured side by side'),
  baseline: strings.optional().describe('A saved run to compare with (repeatable: several are pooled)'),
  maxInvocations: wholeNumber(12, 10_000).optional().describe('Warm samples a side at most (default 100)'),
  strict: z.boolean().optional().describe('Mean cost, too, must be within its limit for a pass'),
  maxCostIncrease: share.optional().describe('Limit of typical and of mean cost (default 5%)'),
  warnCostIncrease: share.optional().describe('Said, not failed, from here on'),
  maxDurationIncrease: share.optional().describe('Limit of typical duration (default: shown, not judged)'),
  warnDurationIncrease: share.optional(),
  maxP95Increase: share.optional().describe('Limit of the 95th percentile of duration (default: not judged)'),
  warnP95Increase: share.optional(),
  maxInitIncrease: share.optional().describe('Limit of init duration (default: not judged)'),
  warnInitIncrease: share.optional(),
  maxErrorIncrease: share.optional().describe('How much larger a share of calls may fail (default 5%)'),
  maxCostUsdPerMillion: amount('must be a number').optional().describe('Budget: mean US$ of a million invocations'),
  maxInitMs: amount('must be a number').optional().describe('Budget: typical init duration'),
  minMemoryHeadroom: share.optional().describe('Share of the memory size that must stay free'),
  allowDifferent: z
    .preprocess(
      (raw: string | readonly (typeof comparable)[number][]) =>
        typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw,
      z.array(z.enum(comparable, `must be of ${comparable.join(', ')}`)),
    )
    .register(writtenAs, {
      anyOf: [
        { type: 'array', items: { enum: [...comparable] } },
        {
          type: 'string',
          pattern: `^\\s*(${comparable.join('|')})\\s*(,\\s*(${comparable.join('|')})\\s*)*$`,
        },
      ],
    })
    .optional()
    .describe('In what the baseline may differ: payloads, memory, architecture, runtime, region'),
};

export const checkKeys = {
  ...fleetEntryKeys,
  onInconclusive: z
    .enum(['fail', 'pass'], 'must be fail or pass')
    .optional()
    .describe('Exit code 1 or 0 instead of 4 when nothing could be decided'),
  fail: z.boolean().optional().describe('false: the verdict is only reported, exit code 0'),
  allowMissingBaseline: z.boolean().optional().describe('The first run: budgets alone are judged'),
  updateBaseline: z.boolean().optional().describe('After a pass write the new run over the baseline'),
  acceptRegression: z
    .string()
    .min(3, 'must be a reason')
    .max(500)
    .optional()
    .describe('Update the baseline all the same; the reason is kept in it'),
};
