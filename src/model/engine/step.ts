import type { Configuration } from '../configuration.ts';

/** A few invocations of one configuration, one after another in one environment. */
export interface Step {
  readonly configuration: Configuration;
  /** Ordinal of the environment (chain of calls) of that configuration; the first call of a new one is its cold start. */
  readonly environment: number;
  /** Calls to make, the cold one of a new environment included. */
  readonly invocations: number;
}

/**
 * How a further environment of a configuration comes about. `beside`: by calls side by side on one version, on a version of
 * its own where that did not open one. `ownVersion`: on a version of its own; where none can be published, wherever the
 * service puts it. `ownVersionOnly`: what is refused a version is not called, so that no two chains share an environment.
 */
type Further = 'beside' | 'ownVersion' | 'ownVersionOnly';

/**
 * What a sampler asks for. Steps of different configurations are independent; of one configuration its calls go side by
 * side, then its cold starts.
 */
export type LaneStep =
  | (Step & {
      readonly kind: 'calls';
      readonly further: Further;
      /** So many warm calls that a busy machine got in the way of are made again. */
      readonly again: number;
    })
  /** Cold starts on purpose, until there are so many with those of before. */
  | { readonly kind: 'coldStarts'; readonly configuration: Configuration; readonly wanted: number };

/**
 * The steps of a list measured in full: every configuration gets `warmInvocations` warm calls, dealt over its
 * environments, each of which opens with a cold one. All steps are independent.
 */
export function fullSteps(
  configurations: readonly Configuration[],
  environments: number,
  warmInvocations: number,
): readonly Step[] {
  const used = Math.min(environments, warmInvocations);
  // All first environments before all second ones would open a lane's environments one after another, and an idle first
  // one would then serve the second's call; side by side they are really two.
  return configurations.flatMap((configuration) =>
    Array.from({ length: used }, (_, environment) => ({
      configuration,
      environment,
      invocations: 1 + Math.floor(warmInvocations / used) + (environment < warmInvocations % used ? 1 : 0),
    })),
  );
}
