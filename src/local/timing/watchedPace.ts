import { slownessPairs, type TimedCall } from '../../analysis/machine/slowness.ts';
import type { CalmPace, FollowedRange } from '../../model/measurement.ts';
import { calmestOf } from '../../state/machinePace.ts';
import { segmentedSlope, toldRanges } from '../../stats/segmentedSlope.ts';
import type { ExecutionEnvironment } from '../service/execution.ts';

/** What the calls of one endpoint tell of the machine, for later runs. */
export interface SeenPace {
  /** What the reference loop took at the fastest moments of each call that was long enough to have such. */
  readonly fastestMs: readonly number[];
  /** By how much each code followed the reference, where that could be told. */
  readonly codes: readonly FollowedCode[];
}

interface FollowedCode {
  readonly code: string;
  readonly follows: readonly FollowedRange[];
}

/**
 * The loop looks every 6 ms: of a call of two or three looks the fastest moment is a chance. Not longer: of a function that takes 31 ms
 * in calm moments and 50 in slow ones, only the slow calls would tell of the calm pace (17.9 µs for 13.2).
 */
const longEnoughMs = 20;

/** Adds to calls what earlier runs found, and keeps what they tell themselves. */
export function watchPace(known: (codeSha256: string | undefined) => CalmPace | undefined = () => undefined) {
  const fastestMs: number[] = [];
  /** By code and size: neither has the other's level. */
  const calls = new Map<string, Map<number, TimedCall[]>>();

  function hear(code: string | undefined, memoryMb: number, call: TimedCall): void {
    if (code === undefined) return;
    const sizes = calls.get(code) ?? new Map<number, TimedCall[]>();
    calls.set(code, sizes);
    sizes.set(memoryMb, [...(sizes.get(memoryMb) ?? []), call]);
  }

  return {
    heard(environment: ExecutionEnvironment): ExecutionEnvironment {
      const { codeSha256, memoryMb } = environment.spec;
      const calm = known(codeSha256);
      return {
        ...environment,
        async invoke(event, listener) {
          const result = await environment.invoke(event, listener);
          const { pace } = result;
          if (pace === undefined) return result;
          if (pace.cpuMs >= longEnoughMs) fastestMs.push(pace.fastestMs);
          if (result.status === 'success' && result.initDurationMs === undefined && pace.cpuMs > 0) {
            hear(codeSha256, memoryMb, pace);
          }
          return calm === undefined ? result : { ...result, pace: { ...pace, calm } };
        },
      };
    },
    seen(): SeenPace {
      const ownMs = calmestOf(fastestMs)?.calmMs ?? Number.POSITIVE_INFINITY;
      const codes = [...calls].flatMap(([code, sizes]): readonly FollowedCode[] => {
        const calmMs = Math.min(ownMs, known(code)?.referenceMs ?? Number.POSITIVE_INFINITY);
        if (!Number.isFinite(calmMs)) return [];
        const follows = toldRanges(segmentedSlope(slownessPairs([...sizes.values()], calmMs)));
        return follows.length === 0 ? [] : [{ code, follows }];
      });
      return { fastestMs, codes };
    },
  };
}
