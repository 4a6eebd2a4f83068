import { z } from 'zod';
import type { DeepReadonly } from '../base/readonly.ts';
import { nonNegative } from './amounts.ts';

const perArchitecture = z.strictObject({ x86_64: nonNegative, arm64: nonNegative });

/** A price list for one region. All amounts in US$. */
export const costModelSchema = z.strictObject({
  region: z.string(),
  gbSecondUsd: perArchitecture,
  requestUsd: perArchitecture,
  /** Per GB-second of ephemeral storage above 512 MB; absent where the price is not known. */
  ephemeralStorageGbSecondUsd: perArchitecture.optional(),
  /** SnapStart for Python and .NET; absent where the price is not known (then named as not included). */
  snapStart: z
    .strictObject({ cacheGbSecondUsd: nonNegative, restoreGbUsd: nonNegative, minCacheHours: nonNegative })
    .optional(),
  /** `table` (the checked-in prices, with their date) or `option` (`--price`). */
  source: z.enum(['table', 'option']),
  /** ISO date of the price table. */
  asOf: z.string(),
  /** Whether AWS's own published prices were seen or a figure is inferred. */
  confidence: z.enum(['published', 'partial', 'inferred', 'given']),
});

export type CostModel = DeepReadonly<z.infer<typeof costModelSchema>>;
