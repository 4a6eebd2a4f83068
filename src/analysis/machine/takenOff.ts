import type { Measurement } from '../../model/measurement.ts';
import { median } from '../../stats/moments.ts';

/** What was left out of the clock's time, as a share: waiting for a core, and slow cores. Undefined of a call on AWS. */
export function takenOffShare(call: Measurement): number | undefined {
  if (call.outcome === 'unreported' || call.rawDurationMs === undefined) return undefined;
  const { contendedShare = 0, pace, durationMs } = call;
  const kept = pace === undefined || pace.countedMs <= 0 ? 1 : durationMs / pace.countedMs;
  return 1 - (1 - contendedShare) * kept;
}

/** From half a percent on; less is no correction that anybody would look for. */
const leastShown = 0.005;

/** One sentence for every output that shows durations; undefined where they are the clock's, or as good as that. */
export function unloadedText(calls: readonly Measurement[]): string | undefined {
  const shares = calls.flatMap((call) => (call.start === 'warm' ? (takenOffShare(call) ?? []) : []));
  const usual = median(shares);
  if (!(usual >= leastShown)) return undefined;
  const percent = (100 * usual).toFixed(1);
  return `Durations are corrected for this machine’s other work: median correction −${percent} %. Those of the clock are in the saved run as rawDurationMs.`;
}
