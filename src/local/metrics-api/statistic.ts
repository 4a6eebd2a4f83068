import { interpolatedQuantile } from '../../stats/moments.ts';
import type { DataPoint } from './metricPoints.ts';

/** What one period's values are made into. */
export type Statistic = (values: readonly number[]) => number;

/** Oldest first; periods without a value are left out. */
export type MetricValues = readonly { readonly atMs: number; readonly value: number }[];

/** `Sum`, `p99`, `p99.9`, …; undefined for what is not imitated (trimmed means and the like). */
export function parseStatistic(name: string): Statistic | undefined {
  const plain = statistics.get(name);
  if (plain !== undefined) return plain;
  const p = Number(/^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name)?.[1] ?? Number.NaN);
  return p >= 0 && p <= 100 ? (values) => interpolatedQuantile(values, p / 100) : undefined;
}

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const statistics: ReadonlyMap<string, Statistic> = new Map<string, Statistic>([
  ['SampleCount', (values) => values.length],
  ['Sum', sum],
  ['Average', (values) => sum(values) / values.length],
  ['Minimum', (values) => values.reduce((a, b) => Math.min(a, b))],
  ['Maximum', (values) => values.reduce((a, b) => Math.max(a, b))],
]);

/** Periods begin at whole multiples of their length; the first is the one that the start falls into. */
export function bucketed(
  points: readonly DataPoint[],
  statistic: Statistic,
  { startMs, endMs, periodMs }: { readonly startMs: number; readonly endMs: number; readonly periodMs: number },
): MetricValues {
  const beginOf = (ms: number): number => Math.floor(ms / periodMs) * periodMs;
  const buckets = new Map<number, number[]>();
  for (const { atMs, value } of points) {
    if (atMs < beginOf(startMs) || atMs >= endMs) continue;
    const bucket = buckets.get(beginOf(atMs)) ?? [];
    buckets.set(beginOf(atMs), bucket);
    bucket.push(value);
  }
  return [...buckets].sort(([a], [b]) => a - b).map(([atMs, values]) => ({ atMs, value: statistic(values) }));
}
