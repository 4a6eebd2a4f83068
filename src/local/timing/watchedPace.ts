import type { CalmPace } from '../../model/measurement.ts';
import { commonSlope, type MeasuredPair } from '../../stats/commonSlope.ts';
import type { ExecutionEnvironment } from '../service/execution.ts';

/** What the calls of one endpoint tell of the machine, for later runs. */
export interface SeenPace {
  /** What the reference loop took at the fastest moments of each call that was long enough to have such. */
  readonly fastestMs: readonly number[];
  /** By how much each code followed the reference, where that could be told. */
  readonly slopes: readonly SeenSlope[];
}

export interface SeenSlope {
  readonly code: string;
  readonly slope: number;
  readonly error: number;
}

/**
 * The loop looks every 6 ms: of a call of two or three looks the fastest moment is a chance. Not longer: of a function that takes 31 ms
 * in calm moments and 50 in slow ones, only the slow calls would tell of the calm pace (17.9 µs for 13.2).
 */
const longEnoughMs = 20;
/** What is known worse is hardly anything. */
const mostError = 0.15;

/** Adds to calls what earlier runs found, and keeps what they tell themselves. */
export function watchPace(known: (codeSha256: string | undefined) => CalmPace | undefined = () => undefined) {
  const fastestMs: number[] = [];
  /** By code and size: neither has the other's level. */
  const calls = new Map<string, Map<number, MeasuredPair[]>>();

  function hear(code: string | undefined, memoryMb: number, pair: MeasuredPair): void {
    if (code === undefined) return;
    const sizes = calls.get(code) ?? new Map<number, MeasuredPair[]>();
    calls.set(code, sizes);
    sizes.set(memoryMb, [...(sizes.get(memoryMb) ?? []), pair]);
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
            hear(codeSha256, memoryMb, { x: Math.log(pace.referenceMs), y: Math.log(pace.cpuMs), error: pace.error });
          }
          return calm === undefined ? result : { ...result, pace: { ...pace, calm } };
        },
      };
    },
    seen(): SeenPace {
      const slopes = [...calls].flatMap(([code, sizes]): readonly SeenSlope[] => {
        const { slope, error } = commonSlope([...sizes.values()]);
        return error <= mostError ? [{ code, slope: Math.max(0, slope), error }] : [];
      });
      return { fastestMs, slopes };
    },
  };
}
