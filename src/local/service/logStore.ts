import { createHash } from 'node:crypto';

/** CloudWatch Logs as far as a Lambda service feeds it: groups, streams, events. Times are ms since 1970. */

export interface LogEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly eventId: string;
}

interface LogStream {
  readonly logStreamName: string;
  readonly creationTime: number;
  firstEventTimestamp?: number;
  lastEventTimestamp?: number;
  lastIngestionTime?: number;
  storedBytes: number;
}

/** What was logged before the endpoint began, made when it is read. */
export interface PastEvents {
  readonly storedBytes: number;
  /** From inclusive, to exclusive; oldest first. */
  between(fromMs: number, toMs: number): readonly LogEvent[];
  /** What a query of that time looks through. */
  bytesBetween(fromMs: number, toMs: number): number;
}

export interface LogGroup {
  readonly logGroupName: string;
  readonly creationTime: number;
  tags: Readonly<Record<string, string>>;
  retentionInDays?: number;
  readonly streams: Map<string, LogStream>;
  /** In the order of arrival; at most `maxEvents`, the oldest go first. */
  readonly events: LogEvent[];
  past?: PastEvents;
}

/** From inclusive, to exclusive; what came first comes first. */
export function eventsBetween({ events, past }: LogGroup, fromMs: number, toMs: number): readonly LogEvent[] {
  const own = events.filter(({ timestamp }) => timestamp >= fromMs && timestamp < toMs);
  return past === undefined ? own : [...past.between(fromMs, toMs), ...own];
}

export interface LogStore {
  readonly groups: Map<string, LogGroup>;
  create(logGroupName: string, tags: Readonly<Record<string, string>>, nowMs: number): LogGroup;
  /** Makes group and stream when they do not exist, untagged and without retention, as Lambda does. */
  append(
    logGroupName: string,
    logStreamName: string,
    records: readonly { message: string; at: Date }[],
    nowMs: number,
  ): void;
}

const maxEvents = 200_000;

export function createLogStore(): LogStore {
  const groups = new Map<string, LogGroup>();
  let eventCount = 0;

  const create: LogStore['create'] = (logGroupName, tags, nowMs) => {
    const group: LogGroup = { logGroupName, creationTime: nowMs, tags, streams: new Map(), events: [] };
    groups.set(logGroupName, group);
    return group;
  };

  return {
    groups,
    create,
    append: (logGroupName, logStreamName, records, nowMs) => {
      const group = groups.get(logGroupName) ?? create(logGroupName, {}, nowMs);
      const stream = group.streams.get(logStreamName) ?? { logStreamName, creationTime: nowMs, storedBytes: 0 };
      group.streams.set(logStreamName, stream);
      for (const { message, at } of records) {
        const timestamp = at.getTime();
        eventCount += 1;
        group.events.push({
          logStreamName,
          timestamp,
          ingestionTime: nowMs,
          message,
          eventId: eventId(timestamp, eventCount),
        });
        stream.firstEventTimestamp ??= timestamp;
        stream.lastEventTimestamp = timestamp;
        stream.lastIngestionTime = nowMs;
        stream.storedBytes += Buffer.byteLength(message) + 26;
      }
      if (group.events.length > maxEvents) group.events.splice(0, group.events.length - maxEvents);
    },
  };
}

/** `YYYY/MM/DD/[version]id`, with the function's name in a group that is not its own [doc: monitoring-cloudwatchlogs-loggroups]. */
export function logStreamName(
  at: Date,
  functionName: string,
  version: string,
  logGroupName: string,
  environmentId: string,
): string {
  const day = at.toISOString().slice(0, 10).replaceAll('-', '/');
  const owner = logGroupName === `/aws/lambda/${functionName}` ? '' : functionName;
  return `${day}/${owner}[${version}]${environmentId}`;
}

/** 56 digits, rising, as the service's ids look. */
function eventId(timestamp: number, count: number): string {
  const tail = BigInt(`0x${createHash('sha256').update(String(count)).digest('hex').slice(0, 20)}`);
  return `${timestamp}${String(count).padStart(12, '0')}${tail}`.padEnd(56, '0').slice(0, 56);
}
