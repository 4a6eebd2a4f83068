import { z } from 'zod';

/** What a shape takes before it is converted, as JSON Schema: zod knows only what comes out of a conversion. */
export const writtenAs = z.registry<z.core.JSONSchema.BaseSchema>();

/** Text of that form, as JSON Schema. */
export const text = (pattern: RegExp) => ({ type: 'string', pattern: pattern.source }) as const;
