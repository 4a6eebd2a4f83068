import { hourMs } from './period.ts';
import type { Cell, SamplingPlan, Window } from './samplingPlan.ts';

const most = 3;
/** Between so many calls an hour, pauses are long enough to end environments, and few enough to be read. */
const stretchCalls = { least: 5, most: 3000 } as const;

/** Hours with few calls, where environments have time to end: read for the pauses between calls, they stand for no other calls. */
export function idleStretches(cells: readonly Cell[], plan: SamplingPlan, isCounted: boolean): readonly Window[] {
  if (plan.isWhole || !isCounted) return [];
  return cells
    .filter(({ fromMs, toMs, calls }) => {
      const perHour = (calls * hourMs) / (toMs - fromMs);
      return toMs - fromMs >= hourMs / 2 && perHour >= stretchCalls.least && perHour <= stretchCalls.most;
    })
    .toSorted((one, other) => one.calls - other.calls)
    .slice(0, most)
    .map((cell) => ({
      fromMs: cell.fromMs,
      toMs: cell.toMs,
      stratum: 'idle',
      standsFor: 0,
      bytes: cell.logBytes,
      expectedRecords: cell.calls,
    }));
}
