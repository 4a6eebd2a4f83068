import type { Architecture } from './configuration.ts';

/** What production told of a function before its copies are called: it decides what is measured first, and is never a result. */
export interface Prior {
  /** The setting that was observed. */
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** Mean of its calls. */
  readonly durationMs: number;
  /** Of their processor, as on a whole one; absent: not known. */
  readonly cpuMs?: { readonly estimate: number; readonly low: number; readonly high: number } | undefined;
  /** Standard deviation of the duration ÷ mean. */
  readonly cv?: number | undefined;
  /** Cost of a cold start in warm calls. */
  readonly coldRatio?: number | undefined;
  /** The most memory that one of them used. */
  readonly usedMb?: number | undefined;
}
