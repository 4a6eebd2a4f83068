import type { LogGroupFacts } from '../model/production/production.ts';
import type { ReadWindow } from './calls.ts';
import type { MetricsRead } from './evidence.ts';
import { dayMs, type Period } from './period.ts';
import type { Cell } from './samplingPlan.ts';

/** The steps of the period with their calls and the bytes that were logged in them. */
export function cellsOf(
  period: Period,
  metrics: MetricsRead | undefined,
  group: LogGroupFacts | undefined,
): readonly Cell[] {
  const cells: Cell[] = [];
  const bytesPerMs = storedPerMs(group, period);
  for (let fromMs = period.fromMs; fromMs < period.toMs; fromMs += period.cellMs) {
    cells.push({
      fromMs,
      toMs: fromMs + period.cellMs,
      // Without counts every step is as good as another: see `countedByRecords`.
      calls: metrics === undefined ? 1 : (metrics.calls.get(fromMs) ?? 0),
      logBytes:
        metrics !== undefined && metrics.logBytes.size > 0
          ? (metrics.logBytes.get(fromMs) ?? 0)
          : bytesPerMs * period.cellMs,
    });
  }
  return cells;
}

/** What is stored was written since the group was made, or as long as it is kept. */
function storedPerMs(group: LogGroupFacts | undefined, period: Period): number {
  if (group === undefined) return 0;
  const { createdMs = period.fromMs, retentionDays = Number.POSITIVE_INFINITY, storedBytes } = group;
  return storedBytes / Math.max(dayMs, Math.min(period.toMs - createdMs, retentionDays * dayMs));
}

/** Where CloudWatch counts nothing for us, a stretch stands for what was found in it, times all the time there is. */
export function countedByRecords(windows: readonly ReadWindow[], period: Period): readonly ReadWindow[] {
  const readMs = windows.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const factor = readMs > 0 ? (period.toMs - period.fromMs) / readMs : 0;
  return windows.map((window) => ({ ...window, standsFor: window.calls.length * factor }));
}
