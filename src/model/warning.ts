import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';

/** A thing worth telling, as a value: reporters decide how. `text` may hold untrusted words: escape where shown. */
export const warningSchema = z.strictObject({ code: z.string(), text: z.string() });

export type Warning = DeepReadonly<z.infer<typeof warningSchema>>;

/** What went wrong with one of several (`keptError` of base/errors.ts), whose row says so. */
export const keptErrorSchema = z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() });
