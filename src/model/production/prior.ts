import { z } from 'zod';
import type { DeepReadonly } from '../../base/readonly.ts';
import { nonNegative, share } from '../amounts.ts';
import { type Architecture, architectureSchema } from '../configuration.ts';

/** What production told of a function before its copies are called: it decides what is measured first, and is never a result. */
export interface Prior {
  /** The setting that was observed. */
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** Of its calls, about the mean. */
  readonly durationMs: number;
  /** Time of one processor in a call, whatever the size; absent: not known. */
  readonly cpuMs?: { readonly estimate: number; readonly low: number; readonly high: number } | undefined;
  /** Standard deviation of the duration ÷ mean. */
  readonly cv?: number | undefined;
  /** Cost of a cold start in warm calls. */
  readonly coldRatio?: number | undefined;
  /** The most memory that one of them used. */
  readonly usedMb?: number | undefined;
}

/** What is read of an observation for it; all other keys are for others. */
export const priorOfObservationSchema = z.looseObject({
  current: z.looseObject({ memoryMb: z.int().positive(), architecture: architectureSchema }),
  versions: z.array(
    z.looseObject({
      memoryMb: z.int().positive(),
      architecture: architectureSchema.nullable(),
      durationMs: z.looseObject({ p50: nonNegative }).nullable(),
      initMs: z.looseObject({ p50: nonNegative }).nullable(),
      maxMemoryUsedMb: nonNegative.nullable(),
    }),
  ),
  traffic: z
    .looseObject({ durationQuantilesMs: z.array(z.looseObject({ share, ms: nonNegative })).optional() })
    .optional(),
  cpuMs: z.looseObject({ estimate: nonNegative, low: nonNegative, high: nonNegative }).optional(),
});

export type ObservedForPrior = DeepReadonly<z.infer<typeof priorOfObservationSchema>>;
