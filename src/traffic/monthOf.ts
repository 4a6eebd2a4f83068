import type { Successes } from '../analysis/rows.ts';
import { type PayloadShare, type Succeeded, sampleBy, weightedMean } from '../analysis/summarize.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Month } from './bill.ts';

/** What the calls of one configuration are billed on average. Undefined where warm or cold ones are missing: nothing is guessed. */
export function monthOf(
  configuration: Configuration,
  { warm, cold }: Successes,
  payloads: readonly PayloadShare[],
  { requests, coldShare }: { readonly requests: number; readonly coldShare: number },
): Month | undefined {
  if (warm.length === 0 || cold.length === 0) return undefined;
  const mean = (calls: readonly Succeeded[], figure: (call: Succeeded) => number) =>
    weightedMean(sampleBy(calls, figure, payloads));
  return {
    configuration,
    requests,
    coldShare,
    warm: { billedMs: mean(warm, ({ billedDurationMs }) => billedDurationMs) },
    cold: {
      billedMs: mean(cold, ({ billedDurationMs }) => billedDurationMs),
      initMs: mean(cold, billedInitMs),
      restoredShare: mean(cold, ({ restoreDurationMs }) => (restoreDurationMs === undefined ? 0 : 1)),
    },
  };
}

/** What is billed beyond the duration: init or restore, where Lambda bills it. */
function billedInitMs({ billedDurationMs, durationMs }: Succeeded): number {
  return Math.max(0, billedDurationMs - Math.ceil(durationMs));
}
