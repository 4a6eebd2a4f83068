import { type Configuration, sameConfiguration } from '../model/configuration.ts';
import { fullSteps, type Step } from '../model/step.ts';
import type { Budget, Measured, SearchOptions } from './options.ts';
import { type Next as SearchNext, type SearchOutcome, search } from './search.ts';

/** How a run decides what to call: a list in full, or a race that spends calls only where they decide. */
export type Sampling =
  | { readonly kind: 'full' }
  | { readonly kind: 'race'; readonly search: Omit<SearchOptions, 'budget'> };

/** What is known of one configuration, from this run and from the one that it continues. */
export interface LaneSoFar extends Measured {
  /** Calls of this run. */
  readonly made: number;
  /** Warm answers of the earlier run: a list is topped up to what is asked for. */
  readonly earlierWarm: number;
}

export interface SamplingPlan {
  readonly sampling: Sampling;
  readonly configurations: readonly Configuration[];
  readonly environmentsPerConfiguration: number;
  readonly warmInvocations: number;
}

export type Round =
  /** Independent of each other, in the order in which they are to be started. */
  | { readonly kind: 'measure'; readonly steps: readonly Step[] }
  | { readonly kind: 'stop'; readonly search?: SearchOutcome };

/** What to call next, from everything measured so far. A list is one round; a race as many as it takes. */
export function nextRound(
  plan: SamplingPlan,
  round: number,
  measured: readonly LaneSoFar[],
  budget: Budget | undefined,
): Round {
  switch (plan.sampling.kind) {
    case 'full':
      return round === 0
        ? { kind: 'measure', steps: plan.configurations.flatMap((one) => listSteps(one, plan, measured)) }
        : { kind: 'stop' };
    case 'race': {
      const options = { ...plan.sampling.search, budget };
      const next: SearchNext = search(measured, options);
      return next.kind === 'measure' ? { kind: 'measure', steps: next.steps } : { kind: 'stop', search: next };
    }
  }
}

/** What a list still wants of one configuration: all at once, since its steps are independent. */
function listSteps(
  configuration: Configuration,
  { environmentsPerConfiguration, warmInvocations }: SamplingPlan,
  measured: readonly LaneSoFar[],
): readonly Step[] {
  const known = measured.find((one) => sameConfiguration(one.configuration, configuration));
  if (known?.infeasible !== undefined && known.made === 0) return [];
  const wanted = Math.max(0, warmInvocations - (known?.earlierWarm ?? 0));
  return fullSteps([configuration], environmentsPerConfiguration, wanted).flatMap((step) => {
    // The reference's answers, all in the first environment.
    const made = step.environment === 0 ? (known?.made ?? 0) : 0;
    return made < step.invocations ? [{ ...step, invocations: step.invocations - made }] : [];
  });
}
