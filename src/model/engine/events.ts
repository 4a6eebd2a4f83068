import type { Configuration } from '../configuration.ts';
import type { Measurement } from '../measurement.ts';
import type { LeftBehind } from '../platform.ts';
import type { Warning } from '../warning.ts';

/** What happens during a run, for whoever shows it. The engine never prints; it emits these. */
export type RunEvent =
  | { readonly kind: 'stage'; readonly stage: Stage }
  /** Something about a shadow or log group: "creating tune-…", untrusted names escaped by whoever shows them. */
  | {
      readonly kind: 'account';
      readonly action: 'creating' | 'created' | 'ready' | 'removing' | 'removed';
      readonly name: string;
    }
  | {
      readonly kind: 'measured';
      /** Set where several functions are measured side by side. */
      readonly functionName?: string | undefined;
      readonly configuration: Configuration;
      readonly measurement: Measurement;
      readonly spentUsd: number;
    }
  | { readonly kind: 'throttled'; readonly reason: string; readonly inFlightLimit: number }
  /** A configuration will not be called (again): infeasible, refused, … */
  | {
      readonly kind: 'laneEnded';
      readonly functionName?: string | undefined;
      readonly configuration: Configuration;
      readonly reason: string;
    }
  | { readonly kind: 'warning'; readonly warning: Warning }
  | { readonly kind: 'leftBehind'; readonly items: readonly LeftBehind[] };

export type Stage = 'describe' | 'plan' | 'reference' | 'measure' | 'cleanUp' | 'analyze' | 'done';
