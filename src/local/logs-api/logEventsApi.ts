import { z } from 'zod';
import { type ApiRequest, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import { eventsBetween, type LogEvent } from '../service/logStore.ts';
import { logGroupArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { parseFilterPattern } from './filterPattern.ts';
import { existingGroup, groupNameOf, logsAnswer, pageOf, pageToken, parseLogsBody, readPageToken } from './logPages.ts';
import { groupName } from './logsApi.ts';

/** CloudWatch Logs: reading streams and events. */

const describeStreamsBody = z.object({
  logGroupName: groupName.optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).optional(),
  descending: z.boolean().optional(),
  limit: z.int().min(1).max(50).optional(),
  nextToken: z.string().optional(),
});

export function describeLogStreams(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(describeStreamsBody, request.body);
  const group = existingGroup(service, groupNameOf(body));
  const prefix = body.logStreamNamePrefix ?? '';
  const byTime = body.orderBy === 'LastEventTime';
  const streams = [...group.streams.values()]
    .filter(({ logStreamName }) => logStreamName.startsWith(prefix))
    .sort((a, b) => {
      const order = byTime
        ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0)
        : a.logStreamName < b.logStreamName
          ? -1
          : 1;
      return body.descending === true ? -order : order;
    });
  const { page, nextToken } = pageOf(streams, body.nextToken, body.limit ?? 50);
  const arn = logGroupArn(service.account, group.logGroupName);
  const logStreams = page.map((stream) => ({ ...stream, arn: `${arn}:log-stream:${stream.logStreamName}` }));
  return logsAnswer({ logStreams, nextToken });
}

const filterBody = z.object({
  logGroupName: groupName.optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNames: z.array(z.string()).max(100).optional(),
  logStreamNamePrefix: z.string().optional(),
  startTime: z.int().min(0).optional(),
  endTime: z.int().min(0).optional(),
  filterPattern: z.string().max(1024).optional(),
  limit: z.int().min(1).max(10_000).optional(),
  nextToken: z.string().optional(),
});

/** Pages end at the limit or at 1 MB. */
export function filterLogEvents(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(filterBody, request.body);
  const group = existingGroup(service, groupNameOf(body));
  const matches = parseFilterPattern(body.filterPattern ?? '');
  if (matches === undefined) {
    const had = 'This endpoint has terms, "phrases" and { $.path = value } alone.';
    throw new ServiceFailure(400, 'InvalidParameterException', `Invalid filter pattern. ${had}`);
  }
  const offset = readPageToken(body.nextToken);
  const wanted = ({ logStreamName, message }: LogEvent): boolean =>
    (body.logStreamNames?.includes(logStreamName) ?? true) &&
    logStreamName.startsWith(body.logStreamNamePrefix ?? '') &&
    matches(message);
  // A stable sort: events of the same millisecond stay in the order in which they came.
  const found = eventsBetween(group, body.startTime ?? 0, (body.endTime ?? Number.MAX_SAFE_INTEGER) + 1)
    .filter(wanted)
    .sort((a, b) => a.timestamp - b.timestamp);
  const page = upToOneMegabyte(found.slice(offset, offset + (body.limit ?? 10_000)));
  const end = offset + page.length;
  const nextToken = end < found.length ? pageToken(end) : undefined;
  return logsAnswer({ events: page, searchedLogStreams: [], nextToken });
}

const getEventsBody = z.object({
  logGroupName: groupName.optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamName: z.string().min(1).max(512),
  startTime: z.int().min(0).optional(),
  endTime: z.int().min(0).optional(),
  limit: z.int().min(1).max(10_000).optional(),
  nextToken: z.string().optional(),
  startFromHead: z.boolean().optional(),
});

/**
 * One stream, read in either direction. Tokens are always given; one that leads nowhere is the same as the one that was sent,
 * by which clients know the end.
 */
export function getLogEvents(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(getEventsBody, request.body);
  const group = existingGroup(service, groupNameOf(body));
  if (!group.streams.has(body.logStreamName)) {
    throw new ServiceFailure(400, 'ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  const found = group.events
    .filter(
      ({ logStreamName, timestamp }) =>
        logStreamName === body.logStreamName &&
        timestamp >= (body.startTime ?? 0) &&
        timestamp < (body.endTime ?? Number.POSITIVE_INFINITY),
    )
    .sort((a, b) => a.timestamp - b.timestamp);
  const limit = body.limit ?? 10_000;
  const [, way, position] = /^([fb])\/(\d{1,9})$/.exec(body.nextToken ?? '') ?? [];
  if (body.nextToken !== undefined && way === undefined) {
    throw new ServiceFailure(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
  }
  const isForward = way === undefined ? body.startFromHead === true : way === 'f';
  const edge = position === undefined ? (isForward ? 0 : found.length) : Math.min(Number(position), found.length);
  const page = isForward
    ? upToOneMegabyte(found.slice(edge, edge + limit))
    : upToOneMegabyte(found.slice(Math.max(0, edge - limit), edge).reverse()).toReversed();
  const start = isForward ? edge : edge - page.length;
  return logsAnswer({
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${start + page.length}`,
    nextBackwardToken: `b/${start}`,
  });
}

function upToOneMegabyte(events: readonly LogEvent[]): readonly LogEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ message }) => {
    bytes += Buffer.byteLength(message) + 26;
    return bytes > 1_048_576;
  });
  return end === -1 ? events : events.slice(0, Math.max(1, end));
}
