import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { nonNegative } from '../amounts.ts';
import { intervalSchema } from './observedFigures.ts';

/** What changed in production, and what became of cost and duration with it. */

const ratio = intervalSchema
  .nullable()
  .describe('after ÷ before, without the effects of weekday and hour; null: cannot be told');

export const observedChangeSchema = z.strictObject({
  at: z.iso.datetime(),
  kind: z.enum(['version', 'memory', 'runtime', 'architecture', 'date', 'unknown']),
  what: z.string().describe('Such as "version 17"'),
  costRatio: ratio,
  durationRatio: ratio,
});

const decided = z.enum(['holds', 'fails', 'inconclusive']);

export const sinceChangeSchema = z
  .strictObject({
    change: observedChangeSchema,
    required: z
      .strictObject({
        require: z.enum(['cheaper', 'not-slower', 'both']),
        maxSlowdown: nonNegative,
        decided,
        cheaper: decided.optional(),
        notSlower: decided.optional(),
      })
      .optional(),
  })
  .describe('With --since-change: did it come true?');

export type ObservedChange = DeepReadonly<z.infer<typeof observedChangeSchema>>;
export type SinceChange = DeepReadonly<z.infer<typeof sinceChangeSchema>>;
