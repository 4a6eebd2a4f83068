import { parseReportLine } from '../../report-line/reportLine.ts';
import type { LogEvent } from '../service/logStore.ts';
import type { QueryValue } from './evaluate.ts';

/** The fields that Insights finds in an event of Lambda's by itself. */
export function discoverFields(event: LogEvent, log: string): ReadonlyMap<string, QueryValue> {
  const { message } = event;
  const fields = new Map<string, QueryValue>([
    ['@timestamp', new Date(event.timestamp)],
    ['@ingestionTime', new Date(event.ingestionTime)],
    ['@message', message],
    ['@logStream', event.logStreamName],
    ['@log', log],
    ['@ptr', Buffer.from(event.eventId).toString('base64url')],
  ]);
  const [, type, requestId] = /^(START|END|REPORT) RequestId: (\S+)/.exec(message) ?? [];
  const ofLine = requestId ?? /^\S+\t([0-9a-f-]{36})\t/.exec(message)?.[1];
  if (type !== undefined) fields.set('@type', type);
  if (ofLine !== undefined) fields.set('@requestId', ofLine);
  if (type === 'REPORT' && requestId !== undefined) addReport(fields, message, requestId);
  addJson(fields, message);
  return fields;
}

/** Memory in bytes, of which 10⁶ are a MB there. */
const bytesPerMb = 1_000_000;

function addReport(fields: Map<string, QueryValue>, message: string, requestId: string): void {
  const report = parseReportLine(message, requestId);
  const found: Readonly<Record<string, number | string | undefined>> = {
    '@duration': report?.durationMs,
    '@billedDuration': report?.billedDurationMs,
    '@initDuration': report?.initDurationMs,
    '@memorySize': report && report.memorySizeMb * bytesPerMb,
    '@maxMemoryUsed': report && report.maxMemoryUsedMb * bytesPerMb,
    '@xrayTraceId': /\tTraceId: (\S+)|XRAY TraceId: (\S+)/
      .exec(message)
      ?.slice(1)
      .find((id) => id !== undefined),
    '@xraySegmentId': /\tSegmentId: (\S+)/.exec(message)?.[1],
  };
  for (const [name, value] of Object.entries(found)) if (value !== undefined) fields.set(name, value);
}

const maxJsonFields = 200;

/** The first object in the message, its members by their paths. */
function addJson(fields: Map<string, QueryValue>, message: string): void {
  const start = message.indexOf('{');
  if (start < 0) return;
  let found: unknown;
  try {
    found = JSON.parse(message.slice(start));
  } catch {
    return;
  }
  let left = maxJsonFields;
  const add = (path: string, value: unknown): void => {
    if (left <= 0 || value === null) return;
    if (typeof value === 'object') {
      for (const [name, member] of Object.entries(value ?? {})) add(path === '' ? name : `${path}.${name}`, member);
      return;
    }
    if (path === '' || fields.has(path)) return;
    left -= 1;
    fields.set(path, typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : String(value));
  };
  add('', found);
}
