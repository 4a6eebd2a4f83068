import { laneShouldStop } from '../analysis/feasibility.ts';
import { type Configuration, findConfiguration, findMadeOf } from '../model/configuration.ts';
import type { Sampler } from '../model/engine/sampler.ts';
import type { CallHooks } from '../model/hooks.ts';
import { compilesInUse } from '../model/lambda/runtimes.ts';
import type { Platform } from '../model/platform.ts';
import { worstCaseUsd } from '../plan/estimate.ts';
import { invocationCostUsd } from '../pricing/pricing.ts';
import { listSampler } from '../search/listSampler.ts';
import { raceSampler } from '../search/raceSampler.ts';
import type { SearchOutcome } from '../search/search.ts';
import type { KnownLane, Subject } from './subject.ts';
import { capForCalls, type TuneJob } from './tuneJob.ts';

export function tuneSubject(
  job: TuneJob,
  platform: Platform,
  hooks?: CallHooks | undefined,
): Subject<SearchOutcome | undefined> {
  const { facts, path, plan, costModel, allowedErrors } = job;
  return {
    sampler: samplerOf(job),
    sources: [
      {
        facts,
        path,
        platform,
        hooks,
        payloads: { list: job.payloads, template: job.payloadTemplate, dealt: 'perEnvironment' },
        environments: 'fromLogs',
      },
    ],
    lanes: firstLanes(job),
    costModel,
    allowedErrors,
    maxInFlight: plan.maxInFlight,
    maxSpendUsd: capForCalls(job),
  };
}

function samplerOf({
  plan,
  facts,
  costModel,
  coldStarts,
  payloads,
  allowedErrors,
}: TuneJob): Sampler<SearchOutcome | undefined> {
  const { sampling } = plan;
  if (sampling.kind === 'full') {
    const settling = {
      payloads,
      compilesInUse: compilesInUse(facts.runtime),
      announcedUsd: plan.estimate.worstCaseUsd,
      worstUsd: (configuration: Configuration) =>
        worstCaseUsd(configuration, facts, costModel) + (plan.hooks?.perCall.worstUsd ?? 0),
    };
    return listSampler({ ...plan, coldStarts, allowedErrors, settling });
  }
  const worstCaseUsdPerGb = worstCaseUsd({ memoryMb: 1024, architecture: 'x86_64' }, facts, costModel);
  const { ephemeralStorageMb } = facts;
  const leastUsd = ({ memoryMb, architecture }: Configuration) =>
    invocationCostUsd({ memoryMb, architecture, billedDurationMs: 1, ephemeralStorageMb }, costModel);
  return raceSampler({ search: { ...sampling.search, leastUsd }, worstCaseUsdPerGb, coldStarts, allowedErrors });
}

/**
 * A list is known from the start; a race begins with its reference and finds out about the rest. What an earlier run
 * measured is there from the start, too.
 */
function firstLanes({ plan, continued, allowedErrors }: TuneJob): readonly KnownLane[] {
  const { sampling, configurations, reference } = plan;
  const known = sampling.kind === 'full' ? configurations : [reference];
  const earlier = continued?.lanes ?? [];
  const further = earlier
    .map(({ configuration }) => configuration)
    .filter((configuration) => findConfiguration(known, configuration) === undefined);
  return [...known, ...further].map((configuration) => {
    const own = findMadeOf(earlier, configuration)?.measurements ?? [];
    return { configuration, earlier: own, stopped: laneShouldStop(own, configuration, allowedErrors) };
  });
}
