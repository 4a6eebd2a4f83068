import type { Configuration } from './configuration.ts';

/** What to call next: a few invocations of one configuration, one after another in one environment. */
export interface Step {
  readonly configuration: Configuration;
  /** Ordinal of the environment (chain of calls) of that configuration; the first call of a new one is its cold start. */
  readonly environment: number;
  /** Calls to make, the cold one of a new environment included. */
  readonly invocations: number;
}

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
