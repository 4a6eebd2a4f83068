import { z } from 'zod';
import { type ApiRequest, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import type { LogGroup } from '../service/logStore.ts';
import { logGroupArn, matchesGlob } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { existingGroup, logsAnswer, pageOf, parseLogsBody } from './logPages.ts';

/** CloudWatch Logs over AWS JSON 1.1, which the JavaScript SDK and the AWS CLI both speak. */

export const groupName = z
  .string()
  .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
const tags = z.record(z.string().min(1).max(128), z.string().max(256));

const createGroupBody = z.object({ logGroupName: groupName, tags: tags.optional() });

export function createLogGroup(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(createGroupBody, request.body);
  if (service.logs.groups.has(body.logGroupName)) {
    throw new ServiceFailure(400, 'ResourceAlreadyExistsException', 'The specified log group already exists');
  }
  service.logs.create(body.logGroupName, body.tags ?? {}, service.clock.now());
  return logsAnswer();
}

export function deleteLogGroup(service: Service, request: ApiRequest): WireAnswer {
  const { logGroupName } = parseLogsBody(z.object({ logGroupName: groupName }), request.body);
  existingGroup(service, logGroupName);
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

export function putRetentionPolicy(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(retentionBody, request.body);
  existingGroup(service, body.logGroupName).retentionInDays = body.retentionInDays;
  return logsAnswer();
}

export function deleteRetentionPolicy(service: Service, request: ApiRequest): WireAnswer {
  const { logGroupName } = parseLogsBody(z.object({ logGroupName: groupName }), request.body);
  delete existingGroup(service, logGroupName).retentionInDays;
  return logsAnswer();
}

export function tagLogResource(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(z.object({ resourceArn: z.string(), tags }), request.body);
  const group = byArn(service, body.resourceArn);
  group.tags = { ...group.tags, ...body.tags };
  return logsAnswer();
}

export function untagLogResource(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }), request.body);
  const group = byArn(service, body.resourceArn);
  group.tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !body.tagKeys.includes(key)));
  return logsAnswer();
}

export function listTagsForLogResource(service: Service, request: ApiRequest): WireAnswer {
  const { resourceArn } = parseLogsBody(z.object({ resourceArn: z.string() }), request.body);
  return logsAnswer({ tags: byArn(service, resourceArn).tags });
}

const describeGroupsBody = z.object({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  limit: z.int().min(1).max(50).optional(),
  nextToken: z.string().optional(),
});

export function describeLogGroups(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(describeGroupsBody, request.body);
  const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '' } = body;
  const groups = [...service.logs.groups.values()]
    .filter(({ logGroupName }) => logGroupName.startsWith(prefix) && logGroupName.includes(pattern))
    .sort((a, b) => (a.logGroupName < b.logGroupName ? -1 : 1));
  const { page, nextToken } = pageOf(groups, body.nextToken, body.limit ?? 50);
  return logsAnswer({ logGroups: page.map((group) => groupView(service, group)), nextToken });
}

function groupView(service: Service, group: LogGroup): Record<string, unknown> {
  const arn = logGroupArn(service.account, group.logGroupName);
  let storedBytes = group.past?.storedBytes ?? 0;
  for (const stream of group.streams.values()) storedBytes += stream.storedBytes;
  return {
    logGroupName: group.logGroupName,
    creationTime: group.creationTime,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes,
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
}

function byArn(service: Service, arn: string): LogGroup {
  const prefix = logGroupArn(service.account, '');
  if (matchesGlob(`${prefix}*`, arn)) return existingGroup(service, arn.slice(prefix.length).replace(/:\*$/, ''));
  throw new ServiceFailure(
    400,
    'InvalidParameterException',
    'The ARN does not name a log group of this account and region',
  );
}
