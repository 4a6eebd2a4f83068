import { asAnswers } from '../analysis/expectedErrors.ts';
import { type Configuration, findMadeOf, sameConfiguration } from '../model/configuration.ts';
import type { Sampler, SoFar } from '../model/sampler.ts';
import { fullSteps, type LaneStep } from '../model/step.ts';
import { missingColdStarts } from './sampling.ts';

export interface ListPlan {
  readonly configurations: readonly Configuration[];
  readonly environmentsPerConfiguration: number;
  readonly warmInvocations: number;
  /** Cold starts to make on purpose, per configuration. */
  readonly coldStarts?: number | undefined;
  /** Function errors of these types count as answers. */
  readonly allowedErrors: readonly string[];
}

/**
 * Every configuration in full, in one round. A call that a busy machine got in the way of is made again, up to half as many
 * as were asked for: there is no further round that could make up for it.
 */
export function listSampler(plan: ListPlan): Sampler<undefined> {
  return {
    next(now, before) {
      if (before.length > 0) return { kind: 'stop', found: undefined };
      const called = plan.configurations.flatMap((configuration) => stepsOf(configuration, plan, now));
      const others = missingColdStarts(now, plan.coldStarts).filter(
        (step) => !called.some(({ configuration }) => sameConfiguration(configuration, step.configuration)),
      );
      const steps = [...called, ...others.flatMap((step): readonly LaneStep[] => [step, release(step.configuration)])];
      return steps.length === 0 ? { kind: 'stop', found: undefined } : { kind: 'measure', steps };
    },
  };
}

/** What is still wanted of one configuration: nothing of one that cannot be used, or that an earlier run measured in full. */
function stepsOf(configuration: Configuration, plan: ListPlan, { lanes }: SoFar): readonly LaneStep[] {
  const { environmentsPerConfiguration, warmInvocations, coldStarts, allowedErrors } = plan;
  const known = findMadeOf(lanes, configuration);
  const all = known?.measurements.length ?? 0;
  if (known?.stopped !== undefined && all === 0) return [];
  const wanted = Math.max(0, warmInvocations - warmAnswers(known?.earlier ?? [], allowedErrors));
  const calls = fullSteps([configuration], environmentsPerConfiguration, wanted).flatMap((step): LaneStep[] => {
    // The reference's answers, all in the first environment.
    const made = step.environment === 0 ? all : 0;
    const warm = step.invocations - Math.max(1, made);
    const again = Math.ceil(Math.max(0, warm) / 2);
    return made < step.invocations
      ? [{ ...step, kind: 'calls', invocations: step.invocations - made, further: 'beside', again }]
      : [];
  });
  if (calls.length === 0) return [];
  const cold: LaneStep[] = coldStarts === undefined ? [] : [{ kind: 'coldStarts', configuration, wanted: coldStarts }];
  return [...calls, ...cold, release(configuration)];
}

function warmAnswers(calls: Parameters<typeof asAnswers>[0], allowedErrors: readonly string[]): number {
  return asAnswers(calls, allowedErrors).filter(({ start, outcome }) => start === 'warm' && outcome === 'succeeded')
    .length;
}

function release(configuration: Configuration): LaneStep {
  return { kind: 'release', configuration };
}
