import type { ObservedForPrior, Prior } from '../model/production/prior.ts';

/** Undefined where nothing was observed at today's setting. */
export function priorOf({ current, versions, traffic, cpuMs }: ObservedForPrior): Prior | undefined {
  const isToday = (one: ObservedForPrior['versions'][number]) =>
    one.memoryMb === current.memoryMb && (one.architecture ?? current.architecture) === current.architecture;
  const own = versions.filter(isToday);
  const last = own.findLast(({ durationMs }) => durationMs !== null && durationMs.p50 > 0);
  if (last?.durationMs == null) return undefined;
  // The quantiles are of all calls that were read: of one setting only where there was no other.
  const quantiles = own.length === versions.length ? (traffic?.durationQuantilesMs ?? []) : [];
  const moments = momentsOf(quantiles.filter(({ share }) => share <= 0.99).map(({ ms }) => ms));
  const durationMs = moments?.mean ?? last.durationMs.p50;
  const used = own.reduce((most, { maxMemoryUsedMb }) => Math.max(most, maxMemoryUsedMb ?? 0), 0);
  return {
    memoryMb: current.memoryMb,
    architecture: current.architecture,
    durationMs,
    cpuMs,
    cv: moments?.cv,
    coldRatio: last.initMs === null ? undefined : (last.initMs.p50 + durationMs) / durationMs,
    usedMb: used > 0 ? used : undefined,
  };
}

/** Fewer quantiles tell nothing of the scatter. */
const leastQuantiles = 20;

/** Without the last hundredth, which one stall makes as long as it likes. */
function momentsOf(values: readonly number[]): { readonly mean: number; readonly cv: number } | undefined {
  if (values.length < leastQuantiles) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!(mean > 0)) return undefined;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, cv: Math.sqrt(squares / (values.length - 1)) / mean };
}
