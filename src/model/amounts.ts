import { z } from 'zod';

export const share = z.number().min(0).max(1);
/** Larger ones are no figure of any run, and would be shown as infinite once they are multiplied. */
export const nonNegative = z.number().min(0).max(1e15);
export const count = z.int().min(0);
