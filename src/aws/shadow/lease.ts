import { TagResourceCommand as TagLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { TagResourceCommand } from '@aws-sdk/client-lambda';
import { serviceNow } from '../account/accountContext.ts';
import { callFailed, isNotFound } from '../client/failure.ts';
import { tagKeys } from '../client/names.ts';
import type { ShadowContext } from './context.ts';
import type { Shadow } from './dealing.ts';

/** How much of the lease is left when it is renewed, and by how much. */
const renewal = { checkMs: 30_000, marginMs: 10 * 60_000, extensionMs: 30 * 60_000 } as const;

/** A run that takes longer than planned extends its lease. Leases are judged by the service's clock: this machine's may be wrong. */
export function holdLease(
  context: Pick<ShadowContext, 'clients' | 'clock' | 'expiresAt'>,
  renew: (until: Date) => Promise<void>,
): () => void {
  const inMs = (ms: number) => new Date(serviceNow(context).getTime() + ms);
  const timer = setInterval(() => {
    if (context.expiresAt() <= inMs(renewal.marginMs)) void renew(inMs(renewal.extensionMs));
  }, renewal.checkMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Writes the new end of the lease on every live shadow and on the log group. @throws TuneError */
export async function renewTags(context: ShadowContext, shadows: readonly Shadow[], expiresAt: Date): Promise<void> {
  const { clients, facts, logGroup } = context;
  const tags = { [tagKeys.expires]: expiresAt.toISOString() };
  for (const { functionArn, presence } of shadows) {
    if (presence.is !== 'there' || !functionArn) continue;
    try {
      await clients.lambda.send(new TagResourceCommand({ Resource: functionArn, Tags: tags }));
    } catch (error) {
      // Released meanwhile.
      if (!isNotFound(error)) throw callFailed(error, { operation: 'Lambda.TagResource', resource: functionArn });
    }
  }
  const partition = facts.functionArn.split(':')[1] ?? 'aws';
  const account = shadows.find((shadow) => shadow.functionArn)?.functionArn?.split(':')[4] ?? facts.accountId;
  const resourceArn = `arn:${partition}:logs:${facts.region}:${account}:log-group:${logGroup}`;
  try {
    await clients.logs.send(new TagLogGroupCommand({ resourceArn, tags }));
  } catch (error) {
    // It could not be created, or the role may not write logs.
    if (!isNotFound(error)) throw callFailed(error, { operation: 'CloudWatchLogs.TagResource', resource: logGroup });
  }
}
