import type { AskedSeries } from '../../service/metricStore.ts';
import { countIn, minuteMs, minutesIn, type SyntheticProduction, usualBytesPerCall } from './syntheticProduction.ts';
import { durationQuantileMs, totalsOf } from './totals.ts';

type Asked = Pick<AskedSeries, 'metric' | 'statistic' | 'fromMs' | 'toMs' | 'stepMs'> & {
  /** Calls that one version answered. */
  readonly version?: string | undefined;
};

/** What CloudWatch counts of a production. Counts need no call to be made; the rest is of calls, one by one. */
export function pastSeries(of: SyntheticProduction, asked: Asked): ReadonlyMap<number, number> {
  const { fromMs, toMs, stepMs } = asked;
  const series = new Map<number, number>();
  const firstMs = Math.floor(Math.max(fromMs, of.range.fromMs) / stepMs) * stepMs;
  for (let atMs = firstMs; atMs < Math.min(toMs, of.range.toMs); atMs += stepMs) {
    const endMs = Math.min(toMs, atMs + stepMs);
    const value = pointOf(of, asked, atMs, endMs);
    if (value !== undefined) series.set(atMs, value);
  }
  return series;
}

function pointOf(of: SyntheticProduction, asked: Asked, fromMs: number, toMs: number): number | undefined {
  const calls = callsOf(of, fromMs, toMs, asked.version);
  if (calls === 0) return undefined;
  const percentile = Number(/^p(\d+(?:\.\d+)?)$/.exec(asked.statistic)?.[1] ?? Number.NaN);
  if (asked.metric === 'Duration' && !Number.isNaN(percentile)) {
    return durationQuantileMs(totalsOf(of, fromMs, toMs), percentile / 100);
  }
  switch (`${asked.metric} ${asked.statistic}`) {
    case 'Invocations Sum':
      return calls;
    case 'IncomingBytes Sum':
      return calls * (of.bytesPerCall ?? usualBytesPerCall);
    case 'ConcurrentExecutions Maximum':
      return concurrencyOf(of, fromMs, toMs);
    case 'Throttles Sum':
      return 0;
    case 'Errors Sum':
      return hasErrors(of) ? totalsOf(of, fromMs, toMs).errors : 0;
    case 'Duration Average':
      return totalsOf(of, fromMs, toMs).durationMs / calls;
    default:
      return undefined;
  }
}

function callsOf(of: SyntheticProduction, fromMs: number, toMs: number, version: string | undefined): number {
  if (version !== undefined) return totalsOf(of, fromMs, toMs).byVersion.get(version) ?? 0;
  let calls = 0;
  for (const minute of minutesIn(of, fromMs, toMs)) calls += countIn(of, minute);
  return calls;
}

/** Of the busiest minute, by Little's law. */
function concurrencyOf(of: SyntheticProduction, fromMs: number, toMs: number): number {
  let most = 0;
  for (const minute of minutesIn(of, fromMs, toMs)) most = Math.max(most, countIn(of, minute));
  return Math.ceil((most * of.meanMs) / minuteMs) + 1;
}

function hasErrors({ timedOutShare = 0, outOfMemoryShare = 0, errorShare = 0 }: SyntheticProduction): boolean {
  return timedOutShare + outOfMemoryShare + errorShare > 0;
}
