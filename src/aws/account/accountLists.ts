import { DescribeLogGroupsCommand, DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { callFailed, isNotFound } from '../client/failure.ts';
import { logGroupPrefix, shadowPrefix } from '../client/names.ts';
import type { AccountContext } from './accountContext.ts';

/** What an account holds under names that begin as ours do. Names only: whose they are is decided elsewhere. */

export interface FoundByName {
  readonly name: string;
  readonly arn: string;
}

export interface ListedLogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date | undefined;
}

/** The service has no filter by name: pages (of at most 50) through all functions of the region. */
export async function listFunctions(context: AccountContext): Promise<readonly FoundByName[]> {
  const { lambda, region } = context.clients;
  const found: FoundByName[] = [];
  for await (const page of pages(async (Marker) => {
    const answer = await lambda
      .send(new ListFunctionsCommand({ MaxItems: 50, Marker: Marker || undefined }), abortable(context))
      .catch((error: unknown) => {
        throw callFailed(error, { operation: 'Lambda.ListFunctions', resource: region });
      });
    return { items: answer.Functions ?? [], next: answer.NextMarker };
  })) {
    for (const { FunctionName: name, FunctionArn: arn } of page) {
      if (name?.startsWith(shadowPrefix) && arn?.endsWith(`:function:${name}`)) found.push({ name, arn });
    }
  }
  return found;
}

export async function listLogGroups(context: AccountContext): Promise<readonly ListedLogGroup[]> {
  const { logs } = context.clients;
  const found: ListedLogGroup[] = [];
  for await (const page of pages(async (nextToken) => {
    const answer = await logs
      .send(
        new DescribeLogGroupsCommand({
          logGroupNamePrefix: logGroupPrefix,
          limit: 50,
          nextToken: nextToken || undefined,
        }),
        abortable(context),
      )
      .catch((error: unknown) => {
        throw callFailed(error, { operation: 'CloudWatchLogs.DescribeLogGroups', resource: `${logGroupPrefix}*` });
      });
    return { items: answer.logGroups ?? [], next: answer.nextToken };
  })) {
    for (const { logGroupName: name, logGroupArn, arn, creationTime } of page) {
      const plainArn = logGroupArn ?? arn?.replace(/:\*$/, '');
      if (name === undefined || plainArn === undefined) continue;
      const createdAt = creationTime === undefined ? undefined : new Date(creationTime);
      found.push({ name, arn: plainArn, createdAt });
    }
  }
  return found;
}

/** Names of the log streams in a group; none when the group is gone. */
export async function listLogStreams(
  context: Pick<AccountContext, 'clients' | 'signal'>,
  logGroupName: string,
): Promise<readonly string[]> {
  const { logs } = context.clients;
  const found: string[] = [];
  for await (const page of pages(async (nextToken) => {
    const answer = await logs
      .send(
        new DescribeLogStreamsCommand({ logGroupName, limit: 50, nextToken: nextToken || undefined }),
        abortable(context),
      )
      .catch((error: unknown) => {
        if (isNotFound(error)) return { logStreams: [], nextToken: undefined };
        throw callFailed(error, { operation: 'CloudWatchLogs.DescribeLogStreams', resource: logGroupName });
      });
    return { items: answer.logStreams ?? [], next: answer.nextToken };
  })) {
    for (const { logStreamName } of page) found.push(logStreamName ?? '');
  }
  return found;
}

export function abortable({ signal }: Pick<AccountContext, 'signal'>): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** Ends at a token that was there before: a service that turns in circles must not hold a clean-up for ever. */
async function* pages<T>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await read(token);
    yield page.items;
    token = page.next === '' || (page.next !== undefined && seen.has(page.next)) ? undefined : page.next;
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}
