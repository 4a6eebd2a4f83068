import type { Configuration } from '../model/configuration.ts';
import { findMadeOf } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import type { ProvisionedPlan } from '../model/traffic.ts';
import { numberOf } from '../text/numberOf.ts';
import type { PropertyChange } from './change.ts';
import type { Definition } from './definition/definition.ts';

/** How many environments are cheapest to provision at the traffic of the run. */
export interface Provisioning {
  readonly cheapest: 'none' | 'constant' | 'scheduled';
  /** Undefined: none is cheapest. */
  readonly plan?: ProvisionedPlan | undefined;
  /** As it was given: a rate, or the name of a file. */
  readonly traffic: string;
}

/** Undefined where the run was made at no traffic, or does not know it for this configuration. */
export function provisioningIn({ traffic }: TuningResult, at: Configuration): Provisioning | undefined {
  const advice = traffic && findMadeOf(traffic.provisioned, at);
  if (advice === undefined) return undefined;
  const { cheapest } = advice;
  return { cheapest, plan: cheapest === 'none' ? undefined : advice[cheapest], traffic: traffic?.given ?? '' };
}

/** A number that holds at all times is one literal; what follows the clock is none. */
export function provisionedChange(provisioning: Provisioning | undefined): readonly PropertyChange[] {
  const { cheapest, plan, traffic } = provisioning ?? {};
  if (cheapest !== 'constant' || plan === undefined) return [];
  return [
    {
      property: 'provisionedConcurrency',
      value: String(plan.environments),
      notes: [
        `${numberOf(plan.environments, 'provisioned environment')} at all times ${plan.environments === 1 ? 'is' : 'are'} the cheapest number at the traffic of the run (${traffic}): by its replay, not by a measurement.`,
      ],
    },
  ];
}

/** What is said where no literal says it. */
export function provisioningNotes(
  provisioning: Provisioning | undefined,
  definition: Definition,
  text: string,
): readonly string[] {
  const { cheapest, plan, traffic } = provisioning ?? {};
  if (cheapest === 'constant' && /lambda:function:ProvisionedConcurrency|addAutoScaling|add_auto_scaling/.test(text)) {
    return ['Application Auto Scaling is in the file: where it scales this function, it sets the number anew.'];
  }
  const written = definition.settings.provisionedConcurrency;
  if (cheapest === 'scheduled') {
    const steps = plan?.schedule?.map(({ from, environments }) => `${environments} from ${from}`).join(', ') ?? '';
    return [
      `Provisioned concurrency by the time of day is cheapest at the traffic of the run (${traffic}): ${steps} (UTC). That is no literal of the function: tune report prints the commands of its schedule.`,
    ];
  }
  if (cheapest === 'none' && written.kind === 'literal' && written.value !== '0') {
    return [
      `The file provisions ${numberOf(Number(written.value), 'environment')}; none is cheapest at the traffic of the run (${traffic}). It is left as it is: it may be there for its latency.`,
    ];
  }
  return [];
}
