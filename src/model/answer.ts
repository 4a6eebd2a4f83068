import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count } from './amounts.ts';
import { configurationSchema } from './configuration.ts';

const tied = z.strictObject({
  ...configurationSchema.shape,
  tie: z
    .enum(['equal', 'notToldApart'])
    .describe('equal: the interval of the difference lies inside the tolerance; notToldApart: too little is known'),
  moreCalls: count
    .optional()
    .describe('Of notToldApart: about so many calls more would tell. Absent where more calls alone would hardly'),
});

export const choiceSchema = z
  .strictObject({ ...configurationSchema.shape, tiedWith: z.array(tied) })
  .nullable()
  .describe(
    'null: no configuration was measured, a race was not asked for it, or the answer is that none can be recommended',
  );

const shareOfCurrent = z
  .strictObject({ share: z.number().max(1), low: z.number().max(1), high: z.number().max(1) })
  .describe('Of the current figure, with 95 % confidence; negative: more instead of less. Absent: not told apart');

/** What to do, decided once (advice/answer.ts); everything that is shown follows from it. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('change'),
    configuration: configurationSchema,
    saves: shareOfCurrent.optional(),
    faster: shareOfCurrent.optional(),
    because: z
      .enum([
        'cheaper',
        'faster',
        'cheaperAndFaster',
        'cheaperThoughSlower',
        'cheapestAsked',
        'better',
        'currentCannotRun',
        'currentBreaksLimit',
        'noCurrent',
      ])
      .describe(
        'cheaper, faster: surely, at about the same speed or cost; cheapestAsked: not surely cheaper, but asked for with --goal cheapest; better: in cost × duration (--goal balanced); noCurrent: nothing is deployed to compare with',
      ),
  }),
  z.strictObject({
    kind: z.literal('stay'),
    configuration: configurationSchema,
    because: z
      .enum(['currentIsBest', 'nothingSurelyBetter', 'cheaperIsSlower'])
      .describe('cheaperIsSlower: and what is about as cheap and faster than that does not surely save'),
  }),
  z.strictObject({
    kind: z.literal('unanswered'),
    configuration: configurationSchema.optional().describe('The best of what was measured'),
    because: z
      .enum([
        'dryRun',
        'nothingMeasured',
        'onlyPreviews',
        'currentNotMeasured',
        'noCpuShare',
        'hostNeverCalm',
        'partOfMigration',
      ])
      .describe(
        'onlyPreviews: what was measured runs on runtimes in public preview, whose figures will change; noCpuShare: of a local run without CPU shares, whose sizes do not differ as on AWS; hostNeverCalm: of a local run on a machine that was busy throughout; partOfMigration: the verdict of the migration is the answer',
      ),
  }),
]);

export type Tied = DeepReadonly<z.infer<typeof tied>>;
export type Choice = DeepReadonly<z.infer<typeof choiceSchema>>;
export type Answer = DeepReadonly<z.infer<typeof answerSchema>>;
