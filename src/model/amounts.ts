import { z } from 'zod';

/** AWS's own month for prices: 730 hours. */
export const daysPerMonth = 30.4;

export const share = z.number().min(0).max(1);
/** Larger ones are no figure of any run, and would be shown as infinite once they are multiplied. */
export const nonNegative = z.number().min(0).max(1e15);
export const count = z.int().min(0);
