import type { ProductionRecord, TimeRange } from '../../model/production/production.ts';
import { reportOfEvent } from '../../report-line/reportOfEvent.ts';

/** Whose records are wanted of a log group, which may be that of several functions. */
export interface WantedRecords {
  readonly functionName: string;
  readonly logGroup: string;
  readonly isSharedGroup: boolean;
}

interface LogEvent {
  readonly atMs: number;
  readonly stream: string;
  readonly message: string;
}

/** `<day>/[<version>]<id>`; in a group of another name `<day>/<function>[<version>]<id>`. */
const streamPattern = /^\d{4}\/\d\d\/\d\d\/(?<functionName>[a-zA-Z0-9_-]*)\[(?<version>\$LATEST|\d+)\]/;

/** The REPORTs of the function among log events; undefined for what is none, or somebody else's. */
export function productionRecordOf(
  event: LogEvent,
  wanted: WantedRecords,
  { fromMs, toMs }: TimeRange,
): ProductionRecord | undefined {
  if (event.atMs < fromMs || event.atMs >= toMs) return undefined;
  const named = streamPattern.exec(event.stream)?.groups;
  const { functionName = '', version } = named ?? {};
  if (version === undefined) return undefined;
  if (functionName === '' ? wanted.isSharedGroup : functionName !== wanted.functionName) return undefined;
  const report = reportOfEvent(event.message);
  return report === undefined ? undefined : { atMs: event.atMs, stream: event.stream, version, report };
}
