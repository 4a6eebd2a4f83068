import { toleranceOf } from '../advice/comparedRun.ts';
import { type Configuration, findConfiguration } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import type { ArchitectureComparison } from './comparison.ts';
import { moveFiguresOf, type Requirement } from './decision.ts';
import { comparerOf, judgeableLanes, meanDurationMs } from './lanes.ts';

/** The configuration that the verdict is about, compared with today's setting. */
export interface Judged {
  readonly memoryMb: number;
  readonly comparison: ArchitectureComparison;
  /** Warm calls of the side that has fewer. */
  readonly calls: number;
}

export interface MigrationWish {
  readonly require: Requirement;
  /** By how much p95 may be higher and still count as not slower: a fraction. */
  readonly maxSlowdown: number;
}

/**
 * ONE configuration of the other architecture is judged, chosen by point estimates and before any interval is looked at
 * (the best of several intervals would promise too much): the cheapest of those that are not slower than today's setting,
 * unless only slower ones are cheaper and speed is not asked for. Of those as cheap within the tolerance the fastest.
 */
export function judgedConfiguration(
  run: TuningResult,
  current: Configuration,
  wish: MigrationWish,
): Judged | undefined {
  const lanes = judgeableLanes(run);
  const own = findConfiguration(lanes, current);
  if (own === undefined) return undefined;
  const compare = comparerOf(run, lanes);
  const candidates = lanes
    .filter(({ architecture }) => architecture !== current.architecture)
    .flatMap((lane) => {
      const comparison = compare(own, lane);
      if (comparison === undefined) return [];
      const meanMs = meanDurationMs(lane, run);
      const { costRatio, p95Ratio } = moveFiguresOf(comparison, current.architecture);
      const slowdown = p95Ratio?.estimate ?? meanMs / meanDurationMs(own, run);
      return [
        {
          memoryMb: lane.memoryMb,
          comparison,
          calls: Math.min(lane.measurements.length, own.measurements.length),
          meanMs,
          cost: costRatio.estimate,
          isNotSlower: slowdown <= 1 + wish.maxSlowdown,
        },
      ];
    });
  const notSlower = candidates.filter(({ isNotSlower }) => isNotSlower);
  const speedIsAsked = wish.require !== 'cheaper';
  const usesNotSlower =
    notSlower.length > 0 &&
    (speedIsAsked || notSlower.some(({ cost }) => cost < 1) || candidates.every(({ cost }) => cost >= 1));
  const group = usesNotSlower ? notSlower : candidates;
  const least = Math.min(...group.map(({ cost }) => cost));
  const asCheap = group.filter(({ cost }) => cost <= least * (1 + toleranceOf(run)));
  const chosen = asCheap.toSorted((one, other) => one.meanMs - other.meanMs || one.memoryMb - other.memoryMb)[0];
  return chosen && { memoryMb: chosen.memoryMb, comparison: chosen.comparison, calls: chosen.calls };
}
