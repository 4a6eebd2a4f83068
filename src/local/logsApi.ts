import { z } from 'zod';
import { parseFilterPattern } from './filterPattern.ts';
import type { LogEvent, LogGroup } from './logStore.ts';
import { logGroupArn, matchesGlob } from './names.ts';
import type { Service } from './service.ts';
import { type Answer, type ApiRequest, parseJsonBody, ServiceFailure } from './wire.ts';

/** CloudWatch Logs over AWS JSON 1.1, which the JavaScript SDK and the AWS CLI both speak. */

const groupName = z
  .string()
  .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
const tags = z.record(z.string().min(1).max(128), z.string().max(256));

const createGroupBody = z.object({ logGroupName: groupName, tags: tags.optional() });

export function createLogGroup(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(createGroupBody, request.body);
  if (service.logs.groups.has(body.logGroupName)) {
    throw new ServiceFailure(400, 'ResourceAlreadyExistsException', 'The specified log group already exists');
  }
  service.logs.create(body.logGroupName, body.tags ?? {}, service.clock.now());
  return logsAnswer();
}

export function deleteLogGroup(service: Service, request: ApiRequest): Answer {
  const { logGroupName } = parseJsonBody(z.object({ logGroupName: groupName }), request.body);
  existing(service, logGroupName);
  service.logs.groups.delete(logGroupName);
  return logsAnswer();
}

const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const retentionBody = z.object({
  logGroupName: groupName,
  retentionInDays: z
    .int()
    .refine((days) => retentionDays.includes(days), `Member must be one of ${retentionDays.join(', ')}`),
});

export function putRetentionPolicy(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(retentionBody, request.body);
  existing(service, body.logGroupName).retentionInDays = body.retentionInDays;
  return logsAnswer();
}

export function deleteRetentionPolicy(service: Service, request: ApiRequest): Answer {
  const { logGroupName } = parseJsonBody(z.object({ logGroupName: groupName }), request.body);
  delete existing(service, logGroupName).retentionInDays;
  return logsAnswer();
}

export function tagLogResource(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(z.object({ resourceArn: z.string(), tags }), request.body);
  const group = byArn(service, body.resourceArn);
  group.tags = { ...group.tags, ...body.tags };
  return logsAnswer();
}

export function untagLogResource(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }), request.body);
  const group = byArn(service, body.resourceArn);
  group.tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !body.tagKeys.includes(key)));
  return logsAnswer();
}

export function listTagsForLogResource(service: Service, request: ApiRequest): Answer {
  const { resourceArn } = parseJsonBody(z.object({ resourceArn: z.string() }), request.body);
  return logsAnswer({ tags: byArn(service, resourceArn).tags });
}

const describeGroupsBody = z.object({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  limit: z.int().min(1).max(50).optional(),
  nextToken: z.string().optional(),
});

export function describeLogGroups(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(describeGroupsBody, request.body);
  const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '' } = body;
  const groups = [...service.logs.groups.values()]
    .filter(({ logGroupName }) => logGroupName.startsWith(prefix) && logGroupName.includes(pattern))
    .sort((a, b) => (a.logGroupName < b.logGroupName ? -1 : 1));
  const { page, nextToken } = pageOf(groups, body.nextToken, body.limit ?? 50);
  return logsAnswer({ logGroups: page.map((group) => groupView(service, group)), nextToken });
}

const describeStreamsBody = z.object({
  logGroupName: groupName.optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).optional(),
  descending: z.boolean().optional(),
  limit: z.int().min(1).max(50).optional(),
  nextToken: z.string().optional(),
});

export function describeLogStreams(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(describeStreamsBody, request.body);
  const group = existing(service, nameOf(body));
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

/** Pages end at the limit or at 1 MB; a test can ask for empty ones first (they occur, and carry a nextToken). */
export function filterLogEvents(service: Service, request: ApiRequest): Answer {
  const body = parseJsonBody(filterBody, request.body);
  const group = existing(service, nameOf(body));
  const matches = parseFilterPattern(body.filterPattern ?? '');
  if (matches === undefined) throw new ServiceFailure(400, 'InvalidParameterException', 'Invalid filter pattern');
  const position = readToken(body.nextToken);
  if (position.page < (service.testing?.logs?.emptyPages ?? 0)) {
    return logsAnswer({ events: [], searchedLogStreams: [], nextToken: token(position.page + 1, 0) });
  }
  const wanted = ({ logStreamName, timestamp, message }: LogEvent): boolean =>
    timestamp >= (body.startTime ?? 0) &&
    timestamp <= (body.endTime ?? Number.POSITIVE_INFINITY) &&
    (body.logStreamNames?.includes(logStreamName) ?? true) &&
    logStreamName.startsWith(body.logStreamNamePrefix ?? '') &&
    matches(message);
  // A stable sort: events of the same millisecond stay in the order in which they came.
  const found = group.events.filter(wanted).sort((a, b) => a.timestamp - b.timestamp);
  const page = upToOneMegabyte(found.slice(position.offset, position.offset + (body.limit ?? 10_000)));
  const end = position.offset + page.length;
  const nextToken = end < found.length ? token(position.page + 1, end) : undefined;
  return logsAnswer({ events: page, searchedLogStreams: [], nextToken });
}

function upToOneMegabyte(events: readonly LogEvent[]): readonly LogEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ message }) => {
    bytes += Buffer.byteLength(message) + 26;
    return bytes > 1_048_576;
  });
  return end === -1 ? events : events.slice(0, Math.max(1, end));
}

function groupView(service: Service, group: LogGroup): Record<string, unknown> {
  const arn = logGroupArn(service.account, group.logGroupName);
  let storedBytes = 0;
  for (const stream of group.streams.values()) storedBytes += stream.storedBytes;
  return {
    logGroupName: group.logGroupName,
    creationTime: group.creationTime,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes,
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
}

function nameOf(body: {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}): string {
  const name = body.logGroupName ?? body.logGroupIdentifier?.replace(/^arn:aws:logs:[^:]+:\d+:log-group:/, '');
  if (name === undefined) throw new ServiceFailure(400, 'InvalidParameterException', 'A log group must be given');
  return name.replace(/:\*$/, '');
}

function existing(service: Service, logGroupName: string): LogGroup {
  const group = service.logs.groups.get(logGroupName);
  if (group !== undefined) return group;
  throw new ServiceFailure(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
}

function byArn(service: Service, arn: string): LogGroup {
  const prefix = logGroupArn(service.account, '');
  if (matchesGlob(`${prefix}*`, arn)) return existing(service, arn.slice(prefix.length).replace(/:\*$/, ''));
  throw new ServiceFailure(
    400,
    'InvalidParameterException',
    'The ARN does not name a log group of this account and region',
  );
}

function pageOf<Item>(
  items: readonly Item[],
  nextToken: string | undefined,
  limit: number,
): { readonly page: readonly Item[]; readonly nextToken: string | undefined } {
  const { offset, page } = readToken(nextToken);
  const end = offset + limit;
  return { page: items.slice(offset, end), nextToken: end < items.length ? token(page + 1, end) : undefined };
}

function token(page: number, offset: number): string {
  return Buffer.from(`${page}.${offset}`).toString('base64url');
}

function readToken(text: string | undefined): { readonly page: number; readonly offset: number } {
  if (text === undefined) return { page: 0, offset: 0 };
  const [, page, offset] = /^(\d{1,9})\.(\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (page !== undefined && offset !== undefined) return { page: Number(page), offset: Number(offset) };
  throw new ServiceFailure(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
}

function logsAnswer(content: object = {}): Answer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(content) };
}
