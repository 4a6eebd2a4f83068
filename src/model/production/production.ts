import type { Architecture } from '../configuration.ts';
import type { ReportLine } from '../measurement.ts';

/** Production as it can be read: what the AWS edge gives, and what decides about it knows. */

/** From inclusive, to exclusive; Unix milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One REPORT of production's logs, and where it stood. */
export interface ProductionRecord {
  readonly atMs: number;
  /** The execution environment. */
  readonly stream: string;
  readonly version: string;
  readonly report: ReportLine;
}

/** What a range of a log holds. */
export interface RecordsRead {
  readonly records: readonly ProductionRecord[];
  readonly bytesScanned: number;
  /** There was more than one answer holds: the range ends here. */
  readonly cutAtMs?: number | undefined;
}

/** What a price depends on beside the memory size. */
export interface FunctionShape {
  readonly architecture: Architecture;
  readonly runtime?: string | undefined;
  readonly packageType: 'Zip' | 'Image';
  readonly ephemeralStorageMb: number;
}

export interface VersionFacts extends FunctionShape {
  readonly version: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly snapStart: boolean;
  readonly lastModifiedMs?: number | undefined;
}

/** Environments that are kept ready for an alias or a version. */
export interface ProvisionedConfig {
  readonly qualifier: string;
  /** Today. 0: none, but there may have been some in the period. */
  readonly environments: number;
  /** Since when it is so. */
  readonly modifiedMs?: number | undefined;
  /** Which versions answer it today, and their weights. */
  readonly versions: readonly { readonly version: string; readonly share: number }[];
}

export interface LogGroupFacts {
  readonly name: string;
  readonly storedBytes: number;
  readonly createdMs?: number | undefined;
  readonly retentionDays?: number | undefined;
  /** Records can be read with FilterLogEvents and Logs Insights. */
  readonly isStandard: boolean;
}

/** A statistic of a metric over time, in steps of `stepS`. */
export interface MetricQuery {
  readonly id: string;
  readonly namespace: 'AWS/Lambda' | 'AWS/Logs';
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly stepS: number;
}

/** Start of the step in Unix milliseconds → the value. A step without any is not in it. */
export type MetricSeries = ReadonlyMap<number, number>;

export type RecordSource = 'insights' | 'events';

/** What of production can be read. Every read may fail with a TuneError; an aborted one throws AbortError. */
export interface Production {
  metrics(
    queries: readonly MetricQuery[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, MetricSeries>>;
  /** Undefined: there is none of that name. */
  logGroup(signal: AbortSignal): Promise<LogGroupFacts | undefined>;
  records(source: RecordSource, range: TimeRange, signal: AbortSignal): Promise<RecordsRead>;
}

/** What one answer of Logs Insights holds. */
export const mostRowsOfQuery = 10_000;
