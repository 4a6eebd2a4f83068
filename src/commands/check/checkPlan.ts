import { mostBaselineSize } from '../../check/baselineSize.ts';
import { mostCallsOf } from '../../check/options.ts';
import { sharedCap } from '../../check/sharedCap.ts';
import { estimateOf, worstCaseUsd } from '../../plan/estimate.ts';
import type { CheckPlan } from '../../reporters/check/plan.ts';
import type { PreparedSide } from './checkSide.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** Samples a side that a check of ordinary code takes; see `npm run bench:check`. */
const usualSamples = 45;

/** What is announced before anything is created, and what each function may spend of the cap. */
export function planCheck(
  ready: readonly PreparedCheck[],
  { runId, noun, maxSpendUsd }: Pick<CheckPlan, 'runId' | 'noun'> & { readonly maxSpendUsd: number | undefined },
): { readonly plan: CheckPlan; readonly caps: readonly (number | undefined)[] } {
  const caps = sharedCap(
    maxSpendUsd,
    ready.map(({ fleetFunction }) => fleetFunction.options.maxSpendUsd),
  );
  const sides = ready.flatMap((one) => [
    sideOf(one, one.current, true),
    ...(one.against === undefined ? [] : [sideOf(one, one.against, false)]),
  ]);
  const sum = (of: (side: (typeof sides)[number]) => number) => sides.reduce((total, side) => total + of(side), 0);
  const given = caps.filter((cap) => cap !== undefined);
  const isCapped = ready.length > 0 && given.length === ready.length;
  return {
    caps,
    plan: {
      runId,
      noun,
      sides,
      expectedCalls: sum(({ calls }) => calls),
      expectedUsd: sum((side) => side.expectedUsd),
      worstCaseUsd: sum((side) => side.worstCaseUsd),
      ...(isCapped
        ? {
            cap: {
              totalUsd: maxSpendUsd ?? given.reduce((total, cap) => total + cap, 0),
              shares: ready.map(({ current }, index) => ({ name: current.name, usd: given[index] ?? 0 })),
            },
          }
        : {}),
    },
  };
}

function sideOf({ options, saving }: PreparedCheck, { name, job, configuration }: PreparedSide, isCurrent: boolean) {
  const kept = isCurrent ? saving : undefined;
  const taken = options.alone ? options.maxSamples : Math.min(usualSamples, options.maxSamples);
  const size = {
    configurations: [configuration],
    environmentsPerConfiguration: Math.max(options.minEnvironments, kept?.least.environments ?? 0),
    warmInvocations: Math.max(taken, kept?.least.samples ?? 0),
    maxInFlight: job.plan.maxInFlight,
  };
  const estimate = estimateOf(size, job.facts, job.costModel);
  const most = kept === undefined ? undefined : mostBaselineSize(kept.checks);
  const mostCalls = Math.max(
    mostCallsOf(options),
    most === undefined ? 0 : mostCallsOf({ maxSamples: most.samples, maxEnvironments: most.environments }),
  );
  return {
    name,
    configuration,
    isLocal: job.path !== undefined,
    region: job.facts.region,
    notices: [...job.facts.notices, ...job.plan.warnings],
    calls: estimate.invocations,
    expectedUsd: estimate.expectedUsd,
    worstCaseUsd: mostCalls * worstCaseUsd(configuration, job.facts, job.costModel),
  };
}
