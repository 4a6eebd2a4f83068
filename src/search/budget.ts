import { findMadeOf } from '../model/configuration.ts';
import type { Step } from '../model/engine/step.ts';
import { mean } from '../stats/moments.ts';
import { judgedSuccesses } from './estimate.ts';
import type { Budget, SizeSoFar } from './options.ts';

/**
 * The steps of a round that the budget surely allows: each may still run into its timeout once (its calls follow one
 * another, and what a call really costs is known before the next), the rest is counted as measured so far. A size that
 * was never called is counted at its worst, with fewer calls where the full look does not fit. Bounds and a mean, no test. Where it fails:
 * a call that costs more than the mean of those before is seen when it is paid, and the next one is not made.
 */
export function affordableSteps(
  steps: readonly Step[],
  measured: readonly SizeSoFar[],
  budget: Budget | undefined,
): readonly Step[] {
  if (budget === undefined) return steps;
  let leftUsd = budget.leftUsd;
  const taken: Step[] = [];
  for (const step of steps) {
    const worstUsd = (budget.worstCaseUsdPerGb * step.configuration.memoryMb) / 1024;
    const known = findMadeOf(measured, step.configuration);
    const usualUsd = (known && usualCallUsd(known)) ?? worstUsd;
    // A new environment's first call is cold: alone it would tell nothing.
    const least = known === undefined || step.environment >= known.environments ? 2 : 1;
    const most = Math.floor((leftUsd - worstUsd) / Math.max(usualUsd, 1e-15)) + 1;
    const invocations = Math.min(step.invocations, most);
    if (invocations < least) continue;
    taken.push({ ...step, invocations });
    leftUsd -= worstUsd + (invocations - 1) * usualUsd;
  }
  return taken;
}

/** Mean cost of a call that succeeded, cold ones included. */
function usualCallUsd(known: SizeSoFar): number | undefined {
  const { warm, cold } = judgedSuccesses({ ...known, steady: undefined });
  const costs = [...warm, ...cold].map(({ costUsd }) => costUsd);
  return costs.length === 0 ? undefined : mean(costs);
}
