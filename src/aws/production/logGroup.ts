import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { present } from '../../base/present.ts';
import type { LogGroupFacts } from '../../model/production/production.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { repeated } from './pages.ts';

/** Undefined: there is none of that name. */
export async function readLogGroup(
  clients: AwsClients,
  name: string,
  signal: AbortSignal,
): Promise<LogGroupFacts | undefined> {
  let found: LogGroupFacts | undefined;
  try {
    await repeated('CloudWatch Logs DescribeLogGroups', async (nextToken) => {
      const answer = await clients.logs.send(
        new DescribeLogGroupsCommand(present({ logGroupNamePrefix: name, nextToken })),
        { abortSignal: signal },
      );
      const own = answer.logGroups?.find(({ logGroupName }) => logGroupName === name);
      if (own === undefined) return answer.nextToken;
      found = {
        name,
        storedBytes: Math.max(0, Number(own.storedBytes) || 0),
        createdMs: own.creationTime,
        retentionDays: own.retentionInDays,
        isStandard: own.logGroupClass === undefined || own.logGroupClass === 'STANDARD',
      };
      return undefined;
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'CloudWatchLogs.DescribeLogGroups', resource: name });
  }
  return found;
}
