import { z } from 'zod';
import { share } from './amounts.ts';
import { configurationSchema } from './configuration.ts';

/** What is asked. `all` asks the three others at once and shares what they measure. */
export const goalSchema = z.enum(['cheapest', 'fastest', 'balanced', 'all']);

export type Goal = z.infer<typeof goalSchema>;

export const searchRecordSchema = z
  .strictObject({
    goal: goalSchema,
    effort: z.enum(['quick', 'default', 'careful']),
    tolerance: share,
    seed: z.int(),
    maxP95Ms: z.number().positive().optional(),
    coldShare: share.optional(),
    reason: z.enum(['answered', 'budget', 'nothingMeasured', 'unfinished']),
    texts: z.array(z.string()).describe('How each race ended, in words'),
    answers: z.array(
      z.strictObject({
        question: z.enum(['cheapest', 'fastest', 'balanced']),
        best: configurationSchema,
        tied: z.array(configurationSchema),
        ended: z.enum(['separated', 'withinTolerance', 'cap', 'budget']),
        unresolved: z.array(configurationSchema),
        fastestOfTied: z.strictObject({ ...configurationSchema.shape, timesAsFast: z.number().positive() }).optional(),
        latency: z.enum(['kept', 'broken', 'undecided']).optional(),
      }),
    ),
    refined: z.array(configurationSchema),
  })
  .describe('Only of a race: what was asked and how it ended. Sizes that were not called are unmeasured rows');
