import type { Configuration } from './model.ts';
import type { Budget, Measured, SearchOptions } from './search/options.ts';
import { type Next as SearchNext, type SearchOutcome, search } from './search.ts';
import { fullSteps, type Step } from './steps.ts';

/** How a run decides what to call: a list in full, or a race that spends calls only where they decide. */
export type Sampling =
  | { readonly kind: 'full' }
  | { readonly kind: 'race'; readonly search: Omit<SearchOptions, 'budget'> };

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
  measured: readonly Measured[],
  budget: Budget | undefined,
): Round {
  switch (plan.sampling.kind) {
    case 'full':
      return round === 0
        ? {
            kind: 'measure',
            steps: fullSteps(plan.configurations, plan.environmentsPerConfiguration, plan.warmInvocations).flatMap(
              (step) => withoutMade(step, measured),
            ),
          }
        : { kind: 'stop' };
    case 'race': {
      const options = { ...plan.sampling.search, ...(budget === undefined ? {} : { budget }) };
      const next: SearchNext = search(measured, options);
      return next.kind === 'measure' ? { kind: 'measure', steps: next.steps } : { kind: 'stop', search: next };
    }
  }
}

/** Without the calls that were made before the round: the reference's answers, all in the first environment. */
function withoutMade(step: Step, measured: readonly Measured[]): readonly Step[] {
  const { memoryMb, architecture } = step.configuration;
  const known = measured.find(
    ({ configuration }) => configuration.memoryMb === memoryMb && configuration.architecture === architecture,
  );
  const made = step.environment === 0 ? (known?.measurements.length ?? 0) : 0;
  return made < step.invocations ? [{ ...step, invocations: step.invocations - made }] : [];
}
