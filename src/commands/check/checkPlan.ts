import { mostBaselineSize } from '../../check/baselineSize.ts';
import { mostCallsOf } from '../../check/options.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import type { Warning } from '../../model/warning.ts';
import { estimateOf, worstCaseUsd } from '../../plan/estimate.ts';
import type { CheckPlan } from '../../reporters/check/plan.ts';
import { hookText } from '../../reporters/wording/hookText.ts';
import type { PreparedSide } from './checkSide.ts';
import { preflightText } from './otherVariant.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** Samples a side that a check of ordinary code takes; see `npm run bench:check`. */
const usualSamples = 45;

/** What is announced before anything is created. */
export function planCheck(
  ready: readonly PreparedCheck[],
  { runId, noun, maxSpendUsd }: Pick<CheckPlan, 'runId' | 'noun'> & { readonly maxSpendUsd: number | undefined },
): CheckPlan {
  const sides = ready.flatMap((one) => [
    sideOf(one, one.current, true),
    ...(one.against === undefined ? [] : [sideOf(one, one.against, false)]),
  ]);
  const sum = (of: (side: (typeof sides)[number]) => number) => sides.reduce((total, side) => total + of(side), 0);
  return {
    runId,
    noun,
    sides,
    expectedCalls: sum(({ calls }) => calls),
    expectedUsd: sum((side) => side.expectedUsd),
    worstCaseUsd: sum((side) => side.worstCaseUsd),
    cap: capOf(ready, maxSpendUsd),
  };
}

/** One for all; a function may have a lower one of its own. Where every function has one, their sum is never exceeded either. */
function capOf(ready: readonly PreparedCheck[], maxSpendUsd: number | undefined): CheckPlan['cap'] {
  const own = ready.flatMap(({ current, askedFunction }) => {
    const usd = askedFunction.options.maxSpendUsd;
    return usd === undefined ? [] : [{ name: current.name, usd }];
  });
  const sumUsd =
    own.length > 0 && own.length === ready.length ? own.reduce((total, { usd }) => total + usd, 0) : undefined;
  const totalUsd = maxSpendUsd === undefined ? sumUsd : Math.min(maxSpendUsd, sumUsd ?? maxSpendUsd);
  if (totalUsd === undefined) return undefined;
  return { totalUsd, functions: ready.length, own: own.filter(({ usd }) => usd < totalUsd) };
}

function sideOf(
  { options, saving }: PreparedCheck,
  { name, job, configuration, preflight }: PreparedSide,
  isCurrent: boolean,
) {
  const kept = isCurrent ? saving : undefined;
  const taken = options.alone ? options.maxSamples : Math.min(usualSamples, options.maxSamples);
  const size = {
    configurations: [configuration],
    environmentsPerConfiguration: Math.max(options.minEnvironments, kept?.least.environments ?? 0),
    warmInvocations: Math.max(taken, kept?.least.samples ?? 0),
    maxInFlight: job.plan.maxInFlight,
    hooks: job.plan.hooks,
    pauseMs: job.plan.pauseMs,
    maxRatePerS: job.plan.maxRatePerS,
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
    notices: [
      ...job.facts.notices,
      ...job.plan.warnings,
      ...(isCurrent ? hookNotice(job) : preflightNotice(preflight)),
    ],
    calls: estimate.invocations,
    expectedUsd: estimate.expectedUsd,
    worstCaseUsd:
      mostCalls * (worstCaseUsd(configuration, job.facts, job.costModel) + (job.plan.hooks?.perCall.worstUsd ?? 0)),
  };
}

function preflightNotice(preflight: PreparedSide['preflight']): readonly Warning[] {
  return preflight === undefined ? [] : [{ code: 'preflight', text: preflightText(preflight) }];
}

function hookNotice({ recorded }: TuneJob): readonly Warning[] {
  const text = hookText(recorded.hooks);
  return text === undefined ? [] : [{ code: 'hooks', text: `Hooks: ${text}` }];
}
