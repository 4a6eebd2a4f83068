import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { count } from './amounts.ts';
import { settingSchema } from './configuration.ts';

/** One place where two answers differ; a side that is absent has nothing there. Values are untrusted text, shortened. */
const differenceSchema = z.strictObject({
  ...settingSchema.shape,
  payload: z.string().optional(),
  pointer: z.string().describe('JSON Pointer; empty for the answer as a whole'),
  current: z.string().optional(),
  variant: z.string().optional(),
  looksVolatile: z
    .boolean()
    .describe('Both look like an id or a time, or answers of one side differ there, too: it does not count'),
});

export const variantResponsesSchema = z
  .strictObject({
    variant: z.string(),
    compared: count.describe('Pairs of answers to the same payload, at the same size and architecture'),
    different: count.describe('Of these, those that differ in what does not look volatile'),
    differences: z.array(differenceSchema).describe('Each place once, where it was met first'),
    differencesLeftOut: count.describe('Places beyond those listed'),
    ignored: z.array(z.string()).describe('Of the pointers given with --ignore, those that were needed'),
  })
  .describe('How a variant answered beside the function as it is. Values of variables and payloads are left out');

export type VariantResponses = DeepReadonly<z.infer<typeof variantResponsesSchema>>;
export type VariantDifference = VariantResponses['differences'][number];
