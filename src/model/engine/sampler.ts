import type { Configuration } from '../configuration.ts';
import type { Measurement } from '../measurement.ts';
import type { LaneStep } from './step.ts';

/**
 * Decides what is called next, and when enough was. Pure: the same records bring the same steps, so that what a run did can
 * be replayed.
 */
export interface Sampler<Found> {
  /** From everything measured so far: as it stands now, and as it stood when each round before this one began. */
  next(now: SoFar, before: readonly SoFar[]): Next<Found>;
  /**
   * Of a configuration whose part of a round is over: whether it is not called again, whatever the others of the round bring. Its copy
   * goes while they are measured. Absent: of none that is known before the end.
   */
  isDone?(lane: LaneSoFar): boolean;
}

export type Next<Found> =
  /** One round: it is over when all of it is. */
  { readonly kind: 'measure'; readonly steps: readonly LaneStep[] } | { readonly kind: 'stop'; readonly found: Found };

export interface SoFar {
  readonly lanes: readonly LaneSoFar[];
  /** US$ left under the cap; undefined where there is none. */
  readonly leftUsd: number | undefined;
  /** Why no further call can be made, or not this one. */
  readonly ending: 'interrupted' | 'failed' | 'capReached' | undefined;
}

/** What is known of one configuration. Calls in the order in which they were made. */
export interface LaneSoFar {
  readonly configuration: Configuration;
  /** Of the run that this one continues. */
  readonly earlier: readonly Measurement[];
  readonly measurements: readonly Measurement[];
  /** Ordinals of the environments that steps have opened, in ascending order. */
  readonly environments: readonly number[];
  /** Further environments that were refused. */
  readonly refused: number;
  /** Why it is not called any more. */
  readonly stopped: string | undefined;
}

/** Grows with every call and every lane that ends: a round without either would be repeated for ever. */
export function progressOf({ lanes }: SoFar): number {
  return lanes.reduce((sum, { measurements, stopped }) => sum + measurements.length + (stopped ? 1 : 0), 0);
}
