import type { LogGroupFacts, RecordSource } from '../model/production/production.ts';
import { bytesPerGb, insightsGbUsd } from '../pricing/readingCost.ts';
import type { SamplingLimits, SamplingPlan } from './samplingPlan.ts';

/** Accounts allow 5 to 25 calls of FilterLogEvents a second: more calls than these take minutes. */
const mostCalls = 600;
/** What one call of FilterLogEvents looks through before it answers with a page, and what a page holds [infer]. */
const bytesPerCall = 10e6;
const recordsPerCall = 2500;

export const samplingLimits = { records: 60_000, windows: 360, recordsPerWindow: 8000 } as const satisfies Omit<
  SamplingLimits,
  'bytes'
>;

/** Insights charges what it scans; a little of the cap is kept, for bytes differ from minute to minute. */
export function affordableBytes(source: RecordSource, leftUsd: number): number {
  return source === 'events' ? mostCalls * bytesPerCall : (0.8 * leftUsd * bytesPerGb) / insightsGbUsd;
}

export function readingCostUsd(source: RecordSource, bytes: number): number {
  return source === 'events' ? 0 : (bytes / bytesPerGb) * insightsGbUsd;
}

/** Events cost nothing, where they come in few calls. */
export function fewCalls({ windows, bytes, records }: SamplingPlan): boolean {
  return windows.length + bytes / bytesPerCall + records / recordsPerCall <= mostCalls;
}

/** Where records are looked for, in order. `group`: undefined where nobody may see it. */
export function sourcesToTry(
  wanted: 'auto' | RecordSource | 'metrics',
  group: LogGroupFacts | undefined,
): readonly RecordSource[] {
  if (wanted === 'metrics') return [];
  if (wanted !== 'auto') return [wanted];
  // A large group takes too many calls; a group whose size nobody may see is read where the price is seen afterwards.
  return group === undefined ? ['insights', 'events'] : ['events', 'insights'];
}

/** Why a source has nothing to read. `recordsMissing`: why the log holds no records. */
export function unusableFor(
  source: RecordSource,
  recordsMissing: string | undefined,
  group: LogGroupFacts | undefined,
): string | undefined {
  if (recordsMissing !== undefined) return recordsMissing;
  return group !== undefined && !group.isStandard && source === 'events'
    ? 'its log group is of the Infrequent Access class'
    : undefined;
}
