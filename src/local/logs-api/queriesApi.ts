import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type ApiRequest, ServiceFailure, type WireAnswer } from '../http/wire.ts';
import { discoverFields } from '../queries/discoverFields.ts';
import { parseQuery } from '../queries/parseQuery.ts';
import { runQuery } from '../queries/runQuery.ts';
import { type Query, QueryProblem } from '../queries/syntax.ts';
import { eventsBetween } from '../service/logStore.ts';
import { callerArn } from '../service/names.ts';
import type { QueryRecord } from '../service/queryStore.ts';
import type { Service } from '../service/service.ts';
import { existingGroup, groupNameOf, logsAnswer, pageOf, parseLogsBody } from './logPages.ts';
import { groupName } from './logsApi.ts';

/** Logs Insights: a query is complete when it is asked for, because all its events are at hand. */

const startBody = z.object({
  queryLanguage: z.string().optional(),
  logGroupName: groupName.optional(),
  logGroupNames: z.array(groupName).max(50).optional(),
  logGroupIdentifiers: z.array(z.string()).max(50).optional(),
  /** In seconds. */
  startTime: z.number().min(0),
  endTime: z.number().min(0),
  queryString: z.string().max(10_000),
  limit: z.int().min(1).max(100_000).optional(),
});

export function startQuery(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(startBody, request.body);
  if (body.queryLanguage !== undefined && body.queryLanguage !== 'CWLI') {
    throw new ServiceFailure(400, 'InvalidParameterException', 'This endpoint has the query language CWLI only.');
  }
  const { logGroupName, logGroupNames = [], logGroupIdentifiers = [] } = body;
  const names = [...(logGroupName === undefined ? [] : [logGroupName]), ...logGroupNames];
  const groups = [...names, ...logGroupIdentifiers.map((arn) => groupNameOf({ logGroupIdentifier: arn }))];
  if (groups.length === 0) throw new ServiceFailure(400, 'InvalidParameterException', 'A log group must be given');
  if (body.endTime < body.startTime) {
    throw new ServiceFailure(400, 'InvalidParameterException', 'The end of the time range is before its start.');
  }
  const query = understood(body.queryString);
  // Both ends belong to it.
  const [fromMs, toMs] = [body.startTime * 1000, body.endTime * 1000 + 1];
  let bytesScanned = 0;
  const within = groups
    .flatMap((name) => {
      const log = `${service.account.accountId}:${name}`;
      const group = existingGroup(service, name);
      const events = eventsBetween(group, fromMs, toMs);
      bytesScanned +=
        group.past?.bytesBetween(fromMs, toMs) ??
        events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
      return events.map((event) => ({ event, log }));
    })
    .sort((a, b) => b.event.timestamp - a.event.timestamp);
  const answer = runQuery(
    query,
    within.map(({ event, log }) => discoverFields(event, log)),
    body.limit ?? 10_000,
  );
  const queryId = randomUUID();
  service.queries.add({
    queryId,
    queryString: body.queryString,
    logGroupName: groups[0] ?? '',
    createTimeMs: service.clock.now(),
    rows: answer.rows,
    recordsMatched: answer.recordsMatched,
    recordsScanned: within.length,
    bytesScanned,
    logGroupsScanned: groups.length,
  });
  return logsAnswer({ queryId });
}

const resultsBody = z.object({
  queryId: z.string().min(1).max(256),
  nextToken: z.string().optional(),
  maxItems: z.int().min(0).max(10_000).optional(),
});

export function getQueryResults(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(resultsBody, request.body);
  const found = existingQuery(service, body.queryId);
  const { page, nextToken } = pageOf(found.rows, body.nextToken, body.maxItems ?? 10_000);
  return logsAnswer({
    queryLanguage: 'CWLI',
    results: page,
    statistics: {
      recordsMatched: found.recordsMatched,
      recordsScanned: found.recordsScanned,
      estimatedRecordsSkipped: 0,
      bytesScanned: found.bytesScanned,
      estimatedBytesSkipped: 0,
      logGroupsScanned: found.logGroupsScanned,
    },
    status: 'Complete',
    nextToken,
  });
}

/** None ever runs on; how one that has ended is refused is from memory [memory]. */
export function stopQuery(service: Service, request: ApiRequest): WireAnswer {
  const { queryId } = existingQuery(service, parseLogsBody(z.object({ queryId: z.string() }), request.body).queryId);
  throw new ServiceFailure(400, 'InvalidParameterException', `Query ${queryId} has already ended with Complete status`);
}

const describeBody = z.object({
  logGroupName: groupName.optional(),
  status: z.enum(['Scheduled', 'Running', 'Complete', 'Failed', 'Cancelled', 'Timeout', 'Unknown']).optional(),
  maxResults: z.int().min(1).max(1000).optional(),
  nextToken: z.string().optional(),
  queryLanguage: z.string().optional(),
});

export function describeQueries(service: Service, request: ApiRequest): WireAnswer {
  const body = parseLogsBody(describeBody, request.body);
  const queries = service.queries
    .list()
    .filter(({ logGroupName }) => logGroupName === (body.logGroupName ?? logGroupName))
    .filter(() => (body.status ?? 'Complete') === 'Complete' && (body.queryLanguage ?? 'CWLI') === 'CWLI')
    .map(({ queryId, queryString, logGroupName, createTimeMs, bytesScanned }) => ({
      queryLanguage: 'CWLI',
      queryId,
      queryString,
      status: 'Complete',
      createTime: createTimeMs,
      logGroupName,
      bytesScanned,
      userIdentity: callerArn(service.account),
    }))
    .toReversed();
  const { page, nextToken } = pageOf(queries, body.nextToken, body.maxResults ?? 1000);
  return logsAnswer({ queries: page, nextToken });
}

/** @throws ServiceFailure MalformedQueryException, also for what this endpoint does not have of the language */
function understood(queryString: string): Query {
  try {
    return parseQuery(queryString);
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    throw new ServiceFailure(400, 'MalformedQueryException', error.message);
  }
}

function existingQuery(service: Service, queryId: string): QueryRecord {
  const found = service.queries.find(queryId);
  if (found !== undefined) return found;
  throw new ServiceFailure(400, 'ResourceNotFoundException', `Query does not exist: ${queryId}`);
}
