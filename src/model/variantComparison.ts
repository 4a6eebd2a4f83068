import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count, nonNegative } from './amounts.ts';

const effectSchema = z
  .strictObject({
    kind: z.enum(['less', 'more', 'equal', 'notToldApart']),
    ratio: nonNegative,
    low: nonNegative,
    high: nonNegative,
    everywhere: z.boolean().describe('At every size measured the ratio lies on the same side of 1'),
    moreCalls: count
      .optional()
      .describe(
        'Of notToldApart: about so many calls more of each configuration would tell. Absent where they hardly would',
      ),
  })
  .describe(
    'Of the function as it is, over all sizes and architectures where both were measured; low and high hold together for all variants with 95 % confidence',
  );

export const variantComparisonSchema = z.strictObject({
  variant: z.string(),
  places: count.describe('Sizes and architectures at which both were measured'),
  cost: effectSchema,
  duration: effectSchema,
  init: effectSchema
    .extend({
      starts: count.optional().describe('Cold starts compared, of both'),
      moreColdStarts: count
        .optional()
        .describe(
          'Of notToldApart: about so many more of each configuration would tell. Absent where they hardly would',
        ),
    })
    .optional()
    .describe(
      'Of cold starts: init, or of SnapStart restores, the later ones where there are such; absent where there are too few',
    ),
});

export type InitEffect = NonNullable<VariantComparison['init']>;
export type VariantEffect = DeepReadonly<z.infer<typeof effectSchema>>;
export type VariantComparison = DeepReadonly<z.infer<typeof variantComparisonSchema>>;
