import type { Architecture } from '../model/configuration.ts';
import type { Payload } from '../model/payload.ts';
import type { VariantPreflight } from '../model/preflight.ts';
import type { Variant } from '../model/variant.ts';
import type { SearchOptions } from '../search/options.ts';
import type { RunPace } from './estimate.ts';

/** What the user wants measured. */
export interface PlanRequest {
  readonly memoryMb: readonly number[];
  readonly architectures: readonly Architecture[];
  /** Today's among them; empty: nothing is varied. */
  readonly variants?: readonly Variant[];
  /** Of variants: one that cannot run on an architecture is not measured there. */
  readonly preflights?: readonly VariantPreflight[] | undefined;
  /** Warm ones per configuration, over all its environments. */
  readonly invocations: number;
  /** Environments per configuration. */
  readonly concurrency: number;
  readonly maxInFlight?: number | undefined;
  readonly payloads: readonly Payload[];
  /** Architectures for which code or an image was given besides the target's own. */
  readonly otherCode?: Readonly<Partial<Record<Architecture, boolean>>>;
  readonly maxSpendUsd?: number | undefined;
  /** Race the sizes instead of measuring each in full. */
  readonly race?: RaceRequest | undefined;
  /** Cold starts to make on purpose, per configuration. */
  readonly coldStarts?: number | undefined;
  readonly pace?: RunPace | undefined;
}

/** What a race is asked; sizes and what is known of the function come from the plan. */
export interface RaceRequest
  extends Pick<
    SearchOptions,
    'goal' | 'effort' | 'tolerance' | 'seed' | 'maxP95Ms' | 'coldShare' | 'maxErrorShare' | 'refine' | 'prior'
  > {
  /** `climb`: sizes are rungs, called only as far as they promise something. `all`: every size gets a first look. */
  readonly sizes: 'climb' | 'all';
}
